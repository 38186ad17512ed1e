// Client-side caching: CLIENT TRACKING in every mode, what is told to whom and when, and what is refused. Over RESP2 only
// a redirected connection is told anything.
import {
  differing,
  differs,
  answer,
  blocks,
  expected,
  gets,
  hangUp,
  hears,
  hearsAll,
  hearsNothing,
  masked,
  on,
  only,
  pushesBehind,
  silent,
  t,
} from '../steps.js';

const hello2 = (connection: string): ReturnType<typeof on> => on(connection, masked('HELLO 2', 'hello'));

// prettier-ignore
const told = only(3,
  t('a key that was read is told when it changes, once', 'SET k v', 'CLIENT TRACKING ON', 'GET k', on('b', 'SET k w'), hears('a', 1), on('b', 'SET k x'), hearsNothing('a'), 'GET k', on('b', 'SET k y'), hears('a', 1)),
  t('a key that was not read is not told', 'CLIENT TRACKING ON', 'GET k', on('b', 'SET j v'), on('b', 'GET k'), hearsNothing('a'), on('b', 'SET k v'), hears('a', 1)),
  t('every key that a command reads is remembered', 'MSET a 1 b 2 c 3', 'CLIENT TRACKING on', 'MGET a b missing', 'EXISTS c', on('b', 'DEL a'), on('b', 'SET missing v'), on('b', 'APPEND c x'), on('b', 'INCR b'), hears('a', 4), on('b', 'MSET a 1 b 2'), hearsNothing('a')),
  t('one command that changes several keys tells each', 'CLIENT TRACKING ON', 'MGET a b c', on('b', 'MSET a 1 b 2 c 3'), hears('a', 3), 'MGET a b c', on('b', 'DEL a b c'), hears('a', 3)),
  t('commands that write remember nothing', 'CLIENT TRACKING ON', 'SET k v', 'INCR n', on('b', 'SET k w'), on('b', 'INCR n'), hearsNothing('a'), 'GETSET k x', on('b', 'SET k y'), hearsNothing('a')),
  t('reading of every kind is remembered',
    'CLIENT TRACKING ON', 'LRANGE l 0 -1', 'SMEMBERS s', 'HGET h f', 'ZRANGE z 0 -1', 'XLEN x', 'BITCOUNT b', 'TTL t', 'TYPE y', 'STRLEN r', 'SINTER i j', 'OBJECT ENCODING o', 'SORT_RO q', 'TOUCH u', on('b', 'RPUSH l a'), on('b', 'SADD s a'), on('b', 'HSET h f v'), on('b', 'ZADD z 1 a'),
    on('b', 'XADD x 1-1 f v'), on('b', 'SETBIT b 1 1'), on('b', 'SET t v'), on('b', 'SET y v'), on('b', 'SET r v'), on('b', 'SADD i a'), on('b', 'SADD j a'), on('b', 'SET o v'), on('b', 'RPUSH q 1'), on('b', 'SET u v'), hearsAll('a')),
  t('who changes the key itself is told behind the reply', 'CLIENT TRACKING ON', 'GET k', gets(2, 'SET k v'), 'SET k w', 'MGET k j', gets(3, 'MSET k 1 j 2'), 'GET k', gets(2, 'DEL k')),
  t('NOLOOP: not by its own changes', 'CLIENT TRACKING ON NOLOOP', 'GET k', 'SET k v', hearsNothing('a'), on('b', 'SET k w'), hearsNothing('a'), 'GET k', on('b', 'SET k x'), hears('a', 1)),
  t('own changes within EXEC are told behind it', 'CLIENT TRACKING ON', 'MGET k j', 'MULTI', 'SET k v', 'GET k', 'SET j v', gets(3, 'EXEC'), on('b', 'SET k w'), hearsAll('a')),
  t('what is read within EXEC is remembered', 'CLIENT TRACKING ON', 'MULTI', 'GET k', 'GET j', 'EXEC', on('b', 'SET k v'), on('b', 'SET j v'), hears('a', 2)),
  t('what EXEC of another changes is told in order', 'CLIENT TRACKING ON', 'MGET k j', on('b', 'MULTI'), on('b', 'SET j 1'), on('b', 'SET k 2'), on('b', 'EXEC'), hears('a', 2)),
  t('several clients are told', 'CLIENT TRACKING ON', on('b', 'CLIENT TRACKING ON'), 'GET k', on('b', 'GET k'), on('c', 'SET k v'), hears('a', 1), hears('b', 1), on('c', 'SET k w'), hearsNothing('a'), hearsNothing('b')),
  ...differing('flush-pushes-8.0', t('FLUSHALL and FLUSHDB are told as one', 'SET k v', 'SET j v', 'CLIENT TRACKING ON', 'MGET k j', on('b', differs('FLUSHALL', 'flush-pushes-8.0')), hears('a', 1), on('b', 'FLUSHDB'), hears('a', 1), on('b', 'SET k v'), hearsNothing('a'), gets(2, 'FLUSHALL'), 'GET k', gets(2, 'FLUSHDB'))),
  t('a key that expires is told', 'SET k v PX 400', 'CLIENT TRACKING ON', 'GET k', on('b', 'BLPOP missing 0.43'), on('b', 'GET k'), hears('a', 1)),
  t('a key that is evicted is told', 'SET k v', 'CLIENT TRACKING ON', 'GET k', on('b', 'CONFIG SET maxmemory-policy allkeys-random'), on('b', 'CONFIG SET maxmemory 1'), on('b', 'PING'), hears('a', 1), on('b', 'CONFIG SET maxmemory 0')),
  t('RENAME, MOVE, COPY and SWAPDB', 'SET k v', 'SET l v', 'CLIENT TRACKING ON', 'MGET k l j', on('b', 'RENAME k j'), hears('a', 2), on('b', 'MOVE l 1'), hears('a', 1), 'GET j', on('b', 'COPY j k'), hearsNothing('a'), on('b', 'SWAPDB 0 1'), hearsNothing('a')),
  t('databases are not told apart', 'CLIENT TRACKING ON', 'GET k', on('b', 'SELECT 3'), on('b', 'SET k v'), hears('a', 1)),
  t('a change that changes nothing is not told', 'SADD s a', 'CLIENT TRACKING ON', 'SMEMBERS s', 'GET k', on('b', 'SADD s a'), on('b', 'SREM s x'), on('b', 'DEL k'), on('b', 'SET s v NX'), hearsNothing('a')),
  t('who waits for a key and is served changes it', 'CLIENT TRACKING ON', 'LRANGE l 0 -1', blocks(on('b', 'BLPOP l 0')), on('c', 'RPUSH l x'), answer('b'), hearsAll('a')),
  t('CLIENT TRACKING OFF forgets', 'CLIENT TRACKING ON', 'GET k', 'CLIENT TRACKING OFF', on('b', 'SET k v'), hearsNothing('a'), 'CLIENT TRACKING ON', on('b', 'SET k w'), hearsNothing('a'), 'CLIENT TRACKING OFF', 'CLIENT TRACKING OFF'),
  t('RESET ends tracking', 'CLIENT TRACKING ON', 'GET k', 'RESET', on('b', 'SET k v'), hearsNothing('a'), 'CLIENT TRACKINGINFO'),
  t('over RESP2 nothing is told, until the client speaks RESP3 again', 'CLIENT TRACKING ON', 'MGET k j', hello2('a'), on('b', 'SET k v'), hearsNothing('a'), masked('HELLO 3', 'hello'), on('b', 'SET k v'), on('b', 'SET j v'), hears('a', 1)),
  t('binary keys', 'CLIENT TRACKING ON', 'MGET "\\x00\\r\\n" ""', on('b', 'SET "\\x00\\r\\n" v'), on('b', 'SET "" v'), hears('a', 2)),
  t('replies and pushes keep their order', 'CLIENT TRACKING ON', 'GET k', on('b', 'SET k v'), gets(2, 'PING'), 'GET k', on('b', 'SET k w'), gets(2, 'GET k')),
  t('CLIENT REPLY OFF does not silence it', 'CLIENT TRACKING ON', 'GET k', silent('CLIENT REPLY OFF'), on('b', 'SET k v'), hears('a', 1), silent('GET k'), 'CLIENT REPLY ON', on('b', 'SET k w'), hears('a', 1)),
);

