// Lists, small (one node) and of several nodes.
import { differing, differs, expected, t, type Step } from '../steps.js';

const maxInt64 = '9223372036854775807';
const minInt64 = '-9223372036854775808';
const numbered = (count: number, from = 0): string => Array.from({ length: count }, (_, i) => `e${i + from}`).join(' ');
const long = (length: number, letter = 'x'): string => letter.repeat(length);
/** Nodes of so many elements. */
const nodes = (limit: number): string => `CONFIG SET list-max-listpack-size ${limit}`;
const isListpack = (key: string): Step => expected(`OBJECT ENCODING ${key}`, 'list-listpack', '$8\r\nlistpack\r\n');

// prettier-ignore
const ends = [
  t('LPUSH and RPUSH add at the ends',
    'LPUSH l a', 'LPUSH l b c', 'RPUSH l x', 'RPUSH l y z', 'LRANGE l 0 -1', 'LLEN l'),
  t('LPUSH and RPUSH keep elements to the letter',
    `RPUSH l 0 -1 127 128 4095 4096 -4096 -4097 32767 32768 8388607 8388608 2147483648 ${maxInt64} ${minInt64}`,
    'RPUSH l 9223372036854775808 00 -0 +1 1.0 " 1" "" "\\x00\\xff\\r\\n" 12345678901234567890123', 'LRANGE l 0 -1',
    `LPUSH l ${long(63)} ${long(64)} ${long(4095)} ${long(4096)} ${long(9000)} ${long(70000)}`, 'LRANGE l 0 -1',
    'DEBUG DIGEST-VALUE l'),
  t('LPUSH and RPUSH need a key and an element', 'LPUSH', 'LPUSH l', 'RPUSH', 'RPUSH l', 'EXISTS l'),
  t('LPUSH and RPUSH refuse a string', 'SET s v', 'LPUSH s a', 'RPUSH s a', 'GET s'),
  t('LPUSHX and RPUSHX add to a list that is there',
    'LPUSHX l a', 'RPUSHX l a', 'EXISTS l', 'RPUSH l x', 'LPUSHX l a b', 'RPUSHX l y z', 'LRANGE l 0 -1'),
  t('LPUSHX and RPUSHX need a key and an element', 'LPUSHX', 'LPUSHX l', 'RPUSHX', 'RPUSHX l'),
  t('LPUSHX and RPUSHX refuse a string', 'SET s v', 'LPUSHX s a', 'RPUSHX s a'),
  t('LPOP and RPOP take from the ends, and the key with the last',
    'RPUSH l a b c 1 -2', 'LPOP l', 'RPOP l', 'RPOP l', 'LRANGE l 0 -1', 'LPOP l', 'RPOP l', 'EXISTS l', 'LPOP l',
    'RPOP l'),
  t('LPOP and RPOP with a count take several',
    `RPUSH l ${numbered(10)}`, 'LPOP l 3', 'RPOP l 3', 'LPOP l 0', 'RPOP l 0', 'LPOP l 1', 'RPOP l 100', 'EXISTS l',
    'LPOP l 1', 'LPOP l 0', 'RPOP l 2', `RPUSH l a b`, `LPOP l ${maxInt64}`, 'EXISTS l'),
  t('LPOP and RPOP with a count go over nodes',
    nodes(3), `RPUSH l ${numbered(20)}`, 'LPOP l 7', 'RPOP l 7', 'LRANGE l 0 -1', 'LPOP l 6', 'EXISTS l'),
  t('LPOP and RPOP refuse bad counts',
    'RPUSH l a', 'LPOP l -1', 'RPOP l -1', 'LPOP l x', 'LPOP l 9223372036854775808', 'LPOP l ""', 'LPOP l 1.5',
    'LPOP l 1 2', 'RPOP l 1 2', 'LPOP missing -1', `LPOP missing ${minInt64}`, 'LPOP', 'RPOP', 'LLEN l'),
  t('LPOP and RPOP refuse a string', 'SET s v', 'LPOP s', 'RPOP s', 'LPOP s 1', 'LPOP s 0', 'LPOP s -1'),
  t('LLEN counts elements', 'LLEN l', 'RPUSH l a a a', 'LLEN l'),
  t('LLEN needs one key', 'LLEN', 'LLEN a b'),
  t('LLEN refuses a string', 'SET s v', 'LLEN s'),
];

const ranges = ['0 -1', '0 0', '-1 -1', '2 1', '-3 -2', '5 100', '100 200', '-100 2', '-100 -50', '3 -3', '10 -1'];

