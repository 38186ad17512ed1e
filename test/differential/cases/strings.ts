// Strings: SET and its options, counters, ranges, several keys at a time, LCS.
import { approx, t } from '../steps.js';

const maxInt64 = '9223372036854775807';
const minInt64 = '-9223372036854775808';
const long = (length: number): string => 'x'.repeat(length);

const set = [
  t('sets and overwrites a value', 'SET k v', 'GET k', 'SET k w', 'GET k', 'set k lower', 'gEt k'),
  t('stores empty keys and values', 'SET "" ""', 'GET ""', 'SET k ""', 'GET k', 'STRLEN k', 'EXISTS ""'),
  t(
    'keeps binary keys and values to the byte',
    'SET "k\\x00\\xff\\r\\n" "v\\x00\\x01\\xfe\\xff\\r\\n$5\\r\\n"',
    'GET "k\\x00\\xff\\r\\n"',
    'GET "k\\x00\\xff"',
    'STRLEN "k\\x00\\xff\\r\\n"',
    'KEYS *',
  ),
  t('keeps UTF-8 as bytes', 'SET ключ "значение ✓"', 'GET ключ', 'STRLEN ключ'),
  t('sets with NX only when the key is missing', 'SET k v NX', 'SET k w NX', 'GET k'),
  t('sets with XX only when the key exists', 'SET k v XX', 'GET k', 'SET k v', 'SET k w XX', 'GET k'),
  t('answers the old value with GET', 'SET k a GET', 'SET k b GET', 'GET k', 'SET k "" GET', 'SET k c GET'),
  t('combines NX and XX with GET', 'SET k a NX GET', 'SET k b NX GET', 'GET k', 'SET k c XX GET', 'SET m d XX GET', 'GET m'),
  t('refuses GET on another type and leaves it', 'HSET k f v', 'SET k v GET', 'SET k v XX GET', 'SET k v NX GET', 'TYPE k'),
  t('overwrites a value of another type', 'HSET k f v', 'SET k v', 'TYPE k', 'GET k'),
  t('does not overwrite another type with NX', 'HSET k f v', 'SET k v NX', 'TYPE k'),
  t('sets a time to live with EX', 'SET k v EX 100', approx('TTL k', 2), approx('PTTL k', 3000)),
  t('sets a time to live with PX', 'SET k v PX 100000', approx('TTL k', 2), approx('PTTL k', 3000)),
  t('sets an absolute time with EXAT', 'SET k v EXAT 33177117420', 'EXPIRETIME k', 'PEXPIRETIME k'),
  t('sets an absolute time with PXAT', 'SET k v PXAT 33177117420123', 'EXPIRETIME k', 'PEXPIRETIME k'),
  t('sets with an absolute time in the past', 'SET k v EXAT 1', 'GET k', 'SET k v PXAT 1', 'EXISTS k', 'DBSIZE', 'SET k v GET'),
  t('drops the time to live without KEEPTTL', 'SET k v EXAT 33177117420', 'SET k w', 'TTL k'),
  t('keeps the time to live with KEEPTTL', 'SET k v EXAT 33177117420', 'SET k w KEEPTTL', 'EXPIRETIME k', 'GET k'),
  t('accepts KEEPTTL on a missing key', 'SET k v KEEPTTL', 'TTL k'),
  t('keeps the time when NX fails', 'SET k v EXAT 33177117420', 'SET k w NX EX 5', 'EXPIRETIME k', 'GET k'),
  t('reads options in any case and order', 'SET k v ex 100 nx', 'SET k w xX gEt eXaT 33177117420', 'EXPIRETIME k'),
  t('takes NX and XX together as a syntax error', 'SET k v NX XX', 'SET k v XX NX', 'GET k'),
  t(
    'takes two expiry options as a syntax error',
    ...['SET k v EX 1 PX 1', 'SET k v EX 1 EX 1', 'SET k v EX 1 KEEPTTL', 'SET k v KEEPTTL EX 1', 'SET k v EXAT 1 PXAT 1'],
    ...['SET k v PX 1 EXAT 5', 'SET k v KEEPTTL PXAT 10', 'SET k v KEEPTTL KEEPTTL', 'SET k v PERSIST', 'EXISTS k'],
  ),
  t(
    'takes missing and unknown options as a syntax error',
    ...['SET k v EX', 'SET k v PX', 'SET k v EXAT', 'SET k v PXAT', 'SET k v FOO', 'SET k v NX FOO', 'SET k v ""'],
    ...['SET k v GET GET', 'SET k v NX NX', 'SET k v EX NX', 'SET k v 10'],
  ),
  t(
    'refuses times that are not integers',
    ...['SET k v EX a', 'SET k v EX ""', 'SET k v EX 1.5', 'SET k v PX 1e3', 'SET k v EX " 1"', 'SET k v EX +1'],
    ...['SET k v EX 9223372036854775808', 'SET k v EX 01', 'SET k v PX "1 "', 'EXISTS k'],
  ),
  t(
    'refuses times out of range',
    ...['SET k v EX 0', 'SET k v EX -1', 'SET k v PX 0', 'SET k v PX -5', 'SET k v EXAT 0', 'SET k v PXAT -1'],
    ...[`SET k v EX ${maxInt64}`, `SET k v PX ${maxInt64}`, `SET k v EXAT ${maxInt64}`, `SET k v EX ${minInt64}`],
    ...['SET k v EX 9223372036854775', 'SET k v EX 9223372036854776', 'EXISTS k'],
  ),
  t('takes the largest absolute time', `SET k v PXAT ${maxInt64}`, 'PEXPIRETIME k', 'EXPIRETIME k'),
  t('judges options before the type', 'HSET k f v', 'SET k v GET EX 0', 'SET k v GET FOO', 'SET k v GET EX a'),
  t(
    'stores long values',
    `SET k ${long(44)}`,
    ...['OBJECT ENCODING k', `SET k ${long(45)}`, 'OBJECT ENCODING k', `SET k ${long(20000)}`, 'GET k', 'STRLEN k'],
  ),
  t(
    'knows integers by their canonical form',
    ...['SET k 0', 'OBJECT ENCODING k', 'SET k -0', 'OBJECT ENCODING k', 'SET k 01', 'OBJECT ENCODING k'],
    ...['SET k -1', 'OBJECT ENCODING k', 'SET k +1', 'OBJECT ENCODING k', 'SET k " 1"', 'OBJECT ENCODING k'],
    ...[`SET k ${maxInt64}`, 'OBJECT ENCODING k', 'GET k', `SET k ${minInt64}`, 'OBJECT ENCODING k', 'GET k'],
    ...['SET k 9223372036854775808', 'OBJECT ENCODING k', 'SET k -9223372036854775809', 'OBJECT ENCODING k'],
    ...['SET k 1.0', 'OBJECT ENCODING k', 'SET k ""', 'OBJECT ENCODING k', 'SET k 12345678901234567890', 'GET k'],
  ),
  t('has keys as long as values', `SET ${long(3000)} v`, `GET ${long(3000)}`, `GET ${long(2999)}`, `TYPE ${long(3000)}`),
  t('reports wrong numbers of arguments of SET and GET', 'SET', 'SET k', 'GET', 'GET a b', 'GET a b c'),
  t('refuses GET of a hash', 'HSET h f v', 'GET h', 'GET missing'),
];

