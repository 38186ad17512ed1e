// Keyspace notifications: which commands tell of which events, in which order, over which of the two channels, by class.
// (events.test.ts compares the events of all data families and of random commands too.)
import {
  answer,
  blocks,
  expected,
  gets,
  hears,
  hearsAll,
  hearsNothing,
  masked,
  on,
  only,
  pushesBehind,
  silent,
  t,
  unordered,
  type Case,
  type StepLike,
} from '../steps.js';

const choose = (letters: string): string => `CONFIG SET notify-keyspace-events "${letters}"`;
const listen = on('b', 'PSUBSCRIBE __key*');

/** What a subscriber to all notifications hears of commands, when these classes are switched on. */
const told = (name: string, letters: string, ...commands: readonly StepLike[]): Case =>
  t(name, choose(letters), listen, ...commands, hearsAll('b'));
const untold = (name: string, letters: string, ...commands: readonly StepLike[]): Case =>
  t(name, choose(letters), listen, ...commands, hearsNothing('b'));

// prettier-ignore
const everything = [
  'SET k v', 'SET k v EX 100', 'EXPIRE k 200', 'PERSIST k', 'APPEND k x', 'SETRANGE k 1 x', 'RPUSH l a', 'LPOP l', 'SADD s a', 'SREM s a', 'HSET h f v',
  'HDEL h f', 'ZADD z 1 a', 'ZREM z a', 'XADD x 1-1 f v', 'XDEL x 1-1', 'RENAME k j', 'COPY j k', 'DEL j', 'GET missing', 'SET y v PX 1', 'DEBUG SLEEP 0.01',
  'GET y', 'MOVE k 1', 'FLUSHALL'];

// prettier-ignore
const classes = [
  untold('nothing is told by default', '', ...everything),
  untold('classes without a channel tell nothing', 'A', ...everything),
  untold('channels without a class tell nothing', 'KE', ...everything),
  told('both channels tell of a key: its own first, then that of the event', 'KEA', ...everything),
  told('K is the channel of the key', 'KA', ...everything),
  told('E is the channel of the event', 'EA', ...everything),
  ...'g$lshzxtnm'.split('').map((letter) => told(`class ${letter}`, `KE${letter}`, ...everything)),
  untold('classes e and d, where nothing is evicted', 'KEed', ...everything),
  told('several classes', 'Eg$xm', ...everything),
  told('all classes but A', 'KEg$lshzxetdnm', ...everything),
  told('new keys and missing keys are not in A', 'KEAnm', ...everything),
  t('the parameter is shown with its letters in order',
    ...['KEA', 'AKE', 'Elg', 'KE', 'A', 'g$lshzxetd', 'Kg$lshzxetdnm', 'nm', '', 'KEAnm', 'KKK', 'AgE'].flatMap((letters) =>
      [choose(letters), 'CONFIG GET notify-keyspace-events'])),
  t('letters that are none are refused', choose('KEx'), choose('q'), choose('KEAB'), choose('K E'), choose('ke'), 'CONFIG GET notify-keyspace-events'),
  t('a change of the parameter counts at once', listen, 'SET k 1', choose('KEA'), 'SET k 2', hearsAll('b'), choose('Kl'), 'SET k 3', choose(''), 'SET k 4', hearsNothing('b')),
];