// prettier-ignore
const order = only(3,
  t('what was read before tracking was switched off and on again is told', 'CLIENT TRACKING ON', 'GET k', 'CLIENT TRACKING OFF', 'CLIENT TRACKING ON', on('b', 'SET k v'), hears('a', 1)),
  t('who waits in a read is told of the key, then answered', 'CLIENT TRACKING ON', blocks('XREAD BLOCK 0 STREAMS s $'), on('b', 'XADD s 1-1 f v'), hears('a', 1), answer('a')),
  t('what a client that was served changes is told behind its reply', 'CLIENT TRACKING ON', 'LRANGE d 0 -1', blocks('BLMOVE l d LEFT RIGHT 0'), on('b', 'RPUSH l x'), answer('a'), hears('a', 1), 'LRANGE l 0 -1', 'LRANGE d 0 -1', blocks('BLMOVE l d LEFT RIGHT 0'), on('b', 'RPUSH l x'), hears('a', 1), answer('a'), hears('a', 1)),
  t('who waits is told before its wait is ended', 'CLIENT TRACKING ON', 'GET k', blocks('BLPOP l 0'), on('b', 'SET k v'), on('b', 'CLIENT UNBLOCK $id(a)'), hears('a', 1), answer('a')),
  t('NOLOOP and what a full table forgets', 'CONFIG SET tracking-table-max-keys 1', 'CLIENT TRACKING ON NOLOOP', 'GET 1', expected(masked('GET 2', 'digits'), 'noloop-removals', '', '_\r\n>2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\n#\r\n'), 'PING'),
  t('a flush within EXEC is told behind it', 'CLIENT TRACKING ON', 'MULTI', 'FLUSHALL', 'PING', 'SET k v', gets(2, 'EXEC'), 'CLIENT TRACKING OFF', 'CLIENT TRACKING ON BCAST', 'MULTI', 'SET k v', 'FLUSHALL', gets(2, 'EXEC'), hears('a', 1)),
  t('a key that a client itself finds expired',
    'DEBUG SET-ACTIVE-EXPIRE 0', on('b', 'SET k v PX 400'), on('b', 'SET j v PX 400'), 'CLIENT TRACKING ON', 'STRLEN k', on('c', 'CLIENT TRACKING ON NOLOOP'), on('c', 'STRLEN j'), on('d', 'CLIENT TRACKING ON BCAST NOLOOP PREFIX i'), on('d', 'SET i v PX 1'),
    // Not DEBUG SLEEP: our server would make the test sleep, too, and the reference's keys expire meanwhile.
    on('b', 'BLPOP missing 0.45'), gets(2, 'EXISTS k'), on('c', 'EXISTS j'), hearsNothing('c'), on('d', 'EXISTS i'), hears('d', 1), 'DEBUG SET-ACTIVE-EXPIRE 1'),
);