const setVariants = [
  t('GETSET sets and answers the old value', 'GETSET k a', 'GETSET k b', 'GET k', 'GETSET k ""', 'GETSET k c'),
  t('GETSET drops the time to live', 'SET k v EX 100', 'GETSET k w', 'TTL k'),
  t('GETSET refuses a hash', 'HSET h f v', 'GETSET h v', 'TYPE h'),
  t('GETSET needs two arguments', 'GETSET k', 'GETSET k v w', 'GETSET'),
  t('SETNX sets what is missing', 'SETNX k v', 'SETNX k w', 'GET k', 'HSET h f v', 'SETNX h v', 'TYPE h'),
  t('SETNX needs two arguments', 'SETNX k', 'SETNX k v w'),
  t('SETEX sets with seconds', 'SETEX k 100 v', approx('TTL k', 2), 'GET k', 'SETEX k 200 w', approx('TTL k', 2), 'GET k'),
  t(
    'SETEX refuses bad times',
    ...['SETEX k 0 v', 'SETEX k -1 v', 'SETEX k a v', 'SETEX k "" v', `SETEX k ${maxInt64} v`, 'SETEX k 1.0 v', 'EXISTS k'],
    ...['SETEX k 9223372036854775808 v'],
  ),
  t('SETEX needs three arguments', 'SETEX k 1', 'SETEX k 1 v w', 'SETEX'),
  t('SETEX replaces another type', 'HSET k f v', 'SETEX k 100 v', 'TYPE k'),
  t('PSETEX sets with milliseconds', 'PSETEX k 100000 v', approx('TTL k', 2), approx('PTTL k', 3000), 'GET k'),
  t('PSETEX refuses bad times', 'PSETEX k 0 v', 'PSETEX k -1 v', 'PSETEX k a v', `PSETEX k ${maxInt64} v`, 'EXISTS k'),
  t('PSETEX needs three arguments', 'PSETEX k 1', 'PSETEX k 1 v w'),
  t('PSETEX replaces another type', 'HSET k f v', 'PSETEX k 100000 v', 'TYPE k'),
  t('GETDEL answers and deletes', 'SET k v', 'GETDEL k', 'GETDEL k', 'EXISTS k', 'DBSIZE'),
  t('GETDEL refuses a hash and leaves it', 'HSET h f v', 'GETDEL h', 'EXISTS h'),
  t('GETDEL needs one key', 'GETDEL', 'GETDEL a b'),
  t('GETEX reads without a change', 'GETEX k', 'SET k v EXAT 33177117420', 'GETEX k', 'EXPIRETIME k'),
  t(
    'GETEX sets the time to live',
    ...['SET k v', 'GETEX k EX 100', approx('TTL k', 2), 'GETEX k PX 200000', approx('PTTL k', 3000)],
    ...['GETEX k EXAT 33177117420', 'EXPIRETIME k', 'GETEX k PXAT 33177117420123', 'PEXPIRETIME k', 'GETEX k PERSIST', 'TTL k'],
  ),
  t('GETEX deletes with a time in the past', 'SET k v', 'GETEX k EXAT 1', 'EXISTS k', 'SET k v', 'GETEX k pxat 1', 'GET k'),
  t('GETEX PERSIST leaves a key without time', 'SET k v', 'GETEX k PERSIST', 'TTL k', 'GETEX missing PERSIST'),
  t(
    'GETEX refuses bad options',
    ...['SET k v', 'GETEX k EX', 'GETEX k EX a', 'GETEX k EX 0', 'GETEX k EX -1', 'GETEX k PX 0', 'GETEX k EXAT 0'],
    ...[`GETEX k EX ${maxInt64}`, `GETEX k PX ${maxInt64}`, 'GETEX k EX 1 PX 1', 'GETEX k PERSIST EX 1', 'GETEX k EX 1 PERSIST'],
    ...['GETEX k FOO', 'GETEX k KEEPTTL', 'GETEX k NX', 'GETEX k GET', 'TTL k', 'GETEX missing EX 0', 'GETEX missing FOO'],
  ),
  t('GETEX refuses a hash', 'HSET h f v', 'GETEX h', 'GETEX h EX 10', 'GETEX h EX a', 'TTL h'),
  t('GETEX needs a key', 'GETEX'),
];