// prettier-ignore
const channels = [
  t('the number of the database is in the channel',
    choose('KEA'), on('b', gets(2, 'SUBSCRIBE __keyspace@3__:k __keyevent@3__:set')), 'SET k v', hearsNothing('b'), 'SELECT 3', 'SET k v', 'SET other v', hearsAll('b')),
  t('a database of two digits', choose('KEA'), listen, 'SELECT 15', 'SET k v', hearsAll('b'), on('b', 'PUNSUBSCRIBE'), on('b', 'PSUBSCRIBE __keyevent@1?__:*'), 'DEL k', hearsAll('b')),
  t('a channel of one key, and one of one event',
    choose('KEA'), on('b', 'SUBSCRIBE __keyspace@0__:k'), on('c', 'SUBSCRIBE __keyevent@0__:del'), 'SET k v', 'SET j v', 'EXPIRE k 100', 'DEL j k', 'DEL k', hearsAll('b'), hearsAll('c')),
  t('binary keys', choose('KEA'), listen, 'SET "\\x00\\r\\n\\xff" v', 'SET "" v', 'SET "a b" v', hearsAll('b')),
  t('large keys', choose('KEA'), listen, `SET ${'k'.repeat(5000)} v`, hearsAll('b')),
  t('PUBSUB counts the channels of notifications as others', listen, 'PUBSUB NUMPAT', on('c', 'SUBSCRIBE __keyevent@0__:set'), 'PUBSUB CHANNELS', 'PUBLISH __keyevent@0__:set x', hearsAll('b'), hearsAll('c')),
  t('who changes the key is told as well as others', choose('KEA'), listen, on('c', 'SET k v'), on('d', 'DEL k'), hearsAll('b')),
  t('CLIENT REPLY OFF of who changes the key', choose('KEA'), listen, on('c', silent('CLIENT REPLY OFF')), on('c', silent('SET k v')), on('c', 'CLIENT REPLY ON'), hearsAll('b')),
  t('notifications are no commands', choose('KEA'), listen, 'CONFIG RESETSTAT', 'SET k v', hearsAll('b'), masked('INFO commandstats', 'info-commandstats')),
];

