// Commands on keys of any type: existence, expiry, renaming, copying, scanning, databases, OBJECT.
import { approx, complete, masked, t, unordered } from '../steps.js';

const maxInt64 = '9223372036854775807';
const minInt64 = '-9223372036854775808';
const far = 33177117420; // seconds since the epoch, in the year 3021
const bothTypes = ['SET s v', 'HSET h f v'];

const keys = [
  t('DEL deletes keys of any type', ...bothTypes, 'DEL s h missing', 'DBSIZE', 'SET a 1', 'DEL a a', 'DEL ""'),
  t('DEL needs a key', 'DEL'),
  t('UNLINK deletes keys of any type', ...bothTypes, 'UNLINK s h missing s', 'DBSIZE'),
  t('UNLINK needs a key', 'UNLINK'),
  t('EXISTS counts repeated keys', ...bothTypes, 'EXISTS s', 'EXISTS s h missing s', 'EXISTS missing'),
  t('EXISTS needs a key', 'EXISTS'),
  t('TYPE names the type', ...bothTypes, 'TYPE s', 'TYPE h', 'TYPE missing', 'SET n 1', 'TYPE n'),
  t('TYPE needs one key', 'TYPE', 'TYPE a b'),
  t('TOUCH counts keys', ...bothTypes, 'TOUCH s h missing s', 'TOUCH missing'),
  t('TOUCH needs a key', 'TOUCH'),
  t('DBSIZE counts keys', 'DBSIZE', ...bothTypes, 'DBSIZE', 'DEL s', 'DBSIZE'),
  t('DBSIZE takes no argument', 'DBSIZE x'),
  t('RANDOMKEY answers a key or null', 'RANDOMKEY', 'SET k v', 'RANDOMKEY', 'SET l v', masked('RANDOMKEY', 'shape')),
  t('RANDOMKEY takes no argument', 'RANDOMKEY x'),
  t('KEYS matches patterns', 'MSET hello 1 hallo 2 hxllo 3 hllo 4 heello 5', unordered('KEYS h?llo'), unordered('KEYS h*llo'), unordered('KEYS h[ae]llo'), unordered('KEYS h[^e]llo'), unordered('KEYS h[a-f]llo'), unordered('KEYS *'), 'KEYS hello', 'KEYS nothing', 'KEYS ""'),
  t(
    'KEYS reads odd patterns as Redis does',
    ...['MSET a*b 1 a?b 2 a[b 3 "a\\\\b" 4 a]b 5 a-b 6 axb 7', 'KEYS a\\*b', 'KEYS a\\?b', 'KEYS a\\[b', 'KEYS a\\\\b', unordered('KEYS a[*?]b'), unordered('KEYS a[x'), unordered('KEYS a[]b')],
    ...[unordered('KEYS a[]]b'), unordered('KEYS a[\\]x]b'), unordered('KEYS a[z-a]b'), unordered('KEYS a[^-]b'), unordered('KEYS a**b'), unordered('KEYS ***'), unordered('KEYS ?*'), 'KEYS a[b', 'KEYS a\\', unordered('KEYS a[x-]b'), unordered('KEYS a[^]b'), unordered('KEYS [a]*')],
  ),
  t('KEYS matches binary keys', 'SET "\\x00\\xff" 1', 'SET "\\xff\\n" 2', 'KEYS "\\x00?"', 'KEYS "?\\n"', 'KEYS "[\\xfe-\\xff]*"', 'KEYS "\\x00*"'),
  t('KEYS is case-sensitive', 'MSET a 1 A 2', 'KEYS a', 'KEYS [A]'),
  t('KEYS survives deep patterns', `SET ${'a'.repeat(100)} 1`, `KEYS ${'a*'.repeat(20)}b`, `KEYS ${'*a'.repeat(20)}`),
  t('KEYS needs a pattern', 'KEYS', 'KEYS a b'),
];

