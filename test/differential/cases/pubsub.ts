// Channels, patterns and shard channels: who hears what in which order, and what a subscriber may still say. Over RESP2 a
// subscriber hears arrays and may not ask for data; over RESP3 it hears pushes and may do everything.
import {
  answer,
  blocks,
  closes,
  expected,
  gets,
  hangUp,
  hears,
  hearsNothing,
  masked,
  on,
  only,
  pushesBehind,
  silent,
  t,
  unordered,
  unorderedFrames,
  unorderedNames,
} from '../steps.js';

const many = (prefix: string, count: number): string =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`).join(' ');

// prettier-ignore
const channels = [
  t('a subscriber hears what is published to its channel, in order',
    on('b', 'SUBSCRIBE ch'), 'PUBLISH ch x', 'PUBLISH ch y', 'PUBLISH other z', 'PUBLISH ch ""', hears('b', 3), 'PUBLISH CH x',
    hearsNothing('b')),
  t('every channel of SUBSCRIBE is confirmed', gets(3, 'SUBSCRIBE a b c'), gets(2, 'SUBSCRIBE d a'), gets(2, 'SUBSCRIBE e e')),
  t('PUBLISH answers the number of those who hear it',
    'PUBLISH ch x', on('b', 'SUBSCRIBE ch'), 'PUBLISH ch x', on('c', gets(2, 'SUBSCRIBE ch other')), on('c', 'PSUBSCRIBE c*'),
    'PUBLISH ch x', 'PUBLISH other x', 'PUBLISH none x', hears('b', 2), hears('c', 3)),
  t('UNSUBSCRIBE ends it',
    on('b', gets(3, 'SUBSCRIBE a b c')), on('b', 'UNSUBSCRIBE b'), 'PUBLISH a 1', 'PUBLISH b 2', 'PUBLISH c 3', hears('b', 2),
    on('b', unorderedNames(gets(2, 'UNSUBSCRIBE'))), 'PUBLISH a 1', hearsNothing('b'), on('b', 'GET k')),
  t('UNSUBSCRIBE from all with none is confirmed once', 'UNSUBSCRIBE', 'PUNSUBSCRIBE', 'SUNSUBSCRIBE', 'PING',
    'SUBSCRIBE ch', 'PUNSUBSCRIBE', 'SUNSUBSCRIBE', 'UNSUBSCRIBE', 'UNSUBSCRIBE', 'PING'),
  t('UNSUBSCRIBE from what was not subscribed is confirmed',
    'UNSUBSCRIBE x', gets(2, 'UNSUBSCRIBE x y'), 'PUNSUBSCRIBE x*', gets(2, 'SUNSUBSCRIBE x y'), 'SUBSCRIBE ch',
    gets(3, 'UNSUBSCRIBE x ch ch'), 'GET k'),
  t('the count that is confirmed is that of channels and patterns',
    gets(2, 'SUBSCRIBE a b'), gets(2, 'PSUBSCRIBE a* b*'), 'SUBSCRIBE c', 'SSUBSCRIBE s', 'PUNSUBSCRIBE a*', 'UNSUBSCRIBE a',
    unorderedNames(gets(2, 'UNSUBSCRIBE')), 'PUNSUBSCRIBE', 'SUNSUBSCRIBE'),
  t('a client hears nothing of what was published before', 'PUBLISH ch x', on('b', 'SUBSCRIBE ch'), hearsNothing('b'), 'PUBLISH ch y',
    hears('b', 1)),
  t('several subscribers hear the same in the same order',
    on('b', 'SUBSCRIBE ch'), on('c', 'SUBSCRIBE ch'), on('d', gets(2, 'SUBSCRIBE x ch')), 'PUBLISH ch 1', on('e', 'PUBLISH ch 2'), 'PUBLISH x 3',
    hears('b', 2), hears('c', 2), hears('d', 3), hearsNothing('b')),
  t('publishers are no subscribers', on('b', 'PUBLISH ch x'), 'PUBLISH ch x', hearsNothing('b')),
  t('binary and empty names and messages',
    on('b', gets(3, 'SUBSCRIBE "" "\\x00\\r\\n" "\\xff"')), 'PUBLISH "" ""', 'PUBLISH "\\x00\\r\\n" "\\r\\n\\x00"', 'PUBLISH "\\xff" "\\xfe"',
    hears('b', 3), on('b', 'UNSUBSCRIBE ""'), 'PUBLISH "" x', hearsNothing('b')),
  t('large messages and names', on('b', gets(2, `SUBSCRIBE ch ${'n'.repeat(5000)}`)), `PUBLISH ch ${'x'.repeat(300_000)}`,
    `PUBLISH ${'n'.repeat(5000)} x`, hears('b', 2)),
  t('many channels', on('b', gets(1000, `SUBSCRIBE ${many('ch', 1000)}`)), 'PUBLISH ch0 x', 'PUBLISH ch999 y', 'PUBLISH ch1000 z', hears('b', 2),
    on('b', unorderedNames(gets(1000, 'UNSUBSCRIBE')))),
  t('many messages', on('b', 'SUBSCRIBE ch'), ...Array.from({ length: 300 }, (_, i) => `PUBLISH ch ${i}`), hears('b', 300)),
  t('channels are the same in all databases', on('b', 'SUBSCRIBE ch'), 'SELECT 3', 'PUBLISH ch x', hears('b', 1), 'FLUSHALL', 'PUBLISH ch y',
    hears('b', 1)),
  t('channels are no keys', on('b', 'SUBSCRIBE ch'), 'EXISTS ch', 'SET ch v', 'DEL ch', 'DBSIZE', hearsNothing('b')),
  t('SUBSCRIBE, UNSUBSCRIBE and PUBLISH check arities',
    'SUBSCRIBE', 'PSUBSCRIBE', 'SSUBSCRIBE', 'PUBLISH', 'PUBLISH ch', 'PUBLISH ch x y', 'SPUBLISH', 'SPUBLISH ch', 'SPUBLISH ch x y'),
  t('PUBLISH in a pipeline', on('b', 'SUBSCRIBE ch'), 'PUBLISH ch 1', 'PUBLISH ch 2', hears('b', 2)),
];

// prettier-ignore
const patterns = [
  t('a pattern hears every channel that it matches',
    on('b', gets(2, 'PSUBSCRIBE news.* ?x')), 'PUBLISH news.a 1', 'PUBLISH news. 2', 'PUBLISH news 3', 'PUBLISH ax 4', 'PUBLISH x 5', hears('b', 3)),
  t('a client that matches twice hears it twice: by its channel first',
    on('b', 'PSUBSCRIBE c*'), on('b', 'SUBSCRIBE ch'), 'PUBLISH ch x', hears('b', 2), on('b', 'UNSUBSCRIBE ch'), 'PUBLISH ch y', hears('b', 1),
    on('b', 'PUNSUBSCRIBE c*'), 'PUBLISH ch z', hearsNothing('b')),
  t('a client that matches by several patterns hears it once for each',
    on('b', gets(3, 'PSUBSCRIBE c* *h x*')), 'PUBLISH ch x', unorderedFrames(hears('b', 2)), on('b', 'PSUBSCRIBE c*'), 'PUBLISH ch x',
    unorderedFrames(hears('b', 2))),
  t('PUNSUBSCRIBE ends it, by the same text',
    on('b', gets(3, 'PSUBSCRIBE a* b* *')), on('b', 'PUNSUBSCRIBE **'), on('b', 'PUNSUBSCRIBE *'), 'PUBLISH c x', 'PUBLISH ab x', hears('b', 1),
    on('b', unorderedNames(gets(2, 'PUNSUBSCRIBE'))), 'PUBLISH ab x', hearsNothing('b')),
  t('patterns are those of KEYS',
    on('b', gets(9, 'PSUBSCRIBE h[ae]llo h[^e]llo[0-9] \\* "a\\\\*b" [z-x]9 "[" "[a" x[!y]z "\\\\"')),
    ...['hello', 'hillo', 'hxllo5', 'hello5', '*', 'a*b', 'axb', 'y9', 'w9', '[', 'a', '[a', 'x!z', 'xaz', '"\\\\"', 'anything']
      .map((channel) => `PUBLISH ${channel} m`), hears('b', 8)),
  t('a pattern of many stars', on('b', `PSUBSCRIBE ${'a*'.repeat(12)}b`), `PUBLISH ${'a'.repeat(60)} x`, `PUBLISH ${'a'.repeat(60)}b x`, hears('b', 1)),
  t('binary patterns', on('b', gets(2, 'PSUBSCRIBE "\\x00*" ""')), 'PUBLISH "\\x00\\xff" "\\r\\n"', 'PUBLISH "" x', hears('b', 2)),
];

// prettier-ignore
const shards = [
  t('shard channels are channels of their own',
    on('b', gets(2, 'SSUBSCRIBE ch other')), on('c', 'SUBSCRIBE ch'), 'SPUBLISH ch x', 'PUBLISH ch y', 'SPUBLISH none z', hears('b', 1), hears('c', 1),
    on('b', 'SUNSUBSCRIBE ch'), 'SPUBLISH ch x', hearsNothing('b'), on('b', 'SUNSUBSCRIBE'), on('b', 'GET k')),
  t('patterns do not hear shard channels', on('b', 'PSUBSCRIBE *'), 'SPUBLISH ch x', hearsNothing('b')),
  t('a client may subscribe to both kinds', on('b', 'SSUBSCRIBE ch'), on('b', 'SUBSCRIBE ch'), on('b', 'PSUBSCRIBE ch'), 'SPUBLISH ch 1', 'PUBLISH ch 2',
    hears('b', 3)),
  t('SUNSUBSCRIBE from all', gets(3, 'SSUBSCRIBE a b c'), unorderedNames(gets(3, 'SUNSUBSCRIBE')), 'PING'),
  t('any names, in different slots', gets(3, 'SSUBSCRIBE {a}1 {b}2 ""'), gets(2, 'SUNSUBSCRIBE {a}1 x')),
];

// prettier-ignore
const introspection = [
  t('PUBSUB CHANNELS lists channels that have subscribers',
    'PUBSUB CHANNELS', on('b', gets(3, 'SUBSCRIBE a b abc')), on('c', gets(2, 'SUBSCRIBE a c')), on('d', 'PSUBSCRIBE x*'), on('d', 'SSUBSCRIBE s'),
    unordered('PUBSUB CHANNELS'), unordered('PUBSUB CHANNELS a*'), 'PUBSUB CHANNELS x*', 'PUBSUB CHANNELS ""', unordered('pubsub channels ?'),
    on('b', 'UNSUBSCRIBE a'), unordered('PUBSUB CHANNELS'), on('c', 'UNSUBSCRIBE a'), unordered('PUBSUB CHANNELS')),
  t('PUBSUB NUMSUB counts subscribers of channels',
    'PUBSUB NUMSUB', 'PUBSUB NUMSUB a', on('b', gets(2, 'SUBSCRIBE a b')), on('c', 'SUBSCRIBE a'), on('c', 'PSUBSCRIBE a'), 'PUBSUB NUMSUB a b c a',
    'PUBSUB NUMSUB "" "\\xff"', on('b', 'UNSUBSCRIBE a'), 'PUBSUB NUMSUB a'),
  t('PUBSUB NUMPAT counts patterns, each once',
    'PUBSUB NUMPAT', on('b', gets(2, 'PSUBSCRIBE a* b*')), on('c', 'PSUBSCRIBE a*'), 'PUBSUB NUMPAT', on('b', 'PUNSUBSCRIBE a*'), 'PUBSUB NUMPAT',
    on('c', 'PUNSUBSCRIBE'), 'PUBSUB NUMPAT'),
  t('PUBSUB SHARDCHANNELS and SHARDNUMSUB are for shard channels',
    'PUBSUB SHARDCHANNELS', 'PUBSUB SHARDNUMSUB', on('b', gets(2, 'SSUBSCRIBE a ab')), on('c', 'SSUBSCRIBE a'), on('c', 'SUBSCRIBE x'),
    unordered('PUBSUB SHARDCHANNELS'), 'PUBSUB SHARDCHANNELS ?b', 'PUBSUB SHARDNUMSUB a ab x', 'PUBSUB CHANNELS', on('c', 'SUNSUBSCRIBE a'),
    'PUBSUB SHARDNUMSUB a'),
  t('PUBSUB refuses what it does not know',
    'PUBSUB', 'PUBSUB FOO', 'PUBSUB CHANNELS a b', 'PUBSUB NUMPAT x', 'PUBSUB SHARDCHANNELS a b', 'PUBSUB HELP x', 'PUBSUB ""'),
  t('PUBSUB HELP is an array of lines', masked('PUBSUB HELP', 'help')),
  t('INFO counts channels and patterns',
    masked('INFO stats', 'info'), on('b', gets(2, 'SUBSCRIBE a b')), on('c', 'SUBSCRIBE a'), on('c', gets(2, 'PSUBSCRIBE a* b*')), on('c', 'SSUBSCRIBE s'),
    masked('INFO stats', 'info'), masked('INFO clients', 'info')),
  t('CLIENT LIST tells of subscriptions',
    on('b', gets(2, 'SUBSCRIBE a b')), on('b', 'PSUBSCRIBE a*'), on('c', gets(3, 'SSUBSCRIBE a b c')), masked('CLIENT LIST', 'client-line'),
    masked('CLIENT LIST TYPE pubsub', 'client-line'), masked('CLIENT LIST TYPE normal', 'client-line'),
    on('b', unorderedNames(gets(2, 'UNSUBSCRIBE'))), masked('CLIENT LIST TYPE pubsub', 'client-line'), on('b', 'PUNSUBSCRIBE'),
    masked('CLIENT LIST TYPE pubsub', 'client-line'), masked('CLIENT LIST', 'client-line')),
];

// prettier-ignore
const subscribed = [
  t('over RESP2 a subscriber may not ask for data',
    'SUBSCRIBE ch', 'GET k', 'SET k v', 'get k', 'PUBLISH ch2 x', 'MULTI', 'CLIENT GETNAME', 'config get hz', 'SELECT 1', 'HELLO 4', 'AUTH x y', 'ECHO a',
    'UNSUBSCRIBE ch', 'GET k', 'SET k w', 'GET k'),
  t('each kind of subscription makes a subscriber',
    'PSUBSCRIBE c*', 'GET k', 'PUNSUBSCRIBE', 'GET k', 'SSUBSCRIBE ch', 'GET k', 'SUNSUBSCRIBE', 'GET k', 'SUBSCRIBE a', 'PSUBSCRIBE a', 'UNSUBSCRIBE', 'GET k',
    'PUNSUBSCRIBE', 'GET k', 'SSUBSCRIBE s', 'UNSUBSCRIBE', 'GET k', 'PUNSUBSCRIBE', 'SUNSUBSCRIBE s', 'GET k'),
  t('unknown commands and wrong numbers of arguments are said as ever', 'SUBSCRIBE ch', 'FOO', 'GET', 'SUBSCRIBE', 'PING a b', 'CLIENT FOO', 'RESET x'),
  t('PING answers as a message over RESP2', 'SUBSCRIBE ch', 'PING', 'PING hello', 'PING ""', 'UNSUBSCRIBE', 'PING', 'PING hello'),
  t('QUIT is for subscribers too', on('b', 'SUBSCRIBE ch'), on('b', 'QUIT'), closes('b'), 'PUBLISH ch x'),
  t('RESET ends all subscriptions, without a word', on('b', gets(2, 'SUBSCRIBE a b')), on('b', 'PSUBSCRIBE a*'), on('b', 'SSUBSCRIBE s'), on('b', 'RESET'),
    'PUBLISH a x', 'SPUBLISH s x', 'PUBSUB NUMPAT', hearsNothing('b'), on('b', 'GET k'), on('b', 'SUBSCRIBE a'), 'PUBLISH a y', hears('b', 1)),
  t('a subscriber that hangs up is gone', on('b', gets(2, 'SUBSCRIBE a b')), on('b', 'PSUBSCRIBE a*'), on('b', 'SSUBSCRIBE s'), hangUp('b'), 'PUBLISH a x',
    'SPUBLISH s x', 'PUBSUB CHANNELS', 'PUBSUB NUMPAT', 'PUBSUB SHARDCHANNELS'),
  t('a subscriber that is killed is gone', on('b', 'SUBSCRIBE a'), on('c', 'PSUBSCRIBE a'), 'CLIENT KILL TYPE pubsub', closes('b'), closes('c'), 'PUBLISH a x',
    'CLIENT KILL TYPE pubsub'),
  t('what a subscriber has heard arrives before it is killed', on('b', 'SUBSCRIBE a'), 'PUBLISH a x', 'CLIENT KILL ID $id(b)', closes('b'), 'PUBLISH a x'),
  t('CLIENT REPLY OFF silences neither confirmations nor messages',
    on('b', silent('CLIENT REPLY OFF')), on('b', 'SUBSCRIBE ch'), 'PUBLISH ch x', hears('b', 1), on('b', 'UNSUBSCRIBE ch'), on('b', 'CLIENT REPLY ON')),
  t('CLIENT REPLY SKIP before SUBSCRIBE', silent('CLIENT REPLY SKIP'), 'SUBSCRIBE ch', 'PING'),
  t('replies to commands and messages keep their order', on('b', 'SUBSCRIBE ch'), 'PUBLISH ch 1', on('b', gets(2, 'PING')), 'PUBLISH ch 2', 'PUBLISH ch 3',
    on('b', gets(4, 'SUBSCRIBE x y')), 'PUBLISH y 4', on('b', gets(2, 'UNSUBSCRIBE y'))),
];

const frame = (type: string, ...words: string[]): string =>
  `${type}${words.length}\r\n${words.map((word) => (word.startsWith(':') ? `${word}\r\n` : `$${word.length}\r\n${word}\r\n`)).join('')}`;
const confirmed = (type: string): string => frame(type, 'subscribe', 'ch', ':1');
const heard = (type: string): string => frame(type, 'message', 'ch', 'x');

// prettier-ignore
const transactions = [
  t('what is published in EXEC is heard in order',
    on('b', 'SUBSCRIBE ch'), 'MULTI', 'PUBLISH ch 1', 'SET k v', 'PUBLISH ch 2', hearsNothing('b'), 'EXEC', hears('b', 2), 'MULTI', 'PUBLISH ch 3', 'DISCARD',
    hearsNothing('b')),
  t('SUBSCRIBE within EXEC',
    'MULTI', 'SUBSCRIBE ch', 'GET k', 'EXEC', 'UNSUBSCRIBE', 'GET k'),
  t('SUBSCRIBE to several channels within EXEC sends all its confirmations', 'MULTI', 'GET k', 'SUBSCRIBE a b', 'GET k', gets(2, 'EXEC'), 'PING',
    unorderedNames(gets(2, 'UNSUBSCRIBE'))),
  t('all kinds of subscribing within EXEC', 'MULTI', 'PSUBSCRIBE a', 'SSUBSCRIBE a', 'UNSUBSCRIBE', 'PUNSUBSCRIBE', 'SUNSUBSCRIBE', 'EXEC', 'GET k'),
  t('who subscribes and publishes within EXEC hears it behind the reply',
    'MULTI', 'SUBSCRIBE ch', 'PUBLISH ch x',
    expected(gets(2, 'EXEC'), 'pushes-behind-replies', `*2\r\n${confirmed('*')}:1\r\n${heard('*')}`, `*2\r\n${confirmed('>')}:1\r\n${heard('>')}`)),
  t('PUBSUB within EXEC', 'MULTI', 'PUBSUB NUMPAT', 'PUBSUB CHANNELS', 'PUBSUB NUMSUB a', 'EXEC'),
];

// prettier-ignore
const resp3 = only(3,
  t('a subscriber over RESP3 may do everything',
    'SUBSCRIBE ch', 'SET k v', 'GET k', 'SELECT 1', 'MULTI', 'GET k', 'EXEC', 'PING', 'PING x', masked('CLIENT INFO', 'client-line'), 'UNSUBSCRIBE'),
  t('what a client publishes to itself comes behind the reply',
    'SUBSCRIBE ch', pushesBehind(gets(2, 'PUBLISH ch x')), 'PSUBSCRIBE c*', pushesBehind(gets(3, 'PUBLISH ch y')), 'SSUBSCRIBE s',
    pushesBehind(gets(2, 'SPUBLISH s z')), 'GET k'),
  t('what a client publishes to itself within EXEC comes behind its reply',
    'SUBSCRIBE ch', 'MULTI', 'PUBLISH ch 1', 'GET k', 'PUBLISH ch 2',
    expected(gets(3, 'EXEC'), 'pushes-behind-replies', '', `*3\r\n:1\r\n_\r\n:1\r\n${frame('>', 'message', 'ch', '1')}${frame('>', 'message', 'ch', '2')}`)),
  t('messages come while a command waits', on('b', 'SUBSCRIBE ch'), blocks(on('b', 'BLPOP l 0')), 'PUBLISH ch x', hears('b', 1), 'RPUSH l y', answer('b'),
    'PUBLISH ch z', hears('b', 1)),
  t('HELLO 2 makes a subscriber over RESP2 of one over RESP3',
    on('b', 'SUBSCRIBE ch'), on('b', masked('HELLO 2', 'hello')), 'PUBLISH ch x', hears('b', 1), on('b', 'GET k'), on('b', 'PING'), on('b', 'UNSUBSCRIBE'), on('b', 'GET k')),
  t('subscribers over RESP2 and RESP3 hear the same message', on('b', 'SUBSCRIBE ch'), on('c', masked('HELLO 2', 'hello')), on('c', 'SUBSCRIBE ch'), on('d', 'PSUBSCRIBE *'),
    'PUBLISH ch x', hears('b', 1), hears('c', 1), hears('d', 1)),
  t('CLIENT REPLY OFF of a subscriber',
    on('b', 'SUBSCRIBE ch'), on('b', silent('CLIENT REPLY OFF')), 'PUBLISH ch x', hears('b', 1), on('b', silent('GET k')), on('b', 'CLIENT REPLY ON'),
    on('b', silent('CLIENT REPLY SKIP')), 'PUBLISH ch y', hears('b', 1), on('b', silent('GET k')), on('b', 'GET k')),
  t('PUBSUB replies', on('b', gets(2, 'SUBSCRIBE a b')), unordered('PUBSUB CHANNELS'), 'PUBSUB NUMSUB a b'),
);

export const pubsub = [...channels, ...patterns, ...shards, ...introspection, ...subscribed, ...transactions, ...resp3];