// prettier-ignore
const types = [
  told('strings', 'KEAn',
    'SET k v', 'SET k v NX', 'SET k v XX', 'SET k v KEEPTTL', 'SET k v GET', 'SET k w PXAT 33177117420000', 'SETNX k v', 'SETNX j v', 'SETEX k 100 v', 'PSETEX k 100000 v', 'MSET a 1 b 2', 'MSETNX a 1 b 2',
    'MSETNX c 1 d 2', 'GETSET a 2', 'GETDEL b', 'GETDEL b', 'GETEX a EX 100', 'GETEX a PERSIST', 'GETEX a PERSIST', 'GETEX a', 'INCR a', 'DECR a', 'INCRBY a 5', 'DECRBY a 5', 'INCRBYFLOAT a 1.5',
    'APPEND a x', 'APPEND n x', 'SETRANGE a 0 y', 'SETRANGE a 0 ""', 'SETRANGE m 2 y', 'GET a', 'STRLEN a', 'INCR a', 'SET e v EX 100 NX', 'LCS a n'),
  told('a time in the past', 'KEAn', 'SET k v', 'EXPIRE k -1', 'SET k v', 'EXPIREAT k 1', 'SET k v', 'GETEX k PXAT 1', 'SET k v', 'PEXPIRE k 0', 'SET k v PXAT 1', 'GET k', 'SET j v EXAT 1', 'GET j'),
  told('expiry', 'KEAn', 'SET k v', 'EXPIRE k 100', 'EXPIRE k 100 NX', 'EXPIRE k 50 GT', 'PEXPIRE k 200000 GT', 'EXPIREAT k 33177117420', 'PEXPIREAT k 33177117420000', 'PERSIST k', 'PERSIST k', 'EXPIRE missing 5', 'TTL k'),
  told('keys that have expired', 'KEAn', 'DEBUG SET-ACTIVE-EXPIRE 0', 'SET a v PX 1', 'SET b v PX 1', 'SET c v PX 1', 'SET d v PX 1', 'HSET h f v', 'PEXPIRE h 1', 'DEBUG SLEEP 0.01', 'GET a', 'SET b w', 'EXISTS c', 'DEL d', 'HSET h f w', 'GET a', 'DEBUG SET-ACTIVE-EXPIRE 1'),
  told('bitmaps', 'KEAn', 'SETBIT k 7 1', 'SETBIT k 7 1', 'GETBIT k 7', 'BITOP NOT j k', 'BITOP AND i k j', 'BITOP AND i x y', 'BITFIELD k SET u8 0 5', 'BITFIELD k GET u8 0', 'BITFIELD k INCRBY u8 0 1', 'BITFIELD_RO k GET u8 0', 'BITCOUNT k'),
  told('HyperLogLogs', 'KEAn', 'PFADD p a', 'PFADD p a', 'PFADD p', 'PFADD q b c', 'PFMERGE r p q', 'PFCOUNT p', 'PFCOUNT p q', 'PFMERGE r'),
  told('lists', 'KEAn',
    'LPUSH l a', 'RPUSH l b c d', 'LPUSHX l x', 'RPUSHX l y', 'LPUSHX m x', 'LSET l 0 z', 'LINSERT l BEFORE a i', 'LINSERT l AFTER none i', 'LREM l 0 z', 'LREM l 0 none', 'LTRIM l 0 3', 'LTRIM l 0 -1', 'LPOP l', 'RPOP l',
    'LPOP l 0', 'RPOPLPUSH l m', 'LMOVE l m LEFT RIGHT', 'LMOVE m m LEFT RIGHT', 'LMPOP 2 l m LEFT COUNT 5', 'LMPOP 2 l m RIGHT COUNT 5', 'RPUSH l a b', 'LTRIM l 5 9', 'RPUSH l a', 'LREM l 1 a', 'RPUSH l a', 'RPOP l 5',
    'BLPOP missing 0.01', 'RPUSH l a b c', 'BLPOP l 0', 'BRPOPLPUSH l m 0', 'BLMPOP 0 1 l LEFT', 'SORT m STORE n', 'SORT none STORE n', 'LRANGE m 0 -1'),
  told('sets', 'KEAn',
    'SADD s a b c d', 'SADD s a', 'SREM s a x', 'SREM s x', 'SMOVE s t b', 'SMOVE s t x', 'SADD t c', 'SMOVE s t c', 'SMOVE s s d', 'SINTERSTORE i s t', 'SUNIONSTORE u s t', 'SDIFFSTORE u none t', 'SDIFFSTORE u none', 'SDIFFSTORE u none',
    'SPOP s', 'SADD s a', 'SPOP s 5', 'SPOP s 5', 'SPOP t 0', 'SADD s a', 'SREM s a', 'SCARD t'),
  told('hashes', 'KEAn',
    'HSET h a 1 b 2', 'HSET h a 1', 'HSETNX h a 2', 'HSETNX h c 3', 'HMSET h d 4', 'HINCRBY h a 1', 'HINCRBYFLOAT h a 0.5', 'HINCRBY h new 1', 'HDEL h a x', 'HDEL h x', 'HDEL h b c d new', 'HGET h a', 'HINCRBY i f 1', 'HINCRBY i f x'),
  told('sorted sets', 'KEAn',
    'ZADD z 1 a 2 b 3 c 4 d 5 e 6 f', 'ZADD z 1 a', 'ZADD z CH 2 a', 'ZADD z NX 5 a', 'ZADD z XX 5 none', 'ZADD z INCR 1 a', 'ZADD z GT INCR -1 a', 'ZINCRBY z 1 a', 'ZREM z a x', 'ZREM z x', 'ZPOPMIN z', 'ZPOPMAX z', 'ZMPOP 1 z MIN',
    'ZPOPMIN none', 'ZRANGESTORE y z 0 -1', 'ZRANGESTORE y none 0 -1', 'ZRANGESTORE y none 0 -1', 'ZUNIONSTORE y 1 z', 'ZINTERSTORE y 2 z none', 'ZDIFFSTORE y 1 z', 'ZREMRANGEBYRANK y 0 0', 'ZREMRANGEBYSCORE y -inf +inf',
    'ZREMRANGEBYSCORE y -inf +inf', 'ZADD y 0 a 0 b', 'ZREMRANGEBYLEX y [a [a', 'ZREMRANGEBYLEX y - +', 'BZPOPMIN z 0', 'BZMPOP 0 1 z MAX COUNT 10', 'GEOADD g 13 38 p 15 37 q', 'GEOADD g XX 13 38 p', 'GEOSEARCHSTORE e g FROMLONLAT 15 37 BYRADIUS 200 km',
    'GEORADIUS g 15 37 1 m STORE e', 'GEORADIUS g 100 37 1 m STORE e'),
  told('streams', 'KEAn',
    'XADD x 1-1 f v', 'XADD x MAXLEN 1 2-1 f v', 'XADD x NOMKSTREAM 3-1 f v', 'XADD y NOMKSTREAM 3-1 f v', 'XTRIM x MAXLEN 1', 'XTRIM x MAXLEN 5', 'XDEL x 9-9', 'XDEL x 3-1', 'XGROUP CREATE x g 0', 'XGROUP CREATE m g $ MKSTREAM',
    'XGROUP CREATECONSUMER x g c', 'XGROUP CREATECONSUMER x g c', 'XADD x 5-1 f v', 'XREADGROUP GROUP g c STREAMS x >', 'XACK x g 5-1', 'XGROUP SETID x g 0', 'XREADGROUP GROUP g c STREAMS x >', 'XCLAIM x g c 0 5-1', 'XAUTOCLAIM x g c 0 0',
    'XGROUP DELCONSUMER x g c', 'XGROUP DESTROY x g', 'XGROUP DESTROY x g', 'XSETID x 10-0', 'XRANGE x - +', 'XADD x MINID 20 20-1 f v'),
  told('keys', 'KEAn',
    'SET k v', 'RENAME k j', 'RENAME j j', 'SET i v', 'RENAME i j', 'RENAMENX j i', 'SET l v', 'RENAMENX l i', 'COPY l m', 'COPY l m', 'COPY l m REPLACE', 'COPY l n DB 3', 'MOVE l 2', 'MOVE l 2', 'DEL m none', 'SET m v', 'UNLINK m none', 'SET m v EX 100', 'RENAME m o',
    'COPY o p', 'TOUCH o', 'OBJECT ENCODING o', 'SWAPDB 0 5', 'SELECT 5', 'DEL o', 'FLUSHDB', 'FLUSHALL'),
  told('keys that are not there', 'KEm',
    'GET a', 'GETEX a', 'GETDEL a', 'MGET a b', 'EXISTS a b', 'TTL a', 'PTTL a', 'EXPIRETIME a', 'TYPE a', 'OBJECT ENCODING a', 'OBJECT REFCOUNT a', 'STRLEN a', 'GETRANGE a 0 1', 'GETBIT a 1', 'BITCOUNT a', 'BITPOS a 1', 'BITFIELD a GET u8 0', 'BITFIELD_RO a GET u8 0', 'BITOP NOT z a', 'PFCOUNT a',
    'LRANGE a 0 1', 'LLEN a', 'LINDEX a 0', 'LPOS a x', 'LPOP a', 'LSET a 0 x', 'SMEMBERS a', 'SCARD a', 'SISMEMBER a x', 'SRANDMEMBER a', 'SINTER a b', 'SUNION a b', 'SDIFF a b', 'SINTERCARD 2 a b', 'SINTERSTORE z a', 'SREM a x', 'HGET a f', 'HGETALL a', 'HLEN a', 'HKEYS a', 'HRANDFIELD a', 'HDEL a f', 'ZSCORE a m',
    'ZRANGE a 0 1', 'ZCARD a', 'ZCOUNT a 0 1', 'ZRANK a m', 'ZUNION 1 a', 'ZRANDMEMBER a', 'ZREM a x', 'GEOPOS a m', 'XRANGE a - +', 'XLEN a', 'XREAD STREAMS a 0', 'XINFO STREAM a', 'SORT a', 'SORT_RO a', 'COPY a b', 'RENAME a b', 'MOVE a 1', 'EXPIRE a 5', 'PERSIST a', 'TOUCH a',
    'DEL a', 'UNLINK a', 'SET a v', 'SETNX b v', 'APPEND c v', 'INCR d', 'GETSET e v', 'HSCAN f 0', 'SSCAN f 0', 'ZSCAN f 0', unordered('SCAN 0'), 'WATCH f', 'LCS f g', 'SMOVE f g x', 'GEOSEARCH f FROMLONLAT 1 1 BYRADIUS 1 m', 'MEMORY USAGE f', 'SUBSTR f 0 1', 'HEXISTS f x', 'HSTRLEN f x', 'HMGET f x', 'SMISMEMBER f x', 'ZMSCORE f x'),
  told('new keys', 'KEn',
    'SET a v', 'SET a v', 'APPEND b v', 'INCR c', 'SETBIT d 1 1', 'RPUSH e x', 'SADD f x', 'HSET g f v', 'ZADD h 1 m', 'XADD i 1-1 f v', 'PFADD j x', 'RENAME a k', 'COPY k l', 'MOVE l 1', 'SUNIONSTORE m f', 'SORT e STORE n', 'ZUNIONSTORE o 1 h', 'LMOVE e p LEFT LEFT', 'SMOVE f q x', 'BITOP NOT r d',
    'MSET s 1 t 2', 'GETSET u v', 'SETRANGE v 1 x', 'XGROUP CREATE w g 0 MKSTREAM', 'GEOADD x 1 1 m', 'SETEX y 100 v', 'DEL a', 'HINCRBY z f 1', 'ZRANGESTORE aa h 0 -1', 'PFMERGE bb j'),
  told('keys that are overwritten are not new, but for those that a key is renamed to or copied over', 'KEAn',
    'SET k v', 'SADD s a b', 'ZADD z 1 a', 'RPUSH l b a', 'HSET h f v', 'XADD x 1-1 f v', 'SET k w', 'SET h v', 'SETEX x 100 v', 'GETSET k x', 'MSET k 1 n 2', 'BITOP NOT k n', 'BITOP NOT l n', 'SUNIONSTORE k s', 'SINTERSTORE s s', 'SDIFFSTORE h s',
    'SORT s ALPHA STORE k', 'SORT k ALPHA STORE k', 'ZUNIONSTORE s 1 z', 'ZRANGESTORE s z 0 -1', 'ZDIFFSTORE z 1 z', 'PFADD p a', 'PFMERGE p p', 'PFMERGE q p', 'COPY s k REPLACE', 'RENAME s k', 'RENAME k z', 'EXPIRE z 100', 'ZUNIONSTORE z 1 z', 'TTL z',
    'INCRBYFLOAT n 1', 'SET n 5 KEEPTTL', 'SUNIONSTORE n none', 'SUNIONSTORE n none'),
  told('keys that are missing where they are not what is asked for', 'KEAnm',
    'SADD s b', 'SORT s ALPHA BY w_* GET v_* GET # STORE d', 'RPUSH l 1', 'SORT l BY nosort GET v_*', 'SORT l BY h_*->f GET h_*->f', 'XGROUP CREATE x g 0 MKSTREAM', 'XGROUP CREATECONSUMER x g c', 'XREADGROUP GROUP g c STREAMS x >', 'XREADGROUP GROUP g c STREAMS y >', 'XREAD STREAMS x y 0 0', 'XPENDING y g',
    'XINFO GROUPS y', 'XRANGE y - +', 'XACK y g 1-1', 'XCLAIM y g c 0 1-1', 'XAUTOCLAIM y g c 0 0', 'XAUTOCLAIM y g c x 0', 'XAUTOCLAIM y g c 0 0 COUNT 0', 'XCLAIM y g c x 1-1', 'XTRIM y MAXLEN 0', 'XDEL y 1-1', 'XADD y NOMKSTREAM 1-1 f v', 'ZUNIONSTORE z 2 a b', 'ZDIFF 2 a b', 'ZINTERCARD 2 a b', 'ZRANGESTORE z a 0 -1', 'ZINTER 2 a b', 'GEOSEARCHSTORE z a FROMLONLAT 1 1 BYRADIUS 1 m',
    'GEORADIUS a 1 1 1 m', 'GEORADIUSBYMEMBER_RO a m 1 m', 'GEODIST a m n', 'GEOHASH a m', 'SET a v GET', 'SET b v XX', 'SET b v XX GET', 'SETRANGE b 0 ""', 'GETEX b PERSIST', 'PFMERGE p q', 'PFADD q x', 'PFCOUNT p q none', 'BITFIELD none SET u8 0 1', 'BITFIELD none INCRBY u8 0 1', 'LMOVE none m LEFT LEFT', 'RPOPLPUSH none m',
    'BLPOP none 0.01', 'LMPOP 2 none m LEFT', 'ZMPOP 2 none m MIN', 'ZPOPMIN none', 'BZPOPMIN none 0.01', 'BLMOVE none m LEFT LEFT 0.01', 'SPOP none', 'SPOP none 2', 'SDIFFSTORE s2 none s', 'SMOVE none s x', 'COPY none s', 'COPY s t2 DB 1', 'OBJECT FREQ none', 'OBJECT IDLETIME nobody', 'OBJECT ENCODING none', 'RENAMENX none x',
    'EXPIREAT none 1', 'PEXPIRETIME none', 'HINCRBY h f 1', 'HSETNX h2 f v', 'HGETALL none', 'HVALS none', 'HRANDFIELD none 2', 'LINSERT none BEFORE a b', 'LREM none 0 a', 'LTRIM none 0 1', 'RPUSHX none a', 'ZINCRBY none2 1 m', 'ZLEXCOUNT none - +', 'ZREVRANK none m', 'ZREMRANGEBYRANK none 0 1', 'DEBUG OBJECT none', 'TYPE none'),
];