// prettier-ignore
const broadcast = only(3,
  t('BCAST tells of every key', 'CLIENT TRACKING ON BCAST', on('b', 'SET k v'), hears('a', 1), on('b', 'SET k w'), on('b', 'SET j w'), hears('a', 2), on('b', 'GET k'), hearsNothing('a')),
  t('BCAST with prefixes', 'CLIENT TRACKING ON BCAST PREFIX user: PREFIX item:', on('b', 'SET user:1 v'), on('b', 'SET item:1 v'), on('b', 'SET other v'), on('b', 'SET use v'), hears('a', 2), hearsNothing('a')),
  t('keys of one turn come in one message, those of each prefix together', 'CLIENT TRACKING ON BCAST PREFIX a PREFIX b', on('b', 'MSET a2 1 b1 2 a1 3 c 4'), hearsAll('a'), on('b', 'DEL a2 a1'), hearsAll('a'), on('b', 'MULTI'), on('b', 'SET b1 1'), on('b', 'SET b2 1'), on('b', 'SET b1 2'),
    on('b', 'EXEC'), hearsAll('a')),
  t('BCAST tells of own changes behind the reply, NOLOOP does not', 'CLIENT TRACKING ON BCAST', 'SET k v', hears('a', 1), 'CLIENT TRACKING OFF', 'CLIENT TRACKING ON BCAST NOLOOP', 'SET k v', hearsNothing('a'), on('b', 'SET k v'), hears('a', 1)),
  t('BCAST of a flush', 'SET k v', 'CLIENT TRACKING ON BCAST', on('b', 'FLUSHALL'), hearsAll('a')),
  t('more prefixes may be added', 'CLIENT TRACKING ON BCAST PREFIX a', 'CLIENT TRACKING ON BCAST PREFIX b', 'CLIENT TRACKING ON BCAST PREFIX a', 'CLIENT TRACKINGINFO', on('b', 'SET a v'), on('b', 'SET b v'), hears('a', 2)),
  t('prefixes may not overlap',
    'CLIENT TRACKING ON BCAST PREFIX ab PREFIX a', 'CLIENT TRACKING ON BCAST PREFIX a PREFIX a', 'CLIENT TRACKING ON BCAST PREFIX a PREFIX ""', 'CLIENT TRACKINGINFO', 'CLIENT TRACKING ON BCAST PREFIX ab', 'CLIENT TRACKING ON BCAST PREFIX abc', 'CLIENT TRACKING ON BCAST PREFIX a',
    'CLIENT TRACKING ON BCAST', 'CLIENT TRACKINGINFO'),
  t('several clients with different prefixes', 'CLIENT TRACKING ON BCAST PREFIX a', on('b', 'CLIENT TRACKING ON BCAST PREFIX ab'), on('c', 'CLIENT TRACKING ON BCAST'), on('d', 'SET abc v'), hears('a', 1), hears('b', 1), hears('c', 1), on('d', 'SET ac v'), hears('a', 1), hearsNothing('b'), hears('c', 1)),
);

