// Hashes, small (listpack: in order of insertion) and big (hash table: in no order).
import { complete, masked, t, unordered, unorderedPairs } from '../steps.js';

const maxInt64 = '9223372036854775807';
const minInt64 = '-9223372036854775808';
const pairs = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, i) => `f${i + from} v${i + from}`).join(' ');
const small = 'CONFIG SET hash-max-listpack-entries 4';
const long = (length: number): string => 'x'.repeat(length);

const fields = [
  t('HSET adds and overwrites fields', 'HSET h a 1', 'HSET h a 2 b 3', 'HSET h a 4', 'HGETALL h', 'HSET h c 5 c 6 d 7', 'HGETALL h'),
  t('HSET keeps the place of an overwritten field', 'HSET h a 1 b 2 c 3', 'HSET h a 9', 'HSET h b a-longer-value', 'HGETALL h', 'HSET h c ""', 'HGETALL h'),
  t('HSET stores empty and binary fields', 'HSET h "" ""', 'HGET h ""', 'HSET h "\\x00\\xff\\r\\n" "\\xfe\\x00"', 'HGET h "\\x00\\xff\\r\\n"', 'HGETALL h', 'HSTRLEN h "\\x00\\xff\\r\\n"'),
  t(
    'HSET keeps integers to the letter',
    ...['HSET h a 1 b -1 c 127 d 128 e -129 f 4095 g 4096 h 32767 i 32768 j 8388608 k 2147483648', 'HGETALL h', 'HSET n 0 a 00 b -0 c +1 d'],
    ...[`HSET m ${maxInt64} ${minInt64}`, 'HGETALL m', 'HSET m 9223372036854775808 1.0', 'HGETALL m', 'HGETALL n', 'HGET n 0', 'HGET n 00'],
  ),
  t('HSET needs pairs', 'HSET', 'HSET h', 'HSET h a', 'HSET h a 1 b', 'EXISTS h'),
  t('HSET refuses a string', 'SET s v', 'HSET s a 1', 'GET s'),
  t('HSETNX sets what is missing', 'HSETNX h a 1', 'HSETNX h a 2', 'HSETNX h b ""', 'HGETALL h'),
  t('HSETNX needs three arguments', 'HSETNX h a', 'HSETNX h a 1 b'),
  t('HSETNX refuses a string', 'SET s v', 'HSETNX s a 1'),
  t('HMSET answers OK', 'HMSET h a 1 b 2', 'HMSET h a 3', 'HGETALL h', 'HMSET h c 1 c 2', 'HGET h c'),
  t('HMSET needs pairs', 'HMSET h', 'HMSET h a', 'HMSET h a 1 b'),
  t('HMSET refuses a string', 'SET s v', 'HMSET s a 1'),
  t('HGET answers one field', 'HSET h a 1', 'HGET h a', 'HGET h b', 'HGET missing a'),
  t('HGET needs two arguments', 'HGET h', 'HGET h a b'),
  t('HGET refuses a string', 'SET s v', 'HGET s a'),
  t('HMGET answers fields in the order asked', 'HSET h a 1 b 2', 'HMGET h b x a b', 'HMGET missing a b', 'HMGET h ""'),
  t('HMGET needs a field', 'HMGET h', 'HMGET'),
  t('HMGET refuses a string', 'SET s v', 'HMGET s a'),
  t('HGETALL, HKEYS and HVALS answer in order of insertion', 'HSET h b 1 a 2 c 3', 'HGETALL h', 'HKEYS h', 'HVALS h', 'HDEL h a', 'HSET h a 4', 'HGETALL h'),
  t('HGETALL, HKEYS and HVALS of a missing key are empty', 'HGETALL h', 'HKEYS h', 'HVALS h', 'EXISTS h'),
  t('HGETALL, HKEYS and HVALS need one key', 'HGETALL', 'HGETALL a b', 'HKEYS', 'HKEYS a b', 'HVALS', 'HVALS a b'),
  t('HGETALL, HKEYS and HVALS refuse a string', 'SET s v', 'HGETALL s', 'HKEYS s', 'HVALS s'),
  t('HLEN counts fields', 'HLEN h', 'HSET h a 1 b 2', 'HLEN h', 'HDEL h a', 'HLEN h'),
  t('HLEN needs one key', 'HLEN', 'HLEN a b'),
  t('HLEN refuses a string', 'SET s v', 'HLEN s'),
  t('HSTRLEN counts the bytes of a value', `HSET h a hello b "" c -123 d ${minInt64} e 0`, 'HSTRLEN h a', 'HSTRLEN h b', 'HSTRLEN h c', 'HSTRLEN h d', 'HSTRLEN h e', 'HSTRLEN h x', 'HSTRLEN missing a'),
  t('HSTRLEN needs two arguments', 'HSTRLEN h', 'HSTRLEN h a b'),
  t('HSTRLEN refuses a string', 'SET s v', 'HSTRLEN s a'),
  t('HEXISTS knows fields', 'HSET h a ""', 'HEXISTS h a', 'HEXISTS h b', 'HEXISTS missing a'),
  t('HEXISTS needs two arguments', 'HEXISTS h', 'HEXISTS h a b'),
  t('HEXISTS refuses a string', 'SET s v', 'HEXISTS s a'),
  t('HDEL deletes fields, and the key with the last', 'HSET h a 1 b 2 c 3', 'HDEL h a x', 'HDEL h a', 'HGETALL h', 'HDEL h b c c d', 'EXISTS h', 'HDEL h a', 'TYPE h'),
  t('HDEL needs a field', 'HDEL h', 'HDEL'),
  t('HDEL refuses a string', 'SET s v', 'HDEL s a'),
  t('hash commands keep the time to live', 'HSET h a 1', 'EXPIREAT h 33177117420', 'HSET h b 2', 'HINCRBY h c 1', 'HDEL h a', 'EXPIRETIME h', 'HDEL h b c', 'HSET h a 1', 'TTL h'),
];