const frame = (protocol: 2 | 3, ...words: readonly string[]): string =>
  `${protocol === 2 ? '*' : '>'}${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
const missed = (protocol: 2 | 3, ...keys: readonly string[]): string =>
  keys.map((key) => frame(protocol, 'message', '__keyevent@0__:keymiss', key)).join('');

// prettier-ignore
const occasions = [
  t('a client that waits, when it is served',
    choose('KEA'), listen, blocks(on('c', 'BLPOP l 0')), 'RPUSH l a', answer('c'), hearsAll('b'), blocks(on('c', 'BLMOVE l m LEFT RIGHT 0')), 'RPUSH l a b', answer('c'), hearsAll('b'),
    blocks(on('c', 'BZPOPMIN z 0')), 'ZADD z 1 a', answer('c'), hearsAll('b')),
  t('EXEC tells of its commands in their order', choose('KEA'), listen, 'MULTI', 'SET k v', 'RPUSH l a', 'DEL k', hearsNothing('b'), 'EXEC', hearsAll('b')),
  t('keys that are missing when a client waits for them, and when it is served',
    choose('KEAnm'), listen, blocks(on('c', 'BLPOP l m 0')), hearsNothing('b'), 'RPUSH m a', answer('c'), hearsAll('b'), blocks(on('c', 'XREAD BLOCK 0 STREAMS x 0')), 'XADD x 1-1 f v', answer('c'), hearsAll('b'),
    blocks(on('c', 'BLMOVE l k LEFT RIGHT 0')), 'RPUSH l a', answer('c'), hearsAll('b'), blocks(on('c', 'BZPOPMIN y z 0')), 'ZADD z 1 a', answer('c'), hearsAll('b')),
  t('streams that are missing when a client that waits for several is served',
    choose('Em'), on('b', 'SUBSCRIBE __keyevent@0__:keymiss'), blocks(on('c', 'XREAD BLOCK 0 STREAMS x none 0 0')), hears('b', 4), 'XADD x 1-1 f v', answer('c'), 'GET other',
    expected(hearsAll('b'), 'keymiss-events', missed(2, 'none', 'none', 'other'), missed(3, 'none', 'none', 'other'))),
  t('an expiry is told of once, before what the command does, also to its own client',
    'DEBUG SET-ACTIVE-EXPIRE 0', choose('KEAnm'), listen, 'SET k v PX 1', 'SET j v PX 1', 'SADD s a', 'PEXPIRE s 1', 'DEBUG SLEEP 0.01', 'MULTI', 'INCR k', 'RPUSH s x', 'RENAME j k', 'EXEC', 'MGET j k', 'TTL j', 'SCARD s', 'DEBUG SET-ACTIVE-EXPIRE 1', hearsAll('b')),
  t('an eviction', choose('KEe'), listen, 'CONFIG SET maxmemory-policy allkeys-random', 'SET k v', 'CONFIG SET maxmemory 1', 'PING', hearsAll('b'), 'CONFIG SET maxmemory 0', 'EXISTS k'),
  t('an eviction is no deletion', choose('KEAn'), listen, 'SET k v', 'CONFIG SET maxmemory-policy allkeys-random', 'CONFIG SET maxmemory 1', 'PING', hearsAll('b'), 'CONFIG SET maxmemory 0'),
  t('a key that is expired in the background', choose('KEx'), listen, 'SET k v PX 1', on('c', 'DEBUG SLEEP 0.3'), 'PING', 'DEBUG SLEEP 0', 'EXISTS k', hearsAll('b')),
  t('commands that fail tell nothing', choose('KEA'), listen, 'SET k', 'LPUSH', on('c', 'SET k v'), hearsAll('b'), 'LPUSH k x', 'INCR k', 'SET k v FOO', 'RENAME none k', 'LSET none 0 x', 'EXPIRE k x', 'SELECT 99', hearsNothing('b')),
  t('commands that change nothing tell nothing',
    'SET k v', 'SADD s a', 'ZADD z 1 a', 'HSET h f v', choose('KEA'), listen, 'SET k v NX', 'SADD s a', 'SREM s x', 'ZREM z x', 'ZADD z NX 3 a', 'HDEL h x', 'DEL none', 'PERSIST k', 'EXPIRE k 5 XX', 'LPUSHX none a', 'MSETNX k 1 j 2', 'COPY k s',
    'SMOVE s t x', 'LREM none 0 a', 'GETEX k', 'HSETNX h f x', hearsNothing('b')),
];

// prettier-ignore
const resp3 = only(3,
  t('a client over RESP3 hears of its own changes behind the reply',
    choose('KEA'), 'SUBSCRIBE __keyspace@0__:k', pushesBehind(gets(2, 'SET k v')), 'GET k', pushesBehind(gets(2, 'DEL k')), 'PSUBSCRIBE __keyevent*', pushesBehind(gets(5, 'SET k v EX 100')),
    pushesBehind(gets(2, 'SET j v'))),
  t('and behind all of EXEC',
    choose('EA'), gets(2, 'SUBSCRIBE __keyevent@0__:set __keyevent@0__:del'), 'MULTI', 'SET k v', 'DEL k',
    expected(gets(3, 'EXEC'), 'pushes-behind-replies', '', `*2\r\n+OK\r\n:1\r\n${frame(3, 'message', '__keyevent@0__:set', 'k')}${frame(3, 'message', '__keyevent@0__:del', 'k')}`)),
  t('a client that waits hears what let it be served before its reply, and what that did behind it',
    choose('EA'), on('c', gets(4, 'SUBSCRIBE __keyevent@0__:rpush __keyevent@0__:lpop __keyevent@0__:del ch')), blocks(on('c', 'BLPOP l 0')), 'PUBLISH ch x', hears('c', 1), 'RPUSH l a', hears('c', 1), answer('c'), hears('c', 2)),
);

export const keyspaceNotifications = [...classes, ...channels, ...types, ...occasions, ...resp3];