const scan = [
  t('SCAN of nothing', 'SCAN 0', 'SCAN 0 MATCH *', 'SCAN 5'),
  t('SCAN with a large COUNT answers all', 'MSET a 1 b 2 c 3', unordered('SCAN 0 COUNT 1000'), unordered('SCAN 0 COUNT 1000 MATCH [ab]'), unordered('scan 0 match * count 1000')),
  t(
    'SCAN goes through the keyspace',
    ...Array.from({ length: 10 }, (_, i) => `MSET ${Array.from({ length: 10 }, (_, j) => `key:${i * 10 + j} v`).join(' ')}`),
    ...[complete('SCAN 0'), complete('SCAN 0 COUNT 3'), complete('SCAN 0 COUNT 1'), complete('SCAN 0 MATCH key:1*'), complete('SCAN 0 MATCH key:?5 COUNT 100'), complete('SCAN 0 MATCH nothing')],
  ),
  t('SCAN filters by type', ...bothTypes, 'HSET g f v', complete('SCAN 0 TYPE hash'), complete('SCAN 0 TYPE string'), complete('SCAN 0 TYPE HASH MATCH g COUNT 2'), complete('SCAN 0 TYPE list'), complete('SCAN 0 TYPE foo')),
  t(
    'SCAN refuses bad cursors and options',
    ...['SCAN a', 'SCAN -1', 'SCAN ""', 'SCAN 1.5', 'SCAN 18446744073709551616', 'SCAN 0 COUNT 0', 'SCAN 0 COUNT -5', 'SCAN 0 COUNT a', 'SCAN 0 COUNT', 'SCAN 0 MATCH', 'SCAN 0 TYPE', 'SCAN 0 FOO', 'SCAN 0 FOO 1'],
    ...['SCAN " 0"', 'SCAN 0 COUNT 1.5', 'SCAN 0 MATCH a b', 'SCAN 0 COUNT 9223372036854775808', 'SCAN 18446744073709551615 COUNT 5'],
  ),
  t('SCAN needs a cursor', 'SCAN'),
  t('SCAN skips expired keys', 'MSET a 1 b 2', 'PEXPIRE a 1', 'DEBUG SLEEP 0.01', 'SCAN 0 COUNT 100', 'DBSIZE'),
];