const counters = [
  t('HINCRBY counts from nothing', 'HINCRBY h a 5', 'HINCRBY h a -7', 'HINCRBY h b 0', 'HGETALL h', 'HSET h c 10', 'HINCRBY h c 1'),
  t(
    'HINCRBY stops at the limits of 64 bits',
    ...[`HSET h a ${maxInt64} b ${minInt64}`, 'HINCRBY h a 1', 'HINCRBY h b -1', `HINCRBY h a ${minInt64}`, `HINCRBY h b ${maxInt64}`, 'HGETALL h'],
    ...[`HINCRBY h c ${maxInt64}`, `HINCRBY h c ${maxInt64}`, `HINCRBY h d ${minInt64}`, 'HINCRBY h d 9007199254740993', 'HGETALL h'],
  ),
  t(
    'HINCRBY refuses values that are no integer',
    ...['HSET h a x b 1.5 c "" d " 1" e "1 " f 01 g +1 h 9223372036854775808', 'HINCRBY h a 1', 'HINCRBY h b 1', 'HINCRBY h c 1', 'HINCRBY h d 1'],
    ...['HINCRBY h e 1', 'HINCRBY h f 1', 'HINCRBY h g 1', 'HINCRBY h h 1', 'HGETALL h'],
  ),
  t('HINCRBY refuses increments that are no integer', 'HINCRBY h a x', 'HINCRBY h a 1.5', 'HINCRBY h a ""', 'HINCRBY h a 9223372036854775808', 'EXISTS h'),
  t('HINCRBY needs three arguments', 'HINCRBY h a', 'HINCRBY h a 1 2'),
  t('HINCRBY refuses a string, the increment first', 'SET s v', 'HINCRBY s a 1', 'HINCRBY s a x'),
  t(
    'HINCRBYFLOAT adds decimal fractions as a long double does',
    ...['HINCRBYFLOAT h a 10.5', 'HINCRBYFLOAT h a 0.1', 'HINCRBYFLOAT h a -10.6', 'HINCRBYFLOAT h b 5.0e3', 'HGETALL h', 'HSET h c 0.1', 'HINCRBYFLOAT h c 0.2'],
    ...['HSET h d 3.0', 'HINCRBYFLOAT h d 1.1', 'HINCRBYFLOAT h d 1e-17', 'HSET h e 9007199254740993', 'HINCRBYFLOAT h e 0', 'HINCRBYFLOAT h e 1', 'HGETALL h'],
  ),
  t(
    'HINCRBYFLOAT refuses what is no number',
    ...['HINCRBYFLOAT h a x', 'HINCRBYFLOAT h a ""', 'HINCRBYFLOAT h a " 1"', 'HINCRBYFLOAT h a nan', 'HINCRBYFLOAT h a inf', 'HINCRBYFLOAT h a -inf', 'EXISTS h'],
    ...['HSET h a x b "" c " 1" d inf e "1 "', 'HINCRBYFLOAT h a 1', 'HINCRBYFLOAT h b 1', 'HINCRBYFLOAT h c 1', 'HINCRBYFLOAT h d 1', 'HINCRBYFLOAT h e 1'],
  ),
  t('HINCRBYFLOAT needs three arguments', 'HINCRBYFLOAT h a', 'HINCRBYFLOAT h a 1 2'),
  t('HINCRBYFLOAT refuses a string', 'SET s v', 'HINCRBYFLOAT s a 1', 'HINCRBYFLOAT s a x'),
];