// prettier-ignore
const byIndex = [
  t('LRANGE answers any range', `RPUSH l ${numbered(10)}`, ...ranges.map((range) => `LRANGE l ${range}`),
    `LRANGE l ${minInt64} ${maxInt64}`, `LRANGE l ${maxInt64} ${minInt64}`, 'LRANGE missing 0 -1'),
  t('LRANGE answers any range over nodes', nodes(3), `RPUSH l ${numbered(11)}`, `LPUSH l 1 -7 300 ${maxInt64}`,
    ...ranges.map((range) => `LRANGE l ${range}`)),
  t('LRANGE refuses what is no integer',
    'RPUSH l a', 'LRANGE l a 1', 'LRANGE l 0 b', 'LRANGE l 0 1.5', 'LRANGE l 0 9223372036854775808',
    'LRANGE missing a b'),
  t('LRANGE needs three arguments', 'LRANGE l 0', 'LRANGE l 0 1 2', 'LRANGE'),
  t('LRANGE refuses a string', 'SET s v', 'LRANGE s 0 -1', 'LRANGE s a b'),
  t('LINDEX answers one element',
    'RPUSH l a 1 c', 'LINDEX l 0', 'LINDEX l 1', 'LINDEX l 2', 'LINDEX l 3', 'LINDEX l -1', 'LINDEX l -3',
    'LINDEX l -4', `LINDEX l ${maxInt64}`, `LINDEX l ${minInt64}`, 'LINDEX missing 0'),
  t('LINDEX goes over nodes',
    nodes(4), `RPUSH l ${numbered(30)}`, ...Array.from({ length: 30 }, (_, i) => `LINDEX l ${i - 15}`)),
  t('LINDEX refuses what is no integer', 'RPUSH l a', 'LINDEX l x', 'LINDEX l 1.0', 'LINDEX missing x'),
  t('LINDEX needs two arguments', 'LINDEX l', 'LINDEX l 0 1'),
  t('LINDEX refuses a string', 'SET s v', 'LINDEX s 0', 'LINDEX s x'),
  t('LSET replaces one element',
    'RPUSH l a b c', 'LSET l 0 x', 'LSET l -1 ""', `LSET l 1 ${long(300)}`, 'LRANGE l 0 -1', 'LSET l 1 7',
    `LSET l -3 ${maxInt64}`, 'LRANGE l 0 -1', 'DEBUG DIGEST-VALUE l'),
  t('LSET goes over nodes',
    nodes(3), `RPUSH l ${numbered(10)}`, `LSET l 4 ${long(9000)}`, 'LSET l 5 5', `LSET l -1 ${long(8200)}`,
    'LSET l 4 small', 'LSET l -10 first', 'LRANGE l 0 -1', 'LLEN l'),
  ...differing('list-limits-8.0', t('LSET refuses indexes that are not there, and missing keys',
    'RPUSH l a', 'LSET l 1 x', 'LSET l -2 x', 'LSET l x y', `LSET l ${maxInt64} x`, 'LSET missing 0 x',
    'LSET missing x y', 'LRANGE l 0 -1')),
  t('LSET needs three arguments', 'LSET l 0', 'LSET l 0 a b'),
  t('LSET refuses a string', 'SET s v', 'LSET s 0 x', 'LSET s x y'),
  t('LTRIM keeps a range', ...ranges.flatMap((range) =>
    ['DEL l', `RPUSH l ${numbered(10)}`, `LTRIM l ${range}`, 'LRANGE l 0 -1', 'EXISTS l'])),
  t('LTRIM keeps a range over nodes', nodes(3), ...ranges.flatMap((range) =>
    ['DEL l', `RPUSH l ${numbered(11)}`, `LTRIM l ${range}`, 'LRANGE l 0 -1', 'LPUSH l a', 'RPUSH l b', 'LLEN l'])),
  t('LTRIM refuses what is no integer', 'RPUSH l a', 'LTRIM l a 1', 'LTRIM l 0 b', 'LTRIM missing 0 b', 'LTRIM missing 0 1'),
  t('LTRIM needs three arguments', 'LTRIM l 0', 'LTRIM l 0 1 2'),
  t('LTRIM refuses a string', 'SET s v', 'LTRIM s 0 -1', 'LTRIM s a b'),
];