// prettier-ignore
const chosen = only(3,
  t('OPTIN remembers only what follows CLIENT CACHING YES', 'CLIENT TRACKING ON OPTIN', 'GET k', on('b', 'SET k v'), hearsNothing('a'), 'CLIENT CACHING YES', 'GET k', 'GET j', on('b', 'SET k w'), on('b', 'SET j w'), hears('a', 1), hearsNothing('a')),
  t('OPTIN and a transaction', 'CLIENT TRACKING ON OPTIN', 'CLIENT CACHING YES', 'MULTI', 'GET k', 'GET j', 'EXEC', 'GET i', on('b', 'MSET k 1 j 2 i 3'), hears('a', 2), 'MULTI', 'CLIENT CACHING YES', 'GET k', 'GET j', 'EXEC', on('b', 'MSET k 1 j 2 i 3'), hearsAll('a')),
  t('OPTOUT remembers all but what follows CLIENT CACHING NO', 'CLIENT TRACKING ON OPTOUT', 'GET k', 'CLIENT CACHING NO', 'GET j', 'GET i', on('b', 'MSET k 1 j 2 i 3'), hears('a', 2)),
  t('OPTOUT and a transaction', 'CLIENT TRACKING ON OPTOUT', 'CLIENT CACHING NO', 'MULTI', 'GET k', 'GET j', 'EXEC', 'GET i', on('b', 'MSET k 1 j 2 i 3'), hears('a', 1)),
  t('CLIENT CACHING is over with a request that is refused, and not with another subcommand of CLIENT',
    'CLIENT TRACKING ON OPTIN', 'CLIENT CACHING YES', 'NOSUCH', 'GET k', on('b', 'SET k v'), hearsNothing('a'), 'CLIENT CACHING YES', 'GET', 'CLIENT TRACKINGINFO', 'CLIENT CACHING YES', 'CLIENT NOSUCH', 'CLIENT TRACKINGINFO', 'CLIENT CACHING YES', 'CLIENT GETNAME', 'CLIENT CACHING', 'CLIENT CACHING NO',
    'CLIENT TRACKINGINFO', 'CLIENT TRACKING ON OPTIN', 'CLIENT TRACKINGINFO', 'GET k', on('b', 'SET k v'), hears('a', 1)),
  t('CLIENT CACHING is over with a transaction', 'CLIENT TRACKING ON OPTOUT', 'CLIENT CACHING NO', 'MULTI', 'NOSUCH', 'EXEC', 'CLIENT TRACKINGINFO', 'CLIENT CACHING NO', 'MULTI', 'DISCARD', 'CLIENT TRACKINGINFO', 'CLIENT CACHING NO', 'WATCH k', 'CLIENT TRACKINGINFO'),
  t('CLIENT CACHING counts for one command, of whatever kind', 'CLIENT TRACKING ON OPTIN', 'CLIENT CACHING YES', 'PING', 'GET k', on('b', 'SET k v'), hearsNothing('a'), 'CLIENT CACHING YES', 'CLIENT CACHING YES', 'GET k', on('b', 'SET k v'), hears('a', 1)),
);