const encodings = [
  t('a hash is a listpack up to its limit of entries', small, `HSET h ${pairs(4)}`, 'OBJECT ENCODING h', 'HSET h f0 x', 'OBJECT ENCODING h', 'HSET h f4 v', 'OBJECT ENCODING h', unorderedPairs('HGETALL h'), 'HLEN h'),
  t('a hash that shrank stays a hash table', small, `HSET h ${pairs(6)}`, 'HDEL h f0 f1 f2 f3', 'OBJECT ENCODING h', unorderedPairs('HGETALL h')),
  t('a hash with the default limit is a listpack of 512', `HSET h ${pairs(512)}`, 'OBJECT ENCODING h', 'HGETALL h', 'HSET h one more', 'OBJECT ENCODING h', 'HLEN h', unorderedPairs('HGETALL h')),
  t('a listpack counts fields, not arguments', small, 'HSET h a 1 a 2 a 3 a 4 a 5 a 6', 'OBJECT ENCODING h'),
  t(
    'a value beyond hash-max-listpack-value makes a hash table',
    ...[`HSET h a ${long(64)}`, 'OBJECT ENCODING h', `HSET h a ${long(65)}`, 'OBJECT ENCODING h', 'HGETALL h', `HSET g ${long(65)} v`, 'OBJECT ENCODING g', `HGET g ${long(65)}`],
    ...[`HSET f ${long(64)} v`, 'OBJECT ENCODING f', `HSETNX e a ${long(65)}`, 'OBJECT ENCODING e', `HMSET d a ${long(65)}`, 'OBJECT ENCODING d'],
  ),
  t('a parameter change does not convert what is there', 'HSET h a 1 b 2 c 3', 'CONFIG SET hash-max-listpack-entries 2', 'OBJECT ENCODING h', 'HSET h a 9', 'OBJECT ENCODING h', 'HSET h d 4', 'OBJECT ENCODING h'),
  t('entries 0 makes hash tables only', 'CONFIG SET hash-max-listpack-entries 0', 'HSET h a 1', 'OBJECT ENCODING h', 'HGETALL h'),
  t('HSETNX and counters convert at the limit too', small, `HSET h ${pairs(4)}`, 'HSETNX h f4 v', 'OBJECT ENCODING h', `HSET g ${pairs(4)}`, 'HINCRBY g n 1', 'OBJECT ENCODING g', `HSET i ${pairs(4)}`, 'HINCRBYFLOAT i n 1.5', 'OBJECT ENCODING i'),
  t(
    'a hash table serves every command',
    ...[small, `HSET h ${pairs(20)}`, 'HGET h f7', 'HMGET h f1 x f19', 'HEXISTS h f3', 'HEXISTS h x', 'HSTRLEN h f12', 'HLEN h', 'HDEL h f0 f1 x', 'HINCRBY h n 5', 'HINCRBY h n 5'],
    ...['HINCRBYFLOAT h n 0.5', 'HSETNX h f2 x', 'HSETNX h new x', 'HSET h f2 y', unorderedPairs('HGETALL h'), unordered('HKEYS h'), unordered('HVALS h'), 'DEBUG DIGEST-VALUE h'],
    ...['HSET h "" "" "\\x00\\xff" "\\r\\n"', 'HGET h ""', 'HGET h "\\x00\\xff"', 'HINCRBY h f5 1', `HSET h big ${long(3000)}`, 'HGET h big', 'HSET h big small', 'HGET h big'],
  ),
  t('large values live in hashes', `HSET h a ${long(70000)} b c`, 'HSTRLEN h a', 'HGET h a', 'HDEL h a', 'HGETALL h'),
];

