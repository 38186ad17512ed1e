// Clients that wait for lists, and for time alone. Times that are over are short; whatever else ends a wait is a command.
import {
  differing,
  answer,
  blocks,
  closes,
  expected,
  hangUp,
  hears,
  masked,
  on,
  silent,
  t,
  type Case,
  type StepLike,
} from '../steps.js';

/** A client that waits: connection and command. */
const waits = (client: string, line: string): StepLike => blocks(on(client, line));
const tooFar = (line: string): StepLike => expected(line, 'timeout-too-far', '-ERR timeout is out of range\r\n');

// prettier-ignore
const atOnce = [
  t('BLPOP and BRPOP answer at once when a list is there',
    'RPUSH l a b c d', 'BLPOP l 0', 'BRPOP l 0.5', 'BLPOP missing l x 1', 'BRPOP missing missing l 1', 'EXISTS l',
    'RPUSH l a', 'RPUSH m b', 'BLPOP m l 0', 'BLPOP m l 0', 'RPUSH l 7', 'BRPOP l l 1e0'),
  t('BLMOVE and BRPOPLPUSH answer at once when the source is there',
    'RPUSH l a b c d e', 'BLMOVE l m LEFT RIGHT 0', 'BLMOVE l m right left 0.5', 'BRPOPLPUSH l m 0', 'LRANGE l 0 -1',
    'LRANGE m 0 -1', 'BRPOPLPUSH l l 0', 'BLMOVE l l LEFT RIGHT 1', 'BLMOVE l m LEFT LEFT 0', 'BLMOVE l m LEFT LEFT 0',
    'EXISTS l', 'LRANGE m 0 -1'),
  t('BLMPOP answers at once when a list is there',
    'RPUSH l a b c d e f', 'BLMPOP 0 1 l LEFT', 'BLMPOP 0.5 2 missing l RIGHT COUNT 2', 'BLMPOP 0 1 l left count 100',
    'EXISTS l'),
  t('a wait that nobody ends is over in time',
    'BLPOP l 0.01', 'BRPOP l m 0.01', 'BLMOVE l m LEFT RIGHT 0.01', 'BRPOPLPUSH l m 0.01', 'BLMPOP 0.01 2 l m LEFT',
    'BLPOP l 0.000001', 'BLPOP l 1e-3', 'BLPOP l 0x0.1p-4', 'EXISTS l m'),
  t('times must be numbers that are not negative',
    'RPUSH l a', 'BLPOP l -1', 'BLPOP l x', 'BLPOP l ""', 'BLPOP l nan', 'BLPOP l " 1"', 'BRPOP l -0.002', 'BRPOP l 1x',
    'BLPOP l -inf', 'BLMOVE l m LEFT LEFT -1', 'BLMOVE l m LEFT LEFT x', 'BRPOPLPUSH l m -1', 'BRPOPLPUSH l m x',
    'BLMPOP -1 1 l LEFT', 'BLMPOP x 1 l LEFT', 'BLPOP missing -1', 'LRANGE l 0 -1', 'BLPOP l -0.0001'),
  t('times must end before the end of time',
    'RPUSH l a', tooFar('BLPOP l inf'), tooFar('BRPOP l 1e30'), tooFar('BLMOVE l m LEFT LEFT 9223372036854775807'),
    tooFar('BRPOPLPUSH l m 1e18'), tooFar('BLMPOP 1e300 1 missing LEFT'), 'LRANGE l 0 -1'),
  t('BLPOP and BRPOP need a key and a time', 'BLPOP', 'BLPOP l', 'BRPOP', 'BRPOP l'),
  t('BLMOVE, BRPOPLPUSH and BLMPOP need their arguments',
    'BLMOVE l m LEFT LEFT', 'BLMOVE l m LEFT LEFT 0 0', 'BRPOPLPUSH l m', 'BRPOPLPUSH l m 0 0', 'BLMPOP 0 1 l', 'BLMPOP'),
  t('BLMOVE and BLMPOP refuse bad arguments, whatever the time',
    'RPUSH l a', 'BLMOVE l m UP LEFT 0', 'BLMOVE l m LEFT DOWN x', 'BLMPOP 0 0 l LEFT', 'BLMPOP 0 x l LEFT',
    'BLMPOP 0 2 l LEFT', 'BLMPOP 0 1 l FOO', 'BLMPOP 0 1 l LEFT COUNT', 'BLMPOP 0 1 l LEFT COUNT 0',
    'BLMPOP 0 1 l LEFT COUNT x', 'BLMPOP 0 1 l LEFT COUNT 1 COUNT 1', 'BLMPOP 0 1 l LEFT FOO 1', 'BLMPOP x 0 l LEFT',
    'BLMPOP -1 0 l FOO', 'LLEN l'),
  t('a string is refused at once',
    'SET s v', 'RPUSH l a', 'BLPOP s 0', 'BRPOP s 0', 'BLPOP missing s l 0', 'BLMOVE s l LEFT LEFT 0',
    'BLMOVE l s LEFT LEFT 0', 'BRPOPLPUSH s l 0', 'BRPOPLPUSH l s 0', 'BLMPOP 0 1 s LEFT', 'BLMPOP 0 2 missing s LEFT',
    'LRANGE l 0 -1', 'BLPOP l s 0'),
];