const several = [
  t('MSET sets all', 'MSET a 1 b 2 c ""', 'MGET a b c', 'MSET a x a y', 'GET a'),
  t('MSET drops times and other types', 'SET a v EX 100', 'HSET b f v', 'MSET a 1 b 2', 'TTL a', 'TYPE b'),
  t('MSET needs pairs', 'MSET', 'MSET a', 'MSET a 1 b', 'EXISTS a'),
  t('MSETNX sets all or none', 'MSETNX a 1 b 2', 'MSETNX b 3 c 4', 'MGET a b c', 'HSET h f v', 'MSETNX d 1 h 2', 'EXISTS d'),
  t('MSETNX takes a repeated key', 'MSETNX a 1 a 2', 'GET a'),
  t('MSETNX needs pairs', 'MSETNX', 'MSETNX a', 'MSETNX a 1 b'),
  t('MGET answers null for what is no string', 'SET a 1', 'HSET h f v', 'MGET a h missing a', 'MGET missing'),
  t('MGET needs a key', 'MGET'),
  t(
    'APPEND creates and extends',
    ...['APPEND k a', 'APPEND k b', 'GET k', 'APPEND k ""', 'APPEND m ""', 'EXISTS m', 'STRLEN m'],
    ...['SET n 10', 'APPEND n 5', 'GET n', 'OBJECT ENCODING n', 'INCR n', 'OBJECT ENCODING n'],
  ),
  t('APPEND keeps the time to live', 'SET k v EXAT 33177117420', 'APPEND k w', 'EXPIRETIME k', 'OBJECT ENCODING k'),
  t('APPEND grows a value in many steps', ...Array.from({ length: 20 }, (_, i) => `APPEND k ${long(i * 7)}`), 'STRLEN k', 'GET k'),
  t('APPEND refuses a hash', 'HSET h f v', 'APPEND h v'),
  t('APPEND needs two arguments', 'APPEND k', 'APPEND k a b'),
  t('STRLEN counts bytes', 'STRLEN k', 'SET k "\\x00\\x00"', 'STRLEN k', 'SET k -123', 'STRLEN k', `SET k ${minInt64}`, 'STRLEN k'),
  t('STRLEN refuses a hash', 'HSET h f v', 'STRLEN h'),
  t('STRLEN needs one key', 'STRLEN', 'STRLEN a b'),
];