// prettier-ignore
const redirected = [
  t('a connection over RESP2 is told as a subscriber',
    hello2('b'), on('b', 'SUBSCRIBE __redis__:invalidate'), 'CLIENT TRACKING ON REDIRECT $id(b)', 'MGET k j', on('c', 'SET k v'), on('c', 'SET j v'), hears('b', 2), 'GET k', 'SET k w', hears('b', 1), hearsNothing('a'), on('c', 'FLUSHALL'), hears('b', 1)),
  t('a connection over RESP2 that is no subscriber is told nothing', hello2('b'), 'CLIENT TRACKING ON REDIRECT $id(b)', 'GET k', on('c', 'SET k v'), hearsNothing('b'), hearsNothing('a')),
  t('over RESP3 the other connection is told by a push', 'CLIENT TRACKING ON REDIRECT $id(b)', 'GET k', on('c', 'SET k v'), hears('b', 0, 1), hearsNothing('a')),
  t('who listens to a shard channel, or a pattern, is a subscriber too', hello2('b'), on('b', 'SSUBSCRIBE s'), hello2('c'), on('c', 'PSUBSCRIBE p'), 'CLIENT TRACKING ON REDIRECT $id(b)', 'GET k', on('d', 'SET k v'), hears('b', 1), 'CLIENT TRACKING ON REDIRECT $id(c)', 'GET k', on('d', 'SET k v'), hears('c', 1)),
  t('a flush is told in the words of who tracks', hello2('a'), 'CLIENT TRACKING ON REDIRECT $id(b)', 'GET k', on('c', 'FLUSHALL'), hears('b', 0, 1), on('c', 'FLUSHDB'), hears('b', 0, 1)),
  ...only(3, t('who is told in the place of another, by its own command', on('b', 'CLIENT TRACKING ON REDIRECT $id(a)'), on('b', 'MGET k j'), pushesBehind(gets(2, 'SET k v')), on('b', 'GET k'), 'MULTI', 'SET k v', expected(gets(2, 'EXEC'), 'pushes-behind-replies', '', '*1\r\n+OK\r\n>2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n'))),
  t('BCAST, OPTIN and OPTOUT may be redirected', hello2('b'), on('b', 'SUBSCRIBE __redis__:invalidate'), 'CLIENT TRACKING ON REDIRECT $id(b) BCAST PREFIX k', on('c', 'MSET k1 1 j 2 k2 3'), hearsAll('b'), 'CLIENT TRACKING OFF', 'CLIENT TRACKING ON OPTIN REDIRECT $id(b)',
    'CLIENT CACHING YES', 'GET k', on('c', 'SET k v'), hears('b', 1)),
  t('NOLOOP and a redirection', hello2('b'), on('b', 'SUBSCRIBE __redis__:invalidate'), 'CLIENT TRACKING ON REDIRECT $id(b) NOLOOP', 'GET k', 'SET k v', hearsNothing('b'), 'GET k', on('c', 'SET k v'), hears('b', 1)),
  t('a redirection to itself', 'CLIENT TRACKING ON REDIRECT $id(a)', 'GET k', on('b', 'SET k v'), hears('a', 0, 1)),
  t('a redirection may be changed', 'CLIENT TRACKING ON REDIRECT $id(b)', masked('CLIENT GETREDIR', 'integers'), 'CLIENT TRACKING ON REDIRECT $id(c)', 'GET k', on('d', 'SET k v'), hears('c', 0, 1), hearsNothing('b'), 'CLIENT TRACKING ON', 'GET k', on('d', 'SET k v'), hears('a', 0, 1)),
  t('the other connection that has left is told of over RESP3',
    'CLIENT TRACKING ON REDIRECT $id(b)', 'GET k', hangUp('b'), masked('CLIENT TRACKINGINFO', 'integers'), on('c', 'SET k v'), masked(hears('a', 0, 1), 'integers'), masked('CLIENT TRACKINGINFO', 'integers'), 'GET k', on('c', 'SET k w'), masked(hears('a', 0, 1), 'integers'),
    masked('CLIENT GETREDIR', 'integers'), masked('CLIENT LIST', 'client-line', 'redirection'), 'CLIENT TRACKING OFF', 'CLIENT GETREDIR'),
];