// The sides are in lower case because 7.0 logs them so when a client has waited.
// prettier-ignore
const woken = [
  t('BLPOP waits for a push', waits('b', 'BLPOP l 0'), 'RPUSH l x', answer('b'), 'EXISTS l'),
  t('BRPOP waits for a push of several, and is served when all are there',
    waits('b', 'BRPOP l 0'), 'RPUSH l x y z', answer('b'), 'LRANGE l 0 -1', waits('c', 'BLPOP m 0'), 'LPUSH m x y z',
    answer('c'), 'LRANGE m 0 -1'),
  t('BLPOP waits for several keys', waits('b', 'BLPOP k l m 0'), 'RPUSH m x', answer('b'), 'RPUSH l y', 'RPUSH k z',
    'LLEN l', 'LLEN k'),
  t('BLPOP of one key twice waits once', waits('b', 'BLPOP l l l 0'), 'RPUSH l x y', answer('b'), 'LRANGE l 0 -1'),
  t('BLMPOP waits for a push',
    waits('b', 'BLMPOP 0 2 k l RIGHT COUNT 3'), 'RPUSH l x y z w', answer('b'), 'LRANGE l 0 -1',
    waits('b', 'BLMPOP 0 1 m LEFT COUNT 10'), 'RPUSH m x', answer('b'), 'EXISTS m'),
  t('BLMOVE and BRPOPLPUSH wait for a push to their source',
    waits('b', 'BLMOVE l m left right 0'), 'RPUSH l x y', answer('b'), 'LRANGE l 0 -1', 'LRANGE m 0 -1', 'DEL l',
    waits('b', 'BRPOPLPUSH l m 0'), 'RPUSH l v w', answer('b'), 'LRANGE l 0 -1', 'LRANGE m 0 -1'),
  t('BLMOVE of a list onto itself waits for it', waits('b', 'BLMOVE l l left right 0'), 'RPUSH l x y', answer('b'),
    'LRANGE l 0 -1'),
  t('a push to the target of BLMOVE does not end the wait', waits('b', 'BLMOVE l m left right 0'), 'RPUSH m x', 'LLEN m',
    'RPUSH l y', answer('b'), 'LRANGE m 0 -1'),
  t('clients are served in the order in which they blocked',
    waits('b', 'BLPOP l 0'), waits('c', 'BRPOP l 0'), waits('d', 'BLPOP k l 0'), 'RPUSH l 1', answer('b'), 'RPUSH l 2 3 4',
    answer('c'), answer('d'), 'LRANGE l 0 -1'),
  t('whoever comes back takes the last place',
    waits('b', 'BLPOP l 0'), waits('c', 'BLPOP l 0'), 'RPUSH l 1', answer('b'), waits('b', 'BLPOP l 0'), 'RPUSH l 2',
    answer('c'), 'RPUSH l 3', answer('b')),
  t('one element serves one client', waits('b', 'BLPOP l 0'), waits('c', 'BLPOP l 0'), 'RPUSH l 1', answer('b'),
    'RPUSH l 2', answer('c')),
  t('what BLMOVE moves serves the next one',
    waits('b', 'BLMOVE l m left left 0'), waits('c', 'BLMOVE m n left left 0'), waits('d', 'BLPOP n 0'), 'RPUSH l x',
    answer('b'), answer('c'), answer('d'), 'EXISTS l m n'),
  t('two clients that move in a circle', waits('b', 'BRPOPLPUSH l m 0'), waits('c', 'BRPOPLPUSH m l 0'), 'RPUSH l x',
    answer('b'), answer('c'), 'LRANGE l 0 -1', 'EXISTS m'),
  t('RENAME, COPY, MOVE and LMOVE end a wait',
    'RPUSH k x y z', waits('b', 'BLPOP l 0'), 'RENAME k l', answer('b'), waits('b', 'BLPOP m 0'), 'COPY l m', answer('b'),
    waits('b', 'BLPOP n 0'), 'LMOVE l n LEFT LEFT', answer('b'), 'SELECT 1', 'RPUSH p v', waits('b', 'BLPOP p 0'),
    'MOVE p 0', answer('b'), 'DBSIZE'),
  t('SWAPDB ends a wait', waits('b', 'BLPOP l 0'), 'SELECT 1', 'RPUSH l x', 'SWAPDB 0 1', answer('b'), 'DBSIZE'),
  t('a wait is for a key of one database', on('b', 'SELECT 1'), waits('b', 'BLPOP l 0'), 'RPUSH l x', 'LLEN l', 'SELECT 1',
    'RPUSH l y', answer('b'), 'DBSIZE'),
  t('a key of another type leaves them waiting',
    waits('b', 'BLPOP l 0'), waits('c', 'BLMOVE l m left left 0'), 'SET l v', 'APPEND l w', 'DEL l', 'HSET l f v', 'DEL l',
    'RPUSH l x y', answer('b'), answer('c')),
  t('a list that is gone before anybody is served leaves them waiting',
    waits('b', 'BLPOP l 0'), 'RPUSHX l x', 'LINSERT l BEFORE a b', 'DEL l', 'FLUSHALL', 'RPUSH l x', answer('b')),
  t('a target of another type is an error when the wait ends',
    'SET m v', waits('b', 'BLMOVE l m left left 0'), 'RPUSH l x', answer('b'), 'LRANGE l 0 -1', 'DEL l',
    waits('b', 'BRPOPLPUSH l m 0'), 'RPUSH l x', answer('b'), 'LRANGE l 0 -1'),
  t('binary keys and elements', waits('b', 'BLPOP "\\x00\\xff" "" 0'), 'RPUSH "" "\\r\\n\\x00"', answer('b'),
    waits('b', 'BLPOP "\\x00\\xff" "" 0'), 'RPUSH "\\x00\\xff" ""', answer('b')),
  t('who waited goes on with other commands', waits('b', 'BLPOP l 0'), 'RPUSH l x y', answer('b'), on('b', 'LPOP l'),
    waits('b', 'BLPOP l 0'), 'RPUSH l z', answer('b'), on('b', 'PING')),
];