const counters = [
  t('INCR and DECR count from nothing', 'INCR k', 'INCR k', 'DECR k', 'DECR m', 'GET k', 'OBJECT ENCODING k'),
  t('INCRBY and DECRBY add and subtract', 'INCRBY k 10', 'INCRBY k -3', 'DECRBY k 5', 'DECRBY k -100', 'INCRBY k 0', 'DECRBY m 5', 'GET k'),
  t(
    'counters stop at the limits of 64 bits',
    ...[`SET k ${maxInt64}`, 'INCR k', 'INCRBY k 1', 'GET k', 'DECR k', 'INCR k'],
    ...[`SET k ${minInt64}`, 'DECR k', 'DECRBY k 1', 'INCRBY k -1', 'GET k', `INCRBY k ${maxInt64}`, 'GET k'],
    ...['SET k 1', `INCRBY k ${maxInt64}`, `INCRBY k ${minInt64}`, 'GET k', 'SET k -2', `INCRBY k ${minInt64}`],
  ),
  t(
    'counters are exact beyond 2^53',
    ...['SET k 9007199254740993', 'INCR k', 'INCR k', 'DECR k', 'INCRBY k 9007199254740993', 'GET k'],
    ...['SET k -9007199254740993', 'DECR k', 'DECRBY k 9007199254740991', 'GET k', 'INCRBY k 18014398509481987', 'GET k'],
  ),
  t('DECRBY refuses the smallest integer', `DECRBY k ${minInt64}`, 'EXISTS k', `DECRBY k ${maxInt64}`, 'GET k'),
  t(
    'counters refuse what is no integer',
    ...['SET k abc', 'INCR k', 'DECR k', 'INCRBY k 1', 'DECRBY k 1', 'SET k 1.5', 'INCR k', 'SET k ""', 'INCR k'],
    ...['SET k " 1"', 'INCR k', 'SET k "1 "', 'INCR k', 'SET k 01', 'INCR k', 'SET k +1', 'INCR k', 'SET k -0', 'INCR k'],
    ...['SET k 9223372036854775808', 'INCR k', 'SET k "1\\x00"', 'INCR k', 'SET k 0x1', 'INCR k', 'GET k'],
  ),
  t(
    'increments must be integers',
    ...['INCRBY k a', 'INCRBY k 1.5', 'INCRBY k ""', 'INCRBY k " 1"', 'INCRBY k 9223372036854775808', 'INCRBY k 1e3'],
    ...['DECRBY k a', 'DECRBY k 1.5', 'DECRBY k ""', 'DECRBY k 9223372036854775808', 'INCRBY k +1', 'INCRBY k 007', 'EXISTS k'],
  ),
  t('counters keep the time to live', 'SET k 1 EXAT 33177117420', 'INCR k', 'DECRBY k 5', 'INCRBYFLOAT k 0.5', 'EXPIRETIME k'),
  t('INCR refuses a hash', 'HSET h f v', 'INCR h'),
  t('DECR refuses a hash', 'HSET h f v', 'DECR h'),
  t('INCRBY refuses a hash, the increment first', 'HSET h f v', 'INCRBY h 1', 'INCRBY h a'),
  t('DECRBY refuses a hash, the decrement first', 'HSET h f v', 'DECRBY h 1', 'DECRBY h a'),
  t('counters check their arity', 'INCR', 'INCR a b', 'DECR', 'DECR a b', 'INCRBY k', 'INCRBY k 1 2', 'DECRBY k', 'DECRBY k 1 2'),
  t(
    'INCRBYFLOAT adds decimal fractions as a long double does',
    ...['INCRBYFLOAT k 10.50', 'INCRBYFLOAT k 0.1', 'INCRBYFLOAT k -5', 'INCRBYFLOAT k 5.0e3', 'GET k', 'OBJECT ENCODING k'],
    ...['SET k 0.1', 'INCRBYFLOAT k 0.2', 'SET k 3.0', 'INCRBYFLOAT k 1.1', 'INCRBYFLOAT k 1.1', 'SET k 1', 'INCRBYFLOAT k 0.7'],
    ...['SET k 1.1', 'INCRBYFLOAT k 2.2', 'INCRBYFLOAT k -3.3', 'SET k 0.3', 'INCRBYFLOAT k -0.1', 'SET k 100.35', 'INCRBYFLOAT k 0.05'],
  ),
  t(
    'INCRBYFLOAT reads many notations',
    ...['SET k 5', 'INCRBYFLOAT k 1e2', 'INCRBYFLOAT k +1', 'INCRBYFLOAT k .5', 'INCRBYFLOAT k 5.', 'INCRBYFLOAT k 1E-2'],
    ...['INCRBYFLOAT k -0', 'INCRBYFLOAT k 0x10', 'INCRBYFLOAT k 007', 'SET k -0', 'INCRBYFLOAT k 0', 'SET k -1', 'INCRBYFLOAT k 1'],
  ),
  t(
    'INCRBYFLOAT keeps 17 digits behind the point and no trailing zero',
    ...['INCRBYFLOAT k 1e-17', 'SET k 0', 'INCRBYFLOAT k 1e-18', 'SET k 0', 'INCRBYFLOAT k 123456789.123456789'],
    ...['SET k 17179869184', 'INCRBYFLOAT k 1.5', 'SET k 1000000', 'INCRBYFLOAT k 0', 'SET k 1e20', 'INCRBYFLOAT k 0', 'INCRBYFLOAT k 1e5'],
    ...['SET k 9007199254740993', 'INCRBYFLOAT k 0', 'INCRBYFLOAT k 2', 'SET k 9223372036854775807', 'INCRBYFLOAT k 0', 'INCRBYFLOAT k 1'],
    ...['SET k 1e300', 'INCRBYFLOAT k 0', 'SET k 3.14159265358979323846', 'INCRBYFLOAT k 0', 'SET k 1e-5', 'INCRBYFLOAT k 0'],
  ),
  t(
    'INCRBYFLOAT refuses what is no number',
    ...['INCRBYFLOAT k a', 'INCRBYFLOAT k ""', 'INCRBYFLOAT k " 1"', 'INCRBYFLOAT k "1 "', 'INCRBYFLOAT k 1a', 'INCRBYFLOAT k 1,5'],
    ...['INCRBYFLOAT k nan', 'INCRBYFLOAT k -nan', 'INCRBYFLOAT k 1e', 'INCRBYFLOAT k "1\\x00"', 'EXISTS k'],
    ...['SET k abc', 'INCRBYFLOAT k 1', 'SET k ""', 'INCRBYFLOAT k 1', 'SET k " 1"', 'INCRBYFLOAT k 1', 'SET k "1 "', 'INCRBYFLOAT k 1'],
  ),
  t(
    'INCRBYFLOAT refuses results that are no finite number',
    ...['INCRBYFLOAT k inf', 'INCRBYFLOAT k +inf', 'INCRBYFLOAT k -infinity', 'EXISTS k', 'SET k inf', 'INCRBYFLOAT k 1', 'GET k'],
    ...['SET k 1', 'INCRBYFLOAT k 1e5000', 'INCRBYFLOAT k 1e-5000', 'SET k nan', 'INCRBYFLOAT k 1'],
  ),
  t('INCRBYFLOAT makes integers of whole results', 'SET k 1.5', 'INCRBYFLOAT k 1.5', 'OBJECT ENCODING k', 'INCR k', 'OBJECT ENCODING k'),
  t('INCRBYFLOAT refuses a hash', 'HSET h f v', 'INCRBYFLOAT h 1', 'INCRBYFLOAT h a'),
  t('INCRBYFLOAT needs two arguments', 'INCRBYFLOAT k', 'INCRBYFLOAT k 1 2'),
];