const random = [
  t('HRANDFIELD of one field answers it', 'HSET h a 1', 'HRANDFIELD h', 'HRANDFIELD h 1', 'HRANDFIELD h -3', 'HRANDFIELD h 1 WITHVALUES', 'HRANDFIELD h -3 WITHVALUES', 'HRANDFIELD h 5 withvalues', 'HRANDFIELD h 0', 'HRANDFIELD h 0 WITHVALUES'),
  t('HRANDFIELD of a missing key', 'HRANDFIELD h', 'HRANDFIELD h 5', 'HRANDFIELD h -5', 'HRANDFIELD h 5 WITHVALUES', 'HRANDFIELD h 0'),
  t('HRANDFIELD with a count at or above the length answers all', 'HSET h a 1 b 2 c 3', unordered('HRANDFIELD h 3'), unordered('HRANDFIELD h 100'), `HSET g ${pairs(4)}`, unordered(`HRANDFIELD g ${maxInt64}`)),
  t('HRANDFIELD WITHVALUES with a count above the length answers all pairs', 'HSET h a 1', 'HRANDFIELD h 10 WITHVALUES', 'HRANDFIELD h 4611686018427387903 WITHVALUES'),
  t('HRANDFIELD answers as many as asked', `HSET h ${pairs(10)}`, masked('HRANDFIELD h', 'shape'), masked('HRANDFIELD h 3', 'shape'), masked('HRANDFIELD h 9', 'shape'), masked('HRANDFIELD h -30', 'shape'), masked('HRANDFIELD h 3 WITHVALUES', 'shape'), masked('HRANDFIELD h -30 WITHVALUES', 'shape')),
  t('HRANDFIELD answers as many as asked from a hash table', small, `HSET h ${pairs(10)}`, masked('HRANDFIELD h', 'shape'), masked('HRANDFIELD h 2', 'shape'), masked('HRANDFIELD h 9', 'shape'), unordered('HRANDFIELD h 10'), masked('HRANDFIELD h -30', 'shape'), masked('HRANDFIELD h 3 WITHVALUES', 'shape'), masked('HRANDFIELD h -30 WITHVALUES', 'shape')),
  t(
    'HRANDFIELD refuses bad counts',
    ...['HSET h a 1', 'HRANDFIELD h a', 'HRANDFIELD h 1.5', 'HRANDFIELD h ""', `HRANDFIELD h ${minInt64}`, 'HRANDFIELD h 9223372036854775808', 'HRANDFIELD h 1 FOO', 'HRANDFIELD h WITHVALUES'],
    ...['HRANDFIELD h 4611686018427387904 WITHVALUES', 'HRANDFIELD h -4611686018427387904 WITHVALUES', `HRANDFIELD h ${maxInt64} WITHVALUES`, 'HRANDFIELD h 1 WITHVALUES x', 'HRANDFIELD missing a', 'HRANDFIELD missing 1 FOO'],
    ...[`HRANDFIELD missing ${minInt64}`, 'HRANDFIELD missing 4611686018427387904 WITHVALUES'],
  ),
  t('HRANDFIELD needs a key', 'HRANDFIELD'),
  t('HRANDFIELD refuses a string', 'SET s v', 'HRANDFIELD s', 'HRANDFIELD s 2', 'HRANDFIELD s 2 WITHVALUES', 'HRANDFIELD s a', 'HRANDFIELD s 1 FOO'),
];

const scan = [
  t('HSCAN answers a small hash at once', 'HSET h a 1 b 2 c 3', 'HSCAN h 0', 'HSCAN h 0 COUNT 1', 'HSCAN h 0 MATCH b', 'HSCAN h 0 MATCH x*', 'HSCAN h 0 MATCH [ab] COUNT 100', 'HSCAN h 0 COUNT 1 MATCH *', 'HSCAN missing 0'),
  t('HSCAN answers a small hash from any cursor', 'HSET h a 1', 'HSCAN h 7', 'HSCAN h 18446744073709551615'),
  t('HSCAN goes through a hash table', small, `HSET h ${pairs(100)}`, complete('HSCAN h 0'), complete('HSCAN h 0 COUNT 3'), complete('HSCAN h 0 COUNT 1000'), complete('HSCAN h 0 MATCH f1*'), complete('HSCAN h 0 MATCH nothing COUNT 7')),
  t('HSCAN COUNT above the length answers all at once', small, `HSET h ${pairs(10)}`, unorderedPairs('HSCAN h 0 COUNT 1000'), unorderedPairs('HSCAN h 0 COUNT 1000 MATCH f[1-3]')),
  t(
    'HSCAN refuses bad cursors and options',
    ...['HSET h a 1', 'HSCAN h a', 'HSCAN h -1', 'HSCAN h ""', 'HSCAN h " 0"', 'HSCAN h 1.5', 'HSCAN h 18446744073709551616', 'HSCAN h 0 COUNT 0', 'HSCAN h 0 COUNT -1', 'HSCAN h 0 COUNT a'],
    ...['HSCAN h 0 COUNT', 'HSCAN h 0 MATCH', 'HSCAN h 0 FOO', 'HSCAN h 0 FOO 1', 'HSCAN h 0 TYPE string', 'HSCAN missing 0 COUNT 0', 'HSCAN missing a', 'HSCAN missing 0 FOO', `HSCAN h 0 COUNT ${maxInt64}`, 'HSCAN h "0 "', 'HSCAN h +0', 'HSCAN h 00'],
  ),
  t('HSCAN needs a cursor', 'HSCAN', 'HSCAN h'),
  t('HSCAN refuses a string', 'SET s v', 'HSCAN s 0', 'HSCAN s 0 COUNT 0', 'HSCAN s a'),
];

export const hashes = [...fields, ...counters, ...encodings, ...random, ...scan];