// prettier-ignore
const ended = [
  t('CLIENT UNBLOCK ends a wait as if time were over, or with an error',
    waits('b', 'BLPOP l 0'), 'CLIENT UNBLOCK $id(b)', answer('b'), waits('b', 'BLMOVE l m LEFT LEFT 0'),
    'CLIENT UNBLOCK $id(b) TIMEOUT', answer('b'), waits('b', 'BLMPOP 0 1 l LEFT'), 'CLIENT UNBLOCK $id(b) error',
    answer('b'), 'CLIENT UNBLOCK $id(b)', 'CLIENT UNBLOCK $id(b) ERROR', 'RPUSH l x', 'LRANGE l 0 -1'),
  t('CLIENT UNBLOCK ends WAIT', waits('b', 'WAIT 1 0'), 'CLIENT UNBLOCK $id(b)', answer('b'), waits('b', 'WAIT 5 0'),
    'CLIENT UNBLOCK $id(b) ERROR', answer('b')),
  t('CLIENT UNBLOCK refuses bad arguments', 'CLIENT UNBLOCK', 'CLIENT UNBLOCK x', 'CLIENT UNBLOCK 99999999',
    'CLIENT UNBLOCK 99999999 FOO', 'CLIENT UNBLOCK 99999999 ERROR x'),
  t('whoever is unblocked does not take what comes for others',
    waits('b', 'BLPOP l 0'), waits('c', 'BLPOP l 0'), 'CLIENT UNBLOCK $id(b)', answer('b'), 'RPUSH l x', answer('c'),
    'EXISTS l'),
  t('a client that goes away takes nothing', waits('b', 'BLPOP l 0'), waits('c', 'BLPOP l 0'), 'CLIENT KILL ID $id(b)',
    'RPUSH l x y', answer('c'), 'LRANGE l 0 -1'),
  t('WAIT without replicas is over at once, or in time',
    'WAIT 0 0', 'SET k v', 'WAIT 0 100', 'WAIT 1 10', 'WAIT -1 0', 'WAIT -5 10'),
  t('WAIT refuses what is no integer, and negative times',
    'WAIT x 0', 'WAIT 0 x', 'WAIT 1.5 0', 'WAIT 0 1.5', 'WAIT 0 -1', 'WAIT 1 -1', 'WAIT 9223372036854775808 0'),
  t('WAIT needs two arguments', 'WAIT', 'WAIT 0', 'WAIT 0 0 0'),
];