// prettier-ignore
const byValue = [
  t('LINSERT adds before or after the first match',
    'RPUSH l a b c b', 'LINSERT l BEFORE b x', 'LINSERT l after b y', 'LINSERT l BEFORE a first', 'LINSERT l AFTER c 5',
    'LRANGE l 0 -1', 'LINSERT l BEFORE 5 -6', 'LINSERT l AFTER 05 no', 'LINSERT l BEFORE missing no',
    'LINSERT missing BEFORE a b', 'EXISTS missing', 'LRANGE l 0 -1'),
  t('LINSERT goes over nodes, full ones and ones with room',
    nodes(3), `RPUSH l ${numbered(9)}`, 'LINSERT l BEFORE e0 a', 'LINSERT l AFTER e2 b', 'LINSERT l BEFORE e3 c',
    'LINSERT l AFTER e8 d', 'LINSERT l BEFORE e4 e', 'LINSERT l AFTER e4 f', 'LINSERT l BEFORE e7 g', 'LRANGE l 0 -1',
    `LINSERT l AFTER e4 ${long(9000)}`, `LINSERT l BEFORE e1 ${long(9000, 'y')}`, 'LRANGE l 0 -1', 'LPOP l 3', 'RPOP l 3',
    'LRANGE l -100 100'),
  t('LINSERT refuses other words', 'RPUSH l a', 'LINSERT l AT a b', 'LINSERT missing AT a b', 'LINSERT l "" a b'),
  t('LINSERT needs four arguments', 'LINSERT l BEFORE a', 'LINSERT l BEFORE a b c'),
  t('LINSERT refuses a string', 'SET s v', 'LINSERT s BEFORE a b', 'LINSERT s AT a b'),
  t('LREM removes from the head, from the tail, or all',
    'RPUSH l a b a c a b a', 'LREM l 2 a', 'LRANGE l 0 -1', 'LREM l -1 a', 'LRANGE l 0 -1', 'LREM l 0 b', 'LREM l 0 x',
    'LRANGE l 0 -1', 'LREM l 5 a', 'LREM l -7 c', 'EXISTS l', 'LREM l 0 a'),
  t('LREM compares integers as text', 'RPUSH l 1 01 1.0 1 " 1" 300 -5', 'LREM l 0 1', 'LREM l 0 0300', 'LREM l 0 300',
    'LREM l 1 -5', 'LRANGE l 0 -1'),
  t('LREM goes over nodes',
    nodes(2), 'RPUSH l a a b a c a a a d a', 'LREM l 3 a', 'LRANGE l 0 -1', 'LREM l -3 a', 'LRANGE l 0 -1', 'LREM l 0 a',
    'LRANGE l 0 -1', 'LREM l -1 d', 'LREM l 1 b', 'LREM l 1 c', 'EXISTS l'),
  t('LREM takes counts at the ends of the range, but for the lowest',
    'RPUSH l a b a', 'LREM l -9223372036854775807 a', 'RPUSH l a a', `LREM l ${maxInt64} a`, 'LREM l x b', 'LREM l 1.5 b',
    'LREM missing x b', differs(`LREM missing ${minInt64} b`, 'lrem-count'), 'SET s v', differs(`LREM s ${minInt64} b`, 'lrem-count')),
  t('LREM needs three arguments', 'LREM l 0', 'LREM l 0 a b'),
  t('LREM refuses a string', 'SET s v', 'LREM s 0 a', 'LREM s x a'),
  t('LPOS answers the place of a match',
    'RPUSH l a b c 1 2 3 c c', 'LPOS l c', 'LPOS l a', 'LPOS l 3', 'LPOS l x', 'LPOS l 01', 'LPOS missing a',
    'LPOS l c RANK 2', 'LPOS l c RANK 4', 'LPOS l c RANK -1', 'LPOS l c RANK -3', 'LPOS l c RANK -4',
    `LPOS l c RANK ${maxInt64}`, 'LPOS l c RANK -9223372036854775807'),
  t('LPOS COUNT answers several places',
    'RPUSH l a b c 1 2 3 c c', 'LPOS l c COUNT 2', 'LPOS l c COUNT 0', 'LPOS l c COUNT 100', 'LPOS l x COUNT 2',
    'LPOS missing a COUNT 2', 'LPOS l c RANK 2 COUNT 1', 'LPOS l c RANK -1 COUNT 2', 'LPOS l c COUNT 0 RANK -2',
    'LPOS l c RANK 5 COUNT 0', `LPOS l c COUNT ${maxInt64}`, 'LPOS l c COUNT 1 COUNT 0', 'LPOS l c rank 2 count 0'),
  t('LPOS MAXLEN looks at some elements only',
    'RPUSH l a b c 1 2 3 c c', 'LPOS l c MAXLEN 2', 'LPOS l c MAXLEN 3', 'LPOS l c MAXLEN 0', 'LPOS l c COUNT 0 MAXLEN 7',
    'LPOS l c RANK -1 COUNT 0 MAXLEN 2', 'LPOS l a RANK -1 MAXLEN 7', 'LPOS l a RANK -1 MAXLEN 8',
    `LPOS l c MAXLEN ${maxInt64}`),
  t('LPOS goes over nodes', nodes(2), 'RPUSH l a b a b c a b', 'LPOS l a COUNT 0', 'LPOS l b COUNT 0 RANK -1',
    'LPOS l a COUNT 0 MAXLEN 5', 'LPOS l a RANK -2'),
  t('LPOS refuses bad options',
    'RPUSH l a', 'LPOS l a RANK 0', 'LPOS l a RANK x', 'LPOS l a RANK', 'LPOS l a COUNT -1', 'LPOS l a COUNT x',
    'LPOS l a COUNT', 'LPOS l a MAXLEN -1', 'LPOS l a MAXLEN x', 'LPOS l a MAXLEN', 'LPOS l a FOO', 'LPOS l a FOO 1',
    'LPOS missing a RANK 0', 'LPOS missing a FOO 1',
    expected(`LPOS l a RANK ${minInt64}`, 'lpos-least-rank',
      `-ERR value is out of range, value must between -${maxInt64} and ${maxInt64}\r\n`)),
  t('LPOS needs an element', 'LPOS', 'LPOS l'),
  t('LPOS refuses a string', 'SET s v', 'LPOS s a', 'LPOS s a COUNT 1', 'LPOS s a FOO'),
];