const expire = [
  t('EXPIRE sets seconds', 'EXPIRE k 10', 'SET k v', 'TTL k', 'EXPIRE k 100', approx('TTL k', 2), approx('PTTL k', 3000)),
  t('PEXPIRE sets milliseconds', 'PEXPIRE k 10', 'SET k v', 'PEXPIRE k 100000', approx('TTL k', 2), approx('PTTL k', 3000)),
  t('EXPIREAT sets an absolute time', `EXPIREAT k ${far}`, 'SET k v', `EXPIREAT k ${far}`, 'EXPIRETIME k', 'PEXPIRETIME k', 'GET k'),
  t('PEXPIREAT sets an absolute time', `PEXPIREAT k ${far}123`, 'SET k v', `PEXPIREAT k ${far}123`, 'EXPIRETIME k', 'PEXPIRETIME k', `PEXPIREAT k ${far}500`, 'EXPIRETIME k', `PEXPIREAT k ${far}999`, 'EXPIRETIME k'),
  t('expiry works on hashes', 'HSET h f v', `EXPIREAT h ${far}`, 'EXPIRETIME h', 'HGETALL h', 'PERSIST h', 'TTL h', 'EXPIRE h -1', 'EXISTS h'),
  t('a time in the past deletes', 'SET k v', 'EXPIRE k 0', 'EXISTS k', 'SET k v', 'EXPIRE k -1', 'EXISTS k', 'SET k v', 'PEXPIRE k -1', 'GET k', 'SET k v', 'EXPIREAT k 1', 'GET k', 'SET k v', 'PEXPIREAT k 0', 'DBSIZE', 'SET k v', 'EXPIREAT k -5', 'GET k'),
  t('an expired key is gone for every command', ...bothTypes, 'PEXPIRE s 1', 'PEXPIRE h 1', 'DEBUG SLEEP 0.01', 'GET s', 'HGETALL h', 'EXISTS s h', 'TYPE s', 'TTL s', 'PTTL h', 'DEL s', 'HSET h a 1', 'TTL h', 'INCR s', 'TTL s', 'KEYS nothing'),
  t('an expired key is found gone by writing commands', 'SET a 5 PX 1', 'SET b 5 PX 1', 'SET c 5 PX 1', 'SET d 5 PX 1', 'DEBUG SLEEP 0.01', 'APPEND a 1', 'INCR b', 'SETRANGE c 2 x', 'SET d x NX', 'MGET a b c d', 'TTL a', 'RENAME missing x'),
  t('RENAME and COPY do not see expired keys', 'SET a 1 PX 1', 'DEBUG SLEEP 0.01', 'RENAME a b', 'COPY a c', 'MOVE a 1', 'RANDOMKEY', 'PERSIST a', 'EXPIRE a 10', 'OBJECT ENCODING a', 'GETEX a', 'GETDEL a', 'DBSIZE'),
  t(
    'NX, XX, GT and LT are conditions on the old time',
    ...['SET k v', 'EXPIRE k 100 XX', 'EXPIRE k 100 GT', 'TTL k', 'EXPIRE k 100 LT', 'EXPIRE k 50 NX', 'EXPIRE k 50 GT', 'EXPIRE k 200 LT', approx('TTL k', 2)],
    ...['EXPIRE k 200 GT', approx('TTL k', 2), 'EXPIRE k 50 LT', approx('TTL k', 2), 'EXPIRE k 300 XX', approx('TTL k', 2), 'PERSIST k', 'EXPIRE k 10 nx', approx('TTL k', 2)],
  ),
  t(
    'conditions hold for the other three commands',
    ...['SET k v', `EXPIREAT k ${far} XX`, `EXPIREAT k ${far} NX`, `EXPIREAT k ${far} GT`, `EXPIREAT k ${far} LT`, `EXPIREAT k ${far + 1} GT`, 'EXPIRETIME k', `PEXPIREAT k ${far}000 LT`, `PEXPIREAT k ${far}000 LT`, 'PEXPIRETIME k'],
    ...['PEXPIRE k 100 GT', 'PEXPIRE k 100000 LT', approx('PTTL k', 3000), 'PEXPIRE k 100 NX', 'EXPIREAT k 1 GT', 'EXISTS k', 'EXPIREAT k 1 LT', 'EXISTS k', 'SET k v', 'EXPIRE k -1 XX', 'EXISTS k', 'EXPIRE k -1 NX', 'EXISTS k'],
  ),
  t('conditions combine: XX with GT or LT', 'SET k v', 'EXPIRE k 100 XX GT', 'EXPIRE k 100 XX LT', 'EXPIRE k 100', 'EXPIRE k 200 XX GT', approx('TTL k', 2), 'EXPIRE k 50 LT XX', approx('TTL k', 2), 'EXPIRE k 20 LT LT', approx('TTL k', 2)),
  t('conditions that exclude each other are refused', 'SET k v', 'EXPIRE k 1 NX XX', 'EXPIRE k 1 NX GT', 'EXPIRE k 1 NX LT', 'EXPIRE k 1 GT LT', 'EXPIRE k 1 LT GT', 'EXPIRE k 1 XX NX', 'PEXPIRE k 1 NX XX', 'EXPIREAT k 1 NX GT', 'PEXPIREAT k 1 GT LT', 'EXPIRE missing 1 NX XX'),
  t('unknown conditions are refused', 'SET k v', 'EXPIRE k 1 FOO', 'EXPIRE k 1 NX FOO', 'EXPIRE k 1 ""', 'EXPIRE missing 1 AB', 'PEXPIRE k 1 FOO', 'EXPIREAT k 1 FOO', 'PEXPIREAT k 1 FOO', 'EXPIRE k a FOO', 'TTL k'),
  t(
    'times must be integers in range',
    ...['SET k v', 'EXPIRE k a', 'EXPIRE k 1.5', 'EXPIRE k ""', 'EXPIRE k " 1"', 'EXPIRE k 9223372036854775808', `EXPIRE k ${maxInt64}`, `EXPIRE k ${minInt64}`, 'EXPIRE k 9223372036854775', 'EXPIRE k 9223372036854776'],
    ...['EXPIRE k -9223372036854776', `PEXPIRE k ${maxInt64}`, `EXPIREAT k ${maxInt64}`, 'PEXPIRE k a', 'EXPIREAT k a', 'PEXPIREAT k a', `EXPIREAT k ${minInt64}`, 'TTL k', 'EXPIRE missing a', `EXPIRE missing ${maxInt64}`],
  ),
  t('the largest and the smallest times', 'SET k v', `PEXPIREAT k ${maxInt64}`, 'PEXPIRETIME k', 'EXPIRETIME k', 'SET k v', 'EXPIREAT k 9223372036854775', 'PEXPIRETIME k', `PEXPIREAT k ${minInt64}`, 'EXISTS k', 'SET k v', `PEXPIRE k ${minInt64}`, 'EXISTS k'),
  t('setting a time twice replaces it', 'SET k v', `EXPIREAT k ${far}`, `EXPIREAT k ${far + 5}`, 'EXPIRETIME k', 'PERSIST k', 'PERSIST k', 'EXPIRETIME k'),
  t('TTL, PTTL, EXPIRETIME and PEXPIRETIME without a time', 'TTL k', 'PTTL k', 'EXPIRETIME k', 'PEXPIRETIME k', 'SET k v', 'TTL k', 'PTTL k', 'EXPIRETIME k', 'PEXPIRETIME k'),
  t('TTL rounds half up', 'SET k v PX 1400', 'TTL k', 'SET k v PX 1900', 'TTL k', 'SET k v PX 400', 'TTL k', 'SET k v PX 900', 'TTL k'),
  t('PERSIST removes the time', 'PERSIST k', 'SET k v', 'PERSIST k', `EXPIREAT k ${far}`, 'PERSIST k', 'TTL k', 'GET k'),
  t('EXPIRE and PEXPIRE check their arity', 'EXPIRE', 'EXPIRE k', 'PEXPIRE', 'PEXPIRE k', 'EXPIRE k 1 NX XX GT LT'),
  t('EXPIREAT and PEXPIREAT check their arity', 'EXPIREAT k', 'PEXPIREAT k'),
  t('the readers of times and PERSIST need one key', 'TTL', 'TTL a b', 'PTTL', 'PTTL a b', 'EXPIRETIME', 'EXPIRETIME a b', 'PEXPIRETIME', 'PEXPIRETIME a b', 'PERSIST', 'PERSIST a b'),
];