// Nothing that ends a wait is heard under CLIENT REPLY OFF and SKIP; what comes after it is.
// prettier-ignore
const silencedCommands: readonly (readonly [command: string, short: string, endless: string, wake: string])[] = [
  ['BLPOP', 'BLPOP l 0.01', 'BLPOP k l 0', 'RPUSH l x'],
  ['BRPOP', 'BRPOP l 0.01', 'BRPOP l 0', 'RPUSH l x'],
  ['BLMOVE', 'BLMOVE l m left left 0.01', 'BLMOVE l m left left 0', 'RPUSH l x'],
  ['BRPOPLPUSH', 'BRPOPLPUSH l m 0.01', 'BRPOPLPUSH l m 0', 'RPUSH l x'],
  ['BLMPOP', 'BLMPOP 0.01 1 l LEFT', 'BLMPOP 0 1 l LEFT', 'RPUSH l x'],
  ['BZPOPMIN', 'BZPOPMIN l 0.01', 'BZPOPMIN l 0', 'ZADD l 1 x'],
  ['BZPOPMAX', 'BZPOPMAX l 0.01', 'BZPOPMAX l 0', 'ZADD l 1 x'],
  ['BZMPOP', 'BZMPOP 0.01 1 l MIN', 'BZMPOP 0 1 l MIN', 'ZADD l 1 x'],
  ['XREAD', 'XREAD BLOCK 10 STREAMS l $', 'XREAD BLOCK 0 STREAMS l $', 'XADD l 1-1 a b'],
  ['WAIT', 'WAIT 1 10', 'WAIT 1 0', 'CLIENT UNBLOCK $id(b)'],
];

const silenced: Case[] = silencedCommands.flatMap(([command, short, endless, wake]) =>
  ['OFF', 'SKIP'].map((mode) => {
    const mute = on('b', silent(`CLIENT REPLY ${mode}`));
    const speaks = mode === 'OFF' ? [on('b', 'CLIENT REPLY ON')] : [on('b', 'ECHO heard')];
    return t(
      `${command} under CLIENT REPLY ${mode} has no reply, however its wait ends`,
      ...[mute, on('b', silent(short)), ...speaks],
      ...[mute, waits('b', endless), 'CLIENT UNBLOCK $id(b)', ...speaks],
      ...[mute, waits('b', endless), 'CLIENT UNBLOCK $id(b) ERROR', ...speaks],
      ...[mute, waits('b', endless), wake, ...speaks],
      ...['EXISTS l m', 'DEL l m'],
    );
  }),
);

/** Commands that wait for `l`, and what wakes them. */
const waiters: readonly (readonly [wait: string, wake: (key: string, id?: string) => string])[] = [
  ['BLPOP l 0', (key) => `RPUSH ${key} x`],
  ['BZPOPMIN l 0', (key) => `ZADD ${key} 1 x`],
  ['XREAD BLOCK 0 STREAMS l $', (key, id = '1-1') => `XADD ${key} ${id} a b`],
];