const sides = ['LEFT LEFT', 'LEFT RIGHT', 'RIGHT LEFT', 'right right'];

// prettier-ignore
const moves = [
  t('LMOVE moves from any end to any', ...sides.flatMap((side) =>
    ['DEL l m', 'RPUSH l a b 3', 'RPUSH m x', `LMOVE l m ${side}`, 'LRANGE l 0 -1', 'LRANGE m 0 -1'])),
  t('LMOVE rotates a list', ...sides.flatMap((side) =>
    ['DEL l', 'RPUSH l a b 3', `LMOVE l l ${side}`, 'LRANGE l 0 -1', `LMOVE l l ${side}`, 'LRANGE l 0 -1',
      'LTRIM l 0 0', `LMOVE l l ${side}`, 'LRANGE l 0 -1'])),
  t('LMOVE makes the target and removes the source',
    'RPUSH l a', 'LMOVE l m LEFT RIGHT', 'EXISTS l', 'LRANGE m 0 -1', 'LMOVE l m LEFT RIGHT', 'LMOVE l n LEFT LEFT',
    'EXISTS n', 'LRANGE m 0 -1'),
  t('LMOVE carries long and binary elements',
    `RPUSH l ${long(70000)} "\\x00\\xff" ""`, 'LMOVE l m RIGHT LEFT', 'LMOVE l m RIGHT LEFT', 'LMOVE l m RIGHT LEFT',
    'LRANGE m 0 -1'),
  t('LMOVE keeps the time to live of either list',
    'RPUSH l a b', 'RPUSH m x', 'EXPIREAT l 33177117420', 'EXPIREAT m 33177117421', 'LMOVE l m LEFT LEFT',
    'EXPIRETIME l', 'EXPIRETIME m'),
  t('LMOVE refuses other words',
    'RPUSH l a', 'LMOVE l m UP LEFT', 'LMOVE l m LEFT DOWN', 'LMOVE missing m UP LEFT', 'LMOVE l m "" ""'),
  t('LMOVE needs four arguments', 'LMOVE l m LEFT', 'LMOVE l m LEFT LEFT LEFT'),
  t('LMOVE refuses strings',
    'SET s v', 'RPUSH l a', 'LMOVE s l LEFT LEFT', 'LMOVE l s LEFT LEFT', 'LMOVE missing s LEFT LEFT', 'LMOVE s s LEFT LEFT',
    'LRANGE l 0 -1'),
  t('RPOPLPUSH moves from the tail to the head',
    'RPUSH l a b c', 'RPOPLPUSH l m', 'RPOPLPUSH l m', 'RPOPLPUSH l l', 'RPOPLPUSH l m', 'EXISTS l', 'RPOPLPUSH l m',
    'LRANGE m 0 -1', 'RPOPLPUSH m m', 'LRANGE m 0 -1'),
  t('RPOPLPUSH needs two keys', 'RPOPLPUSH l', 'RPOPLPUSH l m n'),
  t('RPOPLPUSH refuses strings', 'SET s v', 'RPUSH l a', 'RPOPLPUSH s l', 'RPOPLPUSH l s', 'RPOPLPUSH missing s'),
  t('LMPOP takes from the first list that is there',
    `RPUSH l ${numbered(10)}`, 'LMPOP 1 l LEFT', 'LMPOP 2 missing l RIGHT', 'LMPOP 2 missing l left COUNT 3',
    'LMPOP 3 l l missing RIGHT COUNT 2', 'LMPOP 1 l LEFT COUNT 100', 'EXISTS l', 'LMPOP 2 l missing LEFT',
    `RPUSH l a`, `LMPOP 1 l LEFT COUNT ${maxInt64}`, 'LMPOP 1 l LEFT count 1'),
  t('LMPOP refuses bad arguments',
    'RPUSH l a', 'LMPOP 0 l LEFT', 'LMPOP -1 l LEFT', 'LMPOP x l LEFT', 'LMPOP 1.5 l LEFT', 'LMPOP 2 l LEFT',
    'LMPOP 1 l', 'LMPOP 1 l FOO', 'LMPOP 1 l LEFT COUNT', 'LMPOP 1 l LEFT COUNT 0', 'LMPOP 1 l LEFT COUNT -1',
    'LMPOP 1 l LEFT COUNT x', 'LMPOP 1 l LEFT COUNT 1 COUNT 1', 'LMPOP 1 l LEFT COUNT 1 x', 'LMPOP 1 l LEFT FOO 1',
    'LMPOP 1 l LEFT FOO', `LMPOP ${maxInt64} l LEFT`, 'LMPOP 4 l LEFT COUNT 1', 'LLEN l'),
  t('LMPOP needs a number, a key and a side', 'LMPOP', 'LMPOP 1', 'LMPOP 1 l'),
  t('LMPOP refuses a string that comes first',
    'SET s v', 'RPUSH l a', 'LMPOP 1 s LEFT', 'LMPOP 2 s l LEFT', 'LMPOP 2 missing s LEFT', 'LMPOP 2 l s LEFT'),
];