const names = [
  t('RENAME moves value, type and time', 'SET a v', 'RENAME a b', 'EXISTS a', 'GET b', `EXPIREAT b ${far}`, 'RENAME b c', 'EXPIRETIME c', 'HSET h f v', 'RENAME h i', 'HGETALL i'),
  t('RENAME replaces the target and its time', 'SET a v', `SET b w EXAT ${far}`, 'RENAME a b', 'GET b', 'TTL b', 'HSET h f v', 'RENAME h b', 'TYPE b', 'DBSIZE'),
  t('RENAME to itself and of nothing', 'RENAME a a', 'RENAME a b', 'SET a v', 'RENAME a a', 'GET a', `EXPIREAT a ${far}`, 'RENAME a a', 'EXPIRETIME a'),
  t('RENAME takes binary and empty names', 'SET "" v', 'RENAME "" "\\x00\\xff"', 'GET "\\x00\\xff"', `RENAME "\\x00\\xff" ${'long'.repeat(200)}`, `GET ${'long'.repeat(200)}`, `RENAME ${'long'.repeat(200)} s`, 'GET s'),
  t('RENAME needs two names', 'RENAME a', 'RENAME a b c'),
  t('RENAMENX renames to a free name only', 'RENAMENX a b', 'SET a v', 'RENAMENX a b', 'GET b', 'SET a w', 'RENAMENX a b', 'GET a', 'GET b', 'RENAMENX a a', `SET t v EXAT ${far}`, 'RENAMENX t u', 'EXPIRETIME u'),
  t('RENAMENX needs two names', 'RENAMENX a', 'RENAMENX a b c'),
  t('COPY copies value and time', `SET a v EXAT ${far}`, 'COPY a b', 'GET b', 'EXPIRETIME b', 'APPEND b w', 'GET a', 'HSET h f v', 'COPY h i', 'HSET i g w', 'HGETALL h', 'HGETALL i', 'SET n 5', 'COPY n m', 'OBJECT ENCODING m', 'INCR m', 'GET n'),
  t('COPY replaces only with REPLACE', 'SET a v', 'HSET b f w', 'COPY a b', 'TYPE b', 'COPY a b REPLACE', 'GET b', 'COPY missing b REPLACE', 'GET b', 'COPY missing c'),
  t('COPY to another database', 'SET a v', 'COPY a a DB 1', 'COPY a b DB 1 REPLACE', 'COPY a a DB 1', 'COPY a a REPLACE DB 1', 'SELECT 1', unordered('KEYS *'), 'GET a', 'COPY a a DB 0', 'COPY a c db 0 replace', 'SELECT 0', 'GET c'),
  t('COPY to itself is refused', 'SET a v', 'COPY a a', 'COPY a a REPLACE', 'COPY a a DB 0', 'COPY missing missing'),
  t('COPY refuses bad options', 'SET a v', 'COPY a b DB', 'COPY a b DB x', 'COPY a b DB 16', 'COPY a b DB -1', 'COPY a b FOO', 'COPY a b REPLACE FOO', 'COPY a b DB 1 DB 2 REPLACE REPLACE', `COPY a b DB ${maxInt64}`, 'COPY a b DB 1.5', 'COPY missing b DB 16', 'EXISTS b'),
  t('COPY needs two names', 'COPY a', 'COPY'),
  t('COPY of a hash table', 'CONFIG SET hash-max-listpack-entries 2', 'HSET h a 1 b 2 c 3 d 4', 'COPY h i', 'OBJECT ENCODING i', 'HDEL h a', 'HLEN i', 'DEBUG DIGEST-VALUE h i'),
  t('MOVE moves to another database with its time', `SET a v EXAT ${far}`, 'MOVE a 1', 'EXISTS a', 'SELECT 1', 'GET a', 'EXPIRETIME a', 'HSET h f v', 'MOVE h 0', 'SELECT 0', 'HGETALL h'),
  t('MOVE does not overwrite', 'SET a v', 'SELECT 1', 'SET a w', 'MOVE a 0', 'GET a', 'MOVE missing 0'),
  t('MOVE refuses bad databases', 'SET a v', 'MOVE a 0', 'MOVE a 16', 'MOVE a -1', 'MOVE a x', 'MOVE a 1.5', `MOVE a ${maxInt64}`, 'MOVE missing 0', 'MOVE missing 99', 'EXISTS a'),
  t('MOVE needs a key and a database', 'MOVE a', 'MOVE a 1 2'),
];