// prettier-ignore
const facts = [
  t('CLIENT TRACKINGINFO of every mode',
    'CLIENT TRACKINGINFO', 'CLIENT TRACKING ON', 'CLIENT TRACKINGINFO', 'CLIENT TRACKING ON OPTIN', 'CLIENT TRACKING OFF', 'CLIENT TRACKING ON OPTIN', 'CLIENT TRACKINGINFO', 'CLIENT CACHING YES', 'CLIENT TRACKINGINFO', 'CLIENT TRACKINGINFO', 'CLIENT TRACKING OFF',
    'CLIENT TRACKING ON OPTOUT NOLOOP', 'CLIENT CACHING NO', 'CLIENT TRACKINGINFO', 'CLIENT TRACKING OFF', 'CLIENT TRACKING ON BCAST', 'CLIENT TRACKINGINFO', 'CLIENT TRACKING OFF', 'CLIENT TRACKING ON BCAST PREFIX b PREFIX a NOLOOP', 'CLIENT TRACKINGINFO',
    'CLIENT TRACKING OFF', 'CLIENT TRACKING ON REDIRECT $id(b)', masked('CLIENT TRACKINGINFO', 'integers'), 'CLIENT TRACKING OFF', 'CLIENT TRACKINGINFO'),
  t('CLIENT GETREDIR', 'CLIENT GETREDIR', 'CLIENT TRACKING ON', 'CLIENT GETREDIR', 'CLIENT TRACKING ON REDIRECT $id(b)', masked('CLIENT GETREDIR', 'integers'), 'CLIENT TRACKING OFF', 'CLIENT GETREDIR'),
  t('CLIENT LIST tells of tracking', 'CLIENT TRACKING ON', on('b', 'CLIENT TRACKING ON BCAST'), on('c', 'CLIENT TRACKING ON REDIRECT $id(b)'), masked('CLIENT LIST', 'client-line', 'redirection'), on('b', 'CLIENT TRACKING OFF'), masked('CLIENT LIST ID $id(b)', 'client-line')),
  t('INFO counts clients that track', 'CLIENT TRACKING ON', on('b', 'CLIENT TRACKING ON BCAST'), masked('INFO clients', 'info'), on('b', 'CLIENT TRACKING OFF'), masked('INFO clients', 'info'), 'RESET', masked('INFO clients', 'info')),
  t('INFO counts keys and prefixes', 'CLIENT TRACKING ON', 'MGET a b c', on('b', 'CLIENT TRACKING ON BCAST PREFIX x PREFIX y'), on('c', 'GET a'), masked('INFO stats', 'info-tracking'), on('c', 'SET a v'), hears('a', 0, 1), masked('INFO stats', 'info-tracking')),
  t('a flush of any kind leaves no key in the count of INFO',
    ...['FLUSHALL', 'FLUSHALL ASYNC', 'FLUSHDB', 'FLUSHDB ASYNC'].flatMap((flush) => ['SET a v', 'CLIENT TRACKING ON', 'MGET a b c', masked('INFO stats', 'info-tracking'), on('b', flush), hears('a', 0, 1), masked('INFO stats', 'info-tracking'), 'CLIENT TRACKING OFF'])),
];