// prettier-ignore
const asValues = [
  t('a list is copied, renamed, moved and deleted',
    `RPUSH l ${numbered(5)} 1 2`, 'COPY l m', 'LPUSH m x', 'LRANGE l 0 -1', 'LRANGE m 0 -1', 'RENAME l n', 'LRANGE n 0 -1',
    'MOVE n 1', 'EXISTS n', 'DEBUG DIGEST', 'DEL m', 'TYPE m', 'UNLINK m'),
  t('a list of several nodes is copied, renamed and deleted',
    nodes(3), `RPUSH l ${numbered(50)}`, 'OBJECT ENCODING l', 'COPY l m', 'LPUSH m x', 'RPOP m', 'LRANGE l 0 -1',
    'LRANGE m 0 -1', 'RENAME l n', 'TYPE n', 'DEBUG DIGEST', 'DEL m n', 'EXISTS m n'),
  t('SET and GETSET replace a list or refuse it', 'RPUSH l a', 'GETSET l x', 'GET l', 'APPEND l x', 'SET l v', 'TYPE l'),
  t('a list within the limit is a listpack, beyond it a quicklist',
    'RPUSH l a', isListpack('l'), `RPUSH l ${long(8100)}`, isListpack('l'), `RPUSH l ${long(100)}`, 'OBJECT ENCODING l',
    'LPOP l', 'OBJECT ENCODING l', 'LPOP l', isListpack('l'), `LPUSH l ${long(9000)}`, 'OBJECT ENCODING l',
    'LSET l 0 a', isListpack('l')),
  t('the limit may be a number of elements',
    nodes(4), `RPUSH l ${numbered(4)}`, isListpack('l'), 'LINSERT l BEFORE missing x', 'OBJECT ENCODING l', 'RPOP l',
    'OBJECT ENCODING l', 'LREM l 1 e0', isListpack('l'), `RPUSH l ${numbered(3)}`, 'OBJECT ENCODING l', 'LTRIM l 0 1',
    isListpack('l'), 'RPUSH l a b', 'LMOVE l l LEFT RIGHT', isListpack('l'), 'LSET l 0 x', 'OBJECT ENCODING l'),
];

export const lists = [...ends, ...byIndex, ...byValue, ...moves, ...asValues];