/** Commands that wait beside other features of the server. */
const pairs: Case[] = waiters.flatMap(([wait, wake]) => {
  const [name = ''] = wait.split(' ');
  const statistics = masked('INFO commandstats', 'info-commandstats');
  // prettier-ignore
  return [
    t(`${name} counts once, when it is over: served, and when its time is over`,
      'CONFIG RESETSTAT', waits('b', wait), wake('l'), answer('b'), statistics, 'CONFIG RESETSTAT', 'DEL l', on('b', wait.replace(/0$/, '0.01').replace('BLOCK 0', 'BLOCK 10')), statistics),
    t(`${name} is in the slow log once, as it was sent`,
      'CONFIG SET slowlog-log-slower-than 0', waits('b', wait), wake('l'), answer('b'), 'CONFIG SET slowlog-log-slower-than -1',
      masked('SLOWLOG GET 2', 'slow-log'), 'SLOWLOG RESET'),
    t(`${name} and requests sent after it, which are executed when it is over`,
      waits('b', wait), on('b', silent('ECHO 1')), on('b', silent('EXISTS l')), on('b', silent('ECHO 2')), wake('l'), hears('b', 4)),
    t(`${name}, RESET sent after it`,
      waits('b', wait), on('b', silent('RESET')), on('b', silent('PING')), wake('l'), hears('b', 3)),
    t(`${name}, MULTI and EXEC sent after it`,
      waits('b', wait), ...['MULTI', 'ECHO x', 'EXEC'].map((line) => on('b', silent(line))), wake('l'), hears('b', 4)),
    t(`${name}, QUIT sent after it`, waits('b', wait), on('b', silent('QUIT')), wake('l'), closes('b'), 'EXISTS l'),
    t(`${name} and a client that hangs up, or is killed in a transaction that would serve it`,
      waits('b', wait), hangUp('b'), wake('l'), 'EXISTS l', 'DEL l', waits('c', wait), 'MULTI', wake('l'),
      'CLIENT KILL ID $id(c)', 'EXEC', closes('c'), 'EXISTS l'),
    t(`${name} and FLUSHALL, FLUSHDB, also in a transaction that would have served it`,
      waits('b', wait), 'FLUSHALL', 'FLUSHDB', 'MULTI', wake('l'), 'FLUSHALL', 'EXEC', wake('l', '1-2'), answer('b')),
    t(`${name} and a transaction that takes away, lets expire, or replaces what it makes`,
      waits('b', wait), 'MULTI', wake('l'), 'DEL l', 'EXEC', 'MULTI', wake('l'), 'PEXPIRE l 0', 'EXEC', 'MULTI', wake('l'),
      'SET l v', 'EXEC', 'DEL l', 'MULTI', 'SET l v', 'DEL l', wake('l', '2-1'), 'EXEC', answer('b'), 'EXISTS l'),
    t(`${name} in a transaction does not wait`, 'MULTI', wait, wake('l'), wait, 'EXEC', 'EXISTS l'),
    t(`${name} and SWAPDB, MOVE, COPY DB into its database`,
      waits('b', wait), 'SELECT 1', wake('l'), 'SWAPDB 0 1', answer('b'), 'FLUSHALL', waits('b', wait), wake('l'), 'MOVE l 0',
      answer('b'), 'FLUSHALL', waits('b', wait), wake('l'), 'COPY l l DB 0', answer('b')),
    t(`${name} and RENAME, RENAMENX, COPY to its key, over one of another type, too`,
      waits('b', wait), wake('k'), 'RENAMENX k l', answer('b'), 'FLUSHALL', waits('b', wait), 'SET l v', wake('k'), 'RENAME k l',
      answer('b'), 'FLUSHALL', waits('b', wait), 'SADD l x', wake('k'), 'COPY k l REPLACE', answer('b')),
    t(`${name} and WATCH by itself`,
      on('b', 'WATCH l'), waits('b', wait), wake('l'), answer('b'), on('b', 'MULTI'), on('b', 'PING'), on('b', 'EXEC')),
    t(`${name} and a password that is changed meanwhile`,
      'ACL SETUSER u on >p ~* &* +@all', on('b', 'AUTH u p'), waits('b', wait), 'ACL SETUSER u resetpass >q', wake('l'), answer('b'),
      on('b', 'PING'), 'ACL DELUSER u'),
    t(`${name} and a user that is deleted meanwhile`,
      'ACL SETUSER u on >p ~* &* +@all', on('b', 'AUTH u p'), waits('b', wait), 'ACL DELUSER u', closes('b'), wake('l'), 'EXISTS l'),
    t(`${name} and CLIENT PAUSE: a push that is held up wakes it afterwards`,
      waits('b', wait), 'CLIENT PAUSE 100000 WRITE', blocks(on('c', wake('l'))), 'CLIENT UNPAUSE', answer('c'), answer('b')),
    t(`${name} and CLIENT NO-EVICT`, on('b', 'CLIENT NO-EVICT ON'), waits('b', wait), wake('l'), answer('b')),
  ];
});

const fills = ['MULTI', 'RPUSH l v', 'ZADD z 1 m', 'XADD x 1-1 f v', 'CONFIG SET maxmemory 1', 'EXEC'];
const whenFull: readonly Case[] = [
  ...['BLPOP l 0', 'BLMPOP 0 1 l LEFT', 'BZPOPMIN z 0', 'XREAD BLOCK 0 STREAMS x 0-0'].map((wait) =>
    t(
      `${wait} is served when memory is full by then`,
      blocks(on('b', wait)),
      ...fills,
      answer('b'),
      'CONFIG SET maxmemory 0',
      'LLEN l',
    ),
  ),
  ...differing(
    'woken-without-memory',
    ...['BLMOVE l m LEFT RIGHT 0', 'BRPOPLPUSH l m 0'].map((wait) =>
      t(
        `${wait} is refused when memory is full by then`,
        blocks(on('b', wait)),
        ...fills,
        answer('b'),
        'CONFIG SET maxmemory 0',
        'LLEN l',
        'LLEN m',
      ),
    ),
  ),
];

export const blocking = [...atOnce, ...woken, ...ended, ...silenced, ...pairs, ...whenFull];