const databases = [
  t('SELECT changes the database', 'SET k zero', 'SELECT 15', 'GET k', 'SET k fifteen', 'SELECT 0', 'GET k', 'SELECT 15', 'GET k', 'DBSIZE'),
  t('SELECT refuses what is no database', 'SELECT 16', 'SELECT -1', 'SELECT a', 'SELECT 1.5', 'SELECT ""', 'SELECT " 1"', `SELECT ${maxInt64}`, 'SELECT 9223372036854775808', 'SELECT 2147483648', 'SET k v', 'GET k'),
  t('SELECT needs an index', 'SELECT', 'SELECT 0 1'),
  t('SWAPDB exchanges two databases', 'SET k zero', 'SELECT 1', 'SET k one', 'SWAPDB 0 1', 'GET k', 'SELECT 0', 'GET k', 'SWAPDB 0 0', 'GET k', 'SWAPDB 1 5', 'SELECT 5', 'GET k', 'SELECT 1', 'DBSIZE'),
  t('SWAPDB keeps times to live', `SET k v EXAT ${far}`, 'SWAPDB 0 3', 'SELECT 3', 'EXPIRETIME k'),
  t('SWAPDB refuses what is no database', 'SWAPDB 0 16', 'SWAPDB -1 0', 'SWAPDB a 0', 'SWAPDB 0 b', 'SWAPDB 1.5 0', `SWAPDB 0 ${maxInt64}`, 'SWAPDB 16 17', 'SWAPDB "" 0', 'SWAPDB 4294967296 0', 'SWAPDB 0 4294967296'),
  t('SWAPDB needs two indexes', 'SWAPDB 0', 'SWAPDB 0 1 2', 'SWAPDB'),
  t('FLUSHDB empties one database', 'SET k v', 'SELECT 1', 'SET k v', 'FLUSHDB', 'DBSIZE', 'SELECT 0', 'DBSIZE', 'FLUSHDB ASYNC', 'DBSIZE', 'SET k v', 'FLUSHDB sync', 'DBSIZE', 'FLUSHDB'),
  t('FLUSHDB refuses other words', 'SET k v', 'FLUSHDB FOO', 'FLUSHDB ASYNC SYNC', 'FLUSHDB ""', 'FLUSHDB ASYNC ASYNC', 'DBSIZE'),
  t('FLUSHALL empties all databases', 'SET k v', 'SELECT 1', 'SET k v', 'FLUSHALL', 'DBSIZE', 'SELECT 0', 'DBSIZE', 'SET k v', 'FLUSHALL async', 'DBSIZE', 'SET k v', 'FLUSHALL SYNC', 'KEYS *'),
  t('FLUSHALL refuses other words', 'SET k v', 'FLUSHALL FOO', 'FLUSHALL SYNC ASYNC', 'DBSIZE'),
  t('a flush forgets times to live', `SET k v EXAT ${far}`, 'FLUSHDB', 'SET k v', 'TTL k'),
];