const ranges = [
  t(
    'GETRANGE counts from both ends',
    ...['SET k "Hello, World"', 'GETRANGE k 0 4', 'GETRANGE k -5 -1', 'GETRANGE k 0 -1', 'GETRANGE k 5 3', 'GETRANGE k 3 3'],
    ...['GETRANGE k -100 100', 'GETRANGE k 100 200', 'GETRANGE k -1 -5', 'GETRANGE k 0 0', 'GETRANGE k 11 12', 'GETRANGE k 12 12'],
    ...['GETRANGE k -100 -50', 'GETRANGE k -3 1', 'GETRANGE k -12 -12', 'GETRANGE k -13 -13', 'GETRANGE k 0 -100'],
    ...[`GETRANGE k 0 ${maxInt64}`, `GETRANGE k ${minInt64} ${maxInt64}`, `GETRANGE k ${minInt64} ${minInt64}`],
    ...[`GETRANGE k ${maxInt64} ${maxInt64}`, `GETRANGE k ${maxInt64} ${minInt64}`],
  ),
  t('GETRANGE reads integers and nothing', 'SET k 123456', 'GETRANGE k 1 2', 'GETRANGE missing 0 -1', 'SET e ""', 'GETRANGE e 0 -1'),
  t('GETRANGE wants integers', 'SET k v', 'GETRANGE k a 1', 'GETRANGE k 0 b', 'GETRANGE k 1.5 2', 'GETRANGE k "" 1', 'GETRANGE k 0 9223372036854775808'),
  t('GETRANGE refuses a hash, bad numbers first', 'HSET h f v', 'GETRANGE h 0 1', 'GETRANGE h a 1'),
  t('GETRANGE needs three arguments', 'GETRANGE k 0', 'GETRANGE k 0 1 2'),
  t('SUBSTR is GETRANGE', 'SET k hello', 'SUBSTR k 1 3', 'SUBSTR k -3 -1', 'SUBSTR missing 0 1', 'SUBSTR k a 1'),
  t('SUBSTR refuses a hash', 'HSET h f v', 'SUBSTR h 0 1'),
  t('SUBSTR needs three arguments', 'SUBSTR k 0', 'SUBSTR k 0 1 2'),
  t(
    'SETRANGE writes over and beyond the end',
    ...['SET k "Hello World"', 'SETRANGE k 6 Redis', 'GET k', 'SETRANGE k 9 long', 'GET k', 'SETRANGE m 5 x', 'GET m'],
    ...['SETRANGE k 0 J', 'GET k', 'SETRANGE n 0 abc', 'GET n', 'SET i 123456', 'SETRANGE i 1 99', 'GET i', 'OBJECT ENCODING i', 'INCR i'],
  ),
  t('SETRANGE with nothing to write changes nothing', 'SETRANGE k 5 ""', 'EXISTS k', 'SET k abc', 'SETRANGE k 10 ""', 'GET k', 'SETRANGE k 0 ""'),
  t('SETRANGE keeps the time to live', 'SET k abc EXAT 33177117420', 'SETRANGE k 1 x', 'EXPIRETIME k'),
  t(
    'SETRANGE refuses bad offsets',
    ...['SETRANGE k -1 a', 'SETRANGE k a b', 'SETRANGE k "" b', 'SETRANGE k 1.5 b', 'SETRANGE k 536870912 x', 'SETRANGE k 536870911 xx'],
    ...[`SETRANGE k ${maxInt64} x`, `SETRANGE k ${minInt64} x`, 'SETRANGE k 9223372036854775808 x', 'EXISTS k'],
    ...['SET k v', 'SETRANGE k -1 ""', `SETRANGE k ${maxInt64} ""`, `SETRANGE k ${maxInt64} x`, 'GET k'],
  ),
  t(
    'values stop at proto-max-bulk-len',
    ...['CONFIG SET proto-max-bulk-len 1048576', 'SETRANGE k 1048575 x', 'APPEND k y', 'SETRANGE k 1048576 y', 'SETRANGE k 1048575 z', 'STRLEN k'],
  ),
  t('SETRANGE refuses a hash, a bad offset first', 'HSET h f v', 'SETRANGE h 0 a', 'SETRANGE h -1 a', 'SETRANGE h a a', 'SETRANGE h 0 ""'),
  t('SETRANGE needs three arguments', 'SETRANGE k 0', 'SETRANGE k 0 a b'),
];