// prettier-ignore
const refused = [
  t('CLIENT TRACKING refuses bad arguments',
    'CLIENT TRACKING', 'CLIENT TRACKING FOO', 'CLIENT TRACKING ON FOO', 'CLIENT TRACKING OFF FOO', 'CLIENT TRACKING ON REDIRECT', 'CLIENT TRACKING ON REDIRECT x', 'CLIENT TRACKING ON REDIRECT -1', 'CLIENT TRACKING ON REDIRECT 0', 'CLIENT TRACKING ON REDIRECT 99999999',
    'CLIENT TRACKING ON REDIRECT $id(b) REDIRECT $id(b)', 'CLIENT TRACKING ON PREFIX', 'CLIENT TRACKING ON PREFIX a', 'CLIENT TRACKING ON OPTIN OPTOUT', 'CLIENT TRACKING ON BCAST OPTIN', 'CLIENT TRACKING ON BCAST OPTOUT', 'CLIENT TRACKING ON BCAST PREFIX', 'CLIENT TRACKING ""',
    'CLIENT TRACKING OFF REDIRECT 99999999', 'CLIENT TRACKING OFF BCAST', 'CLIENT TRACKINGINFO'),
  t('prefixes that overlap, wherever they stand', expected(gets(2, 'CLIENT TRACKING ON BCAST PREFIX x PREFIX a PREFIX ab'), 'prefix-overlap', "-ERR Prefix 'a' overlaps with another provided prefix 'ab'. Prefixes for a single client must not overlap.\r\n"), 'PING'),
  t('the prefixes of an error end at a zero byte', 'CLIENT TRACKING ON BCAST PREFIX "a\\r\\nb\\x00c" PREFIX a', 'CLIENT TRACKING ON BCAST PREFIX ""', 'CLIENT TRACKING ON BCAST PREFIX "\\xff"', 'CLIENT TRACKINGINFO'),
  t('REDIRECT takes the number of a client', 'CLIENT TRACKING ON REDIRECT 9223372036854775808', 'CLIENT TRACKING ON REDIRECT 9223372036854775807', 'CLIENT TRACKING ON REDIRECT 1.5', 'CLIENT TRACKING ON REDIRECT "" FOO', 'CLIENT TRACKING FOO REDIRECT x'),
  t('a mode may not be changed while tracking is on',
    'CLIENT TRACKING ON', 'CLIENT TRACKING ON BCAST', 'CLIENT TRACKING ON OPTIN', 'CLIENT TRACKING ON OPTOUT', 'CLIENT TRACKINGINFO', 'CLIENT TRACKING OFF', 'CLIENT TRACKING ON BCAST', 'CLIENT TRACKING ON', 'CLIENT TRACKING ON BCAST', 'CLIENT TRACKINGINFO', 'CLIENT TRACKING OFF', 'CLIENT TRACKING ON OPTIN',
    'CLIENT TRACKING ON OPTOUT', 'CLIENT TRACKING ON', 'CLIENT TRACKING ON OPTIN', 'CLIENT TRACKINGINFO'),
  t('CLIENT CACHING needs a mode that it changes',
    'CLIENT CACHING YES', 'CLIENT CACHING NO', 'CLIENT CACHING', 'CLIENT CACHING YES x', 'CLIENT TRACKING ON', 'CLIENT CACHING YES', 'CLIENT CACHING NO', 'CLIENT CACHING FOO', 'CLIENT TRACKING OFF', 'CLIENT TRACKING ON OPTIN', 'CLIENT CACHING NO', 'CLIENT CACHING FOO', 'CLIENT CACHING yes',
    'CLIENT TRACKING OFF', 'CLIENT TRACKING ON OPTOUT', 'CLIENT CACHING YES', 'CLIENT CACHING no', 'CLIENT TRACKING OFF', 'CLIENT TRACKING ON BCAST', 'CLIENT CACHING YES'),
  t('CLIENT GETREDIR and TRACKINGINFO take no argument', 'CLIENT GETREDIR x', 'CLIENT TRACKINGINFO x'),
  t('tracking over RESP2 without a redirection is allowed, and silent', hello2('a'), 'CLIENT TRACKING ON', 'GET k', on('b', 'SET k v'), hearsNothing('a'), 'CLIENT TRACKINGINFO'),
];

// prettier-ignore
const table = only(3,
  t('a table that is full forgets keys, and tells of them as if they had changed',
    'CONFIG SET tracking-table-max-keys 2', 'CLIENT TRACKING ON', 'GET a', 'GET b', hearsNothing('a'), 'GET c', masked(hears('a', 1), 'shape'), masked('INFO stats', 'info-tracking')),
);

export const tracking = [...told, ...order, ...broadcast, ...chosen, ...redirected, ...facts, ...refused, ...table];