const object = [
  t('OBJECT ENCODING names encodings', 'SET i 123', 'SET e short', `SET r ${'x'.repeat(45)}`, 'HSET h f v', 'OBJECT ENCODING i', 'OBJECT ENCODING e', 'OBJECT ENCODING r', 'OBJECT ENCODING h', 'OBJECT ENCODING missing', 'object encoding i'),
  t('OBJECT ENCODING after changes', 'SET k short', 'APPEND k er', 'OBJECT ENCODING k', 'SET k 5', 'INCR k', 'OBJECT ENCODING k', 'SET k abc', 'SETRANGE k 0 x', 'OBJECT ENCODING k', 'SET k 1', 'SETRANGE k 0 2', 'OBJECT ENCODING k', 'GETSET k 7', 'OBJECT ENCODING k', 'INCRBYFLOAT k 0.5', 'OBJECT ENCODING k', 'MSET k 12 l abc', 'OBJECT ENCODING k', 'OBJECT ENCODING l', 'SETRANGE n 0 abc', 'OBJECT ENCODING n', 'APPEND o 12', 'OBJECT ENCODING o', 'APPEND o 3', 'OBJECT ENCODING o', 'SETNX p 77', 'OBJECT ENCODING p', 'SETEX q 100 77', 'OBJECT ENCODING q', 'GETSET q 5', 'OBJECT ENCODING q'),
  t('OBJECT REFCOUNT counts references', 'SET k v', 'OBJECT REFCOUNT k', 'HSET h f v', 'OBJECT REFCOUNT h', 'OBJECT REFCOUNT missing', 'SET n 10000', 'OBJECT REFCOUNT n', 'SET n 9999', 'OBJECT REFCOUNT n', 'SET n 0', 'OBJECT REFCOUNT n', 'SET n -1', 'OBJECT REFCOUNT n', 'INCR m', 'OBJECT REFCOUNT m'),
  t('OBJECT IDLETIME counts seconds', 'SET k v', 'OBJECT IDLETIME k', 'OBJECT IDLETIME missing', 'HSET h f v', 'OBJECT IDLETIME h'),
  t('OBJECT FREQ needs an LFU policy', 'SET k v', 'OBJECT FREQ k', 'OBJECT FREQ missing', 'CONFIG SET maxmemory-policy allkeys-lfu', 'OBJECT FREQ missing', 'OBJECT IDLETIME k', 'SET l v', 'OBJECT FREQ l', 'CONFIG SET maxmemory-policy volatile-lfu', 'OBJECT FREQ l', 'OBJECT IDLETIME missing'),
  t('OBJECT HELP is an array of lines', masked('OBJECT HELP', 'help')),
  t('OBJECT checks its arity and subcommands', 'OBJECT', 'OBJECT ENCODING', 'OBJECT ENCODING a b', 'OBJECT FREQ', 'OBJECT FREQ a b', 'OBJECT IDLETIME', 'OBJECT IDLETIME a b', 'OBJECT REFCOUNT', 'OBJECT REFCOUNT a b', 'OBJECT HELP x', 'OBJECT FOO', 'OBJECT FOO k', 'OBJECT ""', 'OBJECT "fo\\r\\no" k'),
];

export const generic = [...keys, ...scan, ...expire, ...names, ...databases, ...object];