const lcs = [
  t('LCS answers the longest common subsequence', 'MSET a ohmytext b mynewtext', 'LCS a b', 'LCS a b LEN', 'LCS b a', 'LCS a a'),
  t(
    'LCS answers matches with IDX',
    ...['MSET a ohmytext b mynewtext', 'LCS a b IDX', 'LCS a b IDX MINMATCHLEN 4', 'LCS a b IDX WITHMATCHLEN'],
    ...['LCS a b IDX MINMATCHLEN 4 WITHMATCHLEN', 'LCS a b WITHMATCHLEN', 'LCS a b MINMATCHLEN 4', 'LCS a b LEN MINMATCHLEN 4'],
    ...['LCS a b idx minmatchlen 0 withmatchlen', 'LCS a b IDX MINMATCHLEN -5', 'LCS a b IDX MINMATCHLEN 100', `LCS a b IDX MINMATCHLEN ${maxInt64}`],
  ),
  t('LCS of missing and empty keys is empty', 'LCS a b', 'LCS a b LEN', 'LCS a b IDX', 'SET a x', 'LCS a b', 'LCS b a IDX', 'SET b ""', 'LCS a b IDX LEN', 'LCS a b LEN'),
  t('LCS compares bytes', 'SET a "\\x00\\xff\\x01"', 'SET b "\\xff\\x00\\x01"', 'LCS a b', 'LCS a b IDX', 'SET a 12345', 'SET b 2468', 'LCS a b'),
  t('LCS of longer texts', `MSET a ${'abcdefghij'.repeat(12)} b ${'acegibdfhj'.repeat(11)}`, 'LCS a b', 'LCS a b LEN', 'LCS a b IDX WITHMATCHLEN'),
  t(
    'LCS refuses bad options',
    ...['MSET a x b y', 'LCS a b IDX LEN', 'LCS a b FOO', 'LCS a b MINMATCHLEN', 'LCS a b MINMATCHLEN a', 'LCS a b IDX MINMATCHLEN 1.5', 'LCS a b ""'],
  ),
  t('LCS refuses a hash', 'HSET h f v', 'SET a x', 'LCS h a', 'LCS a h', 'LCS h h LEN', 'LCS missing h'),
  t('LCS needs two keys', 'LCS', 'LCS a'),
];

export const strings = [...set, ...setVariants, ...several, ...counters, ...ranges, ...lcs];
