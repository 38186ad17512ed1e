// SORT and SORT_RO of lists, sets and sorted sets. Where equal weights leave the order open (ALPHA with BY and LIMIT, sets
// in no order of their own) the cases have no equal weights, or do not look at the order.
import { differing, differs, expected, t, unordered } from '../steps.js';

const maxInt64 = '9223372036854775807';
const minInt64 = '-9223372036854775808';
const numbers = (count: number): string => Array.from({ length: count }, (_, i) => String((i * 37) % count)).join(' ');
const list = 'RPUSH l 3 1 10 2 -5';
const weights = 'MSET w_1 30 w_2 10 w_3 20 w_10 5 w_-5 40';
const objects = 'MSET o_1 one o_2 two o_3 three o_10 ten';

// prettier-ignore
const order = [
  t('SORT orders numbers', list, 'SORT l', 'SORT l ASC', 'SORT l DESC', 'SORT l ASC DESC', 'SORT l desc asc', 'LRANGE l 0 -1'),
  ...differing('numbers-8.0', t('SORT knows every way to write a number',
    'RPUSH l 1e3 0x10 " 7" -inf inf 1.5 -0 +3 .5 5. "" 1E-3 infinity', differs('SORT l', 'numbers-8.0'), 'SORT l DESC', 'RPUSH m "\\t2" "1\\x00x" 3',
    'SORT m', `RPUSH n ${maxInt64} ${minInt64} 9007199254740993 9007199254740992`, 'SORT n')),
  ...differing('numbers-8.0', t('SORT refuses what is no number',
    'RPUSH a 1 x', 'SORT a', 'SORT a DESC', 'RPUSH b "1 "', 'SORT b', 'RPUSH c nan', 'SORT c', 'RPUSH d 1e400', differs('SORT d', 'numbers-8.0'),
    'RPUSH e " "', 'SORT e', 'RPUSH f 1,5', 'SORT f', 'RPUSH g 1e-400', 'SORT g', 'SORT a STORE a', 'LRANGE a 0 -1')),
  t('SORT orders equal numbers by their bytes', 'RPUSH l 1.0 1 01 +1 1.00 1', 'SORT l', 'SORT l DESC', 'SADD s 1.0 1 01 +1',
    'SORT s', 'SORT s DESC'),
  t('SORT ALPHA orders by bytes',
    'RPUSH l b a "" B ab A \\xff "\\xff" "\\x01" 10 9 a', 'SORT l ALPHA', 'SORT l ALPHA DESC', 'SORT l alpha STORE d',
    'LRANGE d 0 -1', 'RPUSH m "a\\x00c" "a\\x00b" a "b\\x00"', 'SORT m ALPHA STORE d', 'LRANGE d 0 -1', 'SORT m ALPHA'),
  t('SORT orders sets and sorted sets',
    'SADD s 3 1 2 -7', 'SORT s', 'SADD t c a b', 'SORT t ALPHA DESC', 'ZADD z 1 3 2 2 3 1', 'SORT z', 'SORT z DESC',
    'ZADD y 1 x 2 b', 'SORT y ALPHA', 'SORT y', `SADD big ${numbers(600)}`, 'SORT big', 'SORT big DESC LIMIT 590 20'),
  t('SORT of a missing key is empty', 'SORT k', 'SORT k ALPHA BY w_* GET # LIMIT 0 5', 'SORT_RO k', 'SORT k BY nosort'),
  t('SORT of many', `RPUSH l ${numbers(1000)}`, 'SORT l', 'SORT l ALPHA', 'SORT l ALPHA DESC LIMIT 500 10'),
  t('SORT needs a key', 'SORT', 'SORT_RO'),
  t('SORT refuses other types, syntax first',
    'SET k v', 'SORT k', 'SORT k FOO', 'SORT k STORE d', 'HSET h f v', 'SORT h ALPHA', 'XADD x 1-1 f v', 'SORT x', 'SORT_RO k',
    'SORT_RO h'),
  t('SORT refuses what it does not know',
    list, 'SORT l FOO', 'SORT l BY', 'SORT l GET', 'SORT l STORE', 'SORT l LIMIT', 'SORT l LIMIT 1', 'SORT l ASC FOO DESC',
    'SORT_RO l STORE d', 'SORT missing FOO', 'SORT l LIMIT a 1', 'SORT l LIMIT 1 a', 'SORT l LIMIT 1 9223372036854775808',
    'SORT l LIMIT a FOO', 'SORT l LIMIT x y FOO', 'SORT missing LIMIT a b', 'SORT l BY w_* GET'),
  t('SORT_RO answers as SORT does', list, weights, objects, 'SORT_RO l', 'SORT_RO l DESC LIMIT 1 2', 'SORT_RO l BY w_* GET o_* GET #',
    'SORT_RO l ALPHA'),
];

// prettier-ignore
const limits = [
  t('SORT LIMIT takes a part',
    list, 'SORT l LIMIT 0 2', 'SORT l LIMIT 1 2', 'SORT l LIMIT 3 10', 'SORT l LIMIT 5 1', 'SORT l LIMIT 100 1', 'SORT l LIMIT 0 0',
    'SORT l LIMIT -3 2', 'SORT l LIMIT 1 -1', 'SORT l LIMIT -1 -1', `SORT l LIMIT 1 ${maxInt64}`, `SORT l LIMIT ${maxInt64} 1`,
    `SORT l LIMIT ${minInt64} ${minInt64}`, 'SORT l DESC LIMIT 1 2', 'SORT l limit 0 1 LIMIT 2 2', 'SORT l LIMIT 1 -7'),
  t('SORT BY nosort LIMIT takes a part of the order that is there',
    list, 'SORT l BY nosort', 'SORT l BY nosort DESC', 'SORT l BY nosort LIMIT 1 2', 'SORT l BY nosort LIMIT 1 2 DESC',
    'SORT l BY nosort LIMIT 3 10 DESC', 'SORT l BY nosort LIMIT 5 1', 'SORT l BY nosort LIMIT 0 0', 'SORT l BY nosort LIMIT -2 2',
    'SORT l BY nosort DESC LIMIT 100 1', 'SORT l BY nosort LIMIT 2 -1', 'SORT l BY nosort LIMIT 0 0 DESC'),
  t('SORT BY nosort of a sorted set keeps its order',
    'ZADD z 3 a 1 b 2 c 5 d 4 e', 'SORT z BY nosort', 'SORT z BY nosort DESC', 'SORT z BY nosort LIMIT 1 2',
    'SORT z BY nosort LIMIT 1 2 DESC', 'SORT z BY nosort DESC LIMIT 3 10', 'SORT z BY nosort LIMIT 5 1', 'SORT z BY nosort LIMIT 0 0',
    'SORT z BY nosort LIMIT 0 1', 'SORT z BY nosort LIMIT -1 1 DESC', 'SORT z BY nosort STORE d', 'LRANGE d 0 -1',
    'SORT z BY nosort DESC LIMIT 1 3 STORE d', 'LRANGE d 0 -1',
    `ZADD y ${Array.from({ length: 300 }, (_, i) => `${(i * 7) % 300} m${i}`).join(' ')}`, 'SORT y BY nosort',
    'SORT y BY nosort LIMIT 100 5', 'SORT y BY nosort DESC LIMIT 100 5'),
  t('SORT of a sorted set leaves it in its encoding',
    'ZADD z 1 1 2 2', 'SORT z', expected('OBJECT ENCODING z', 'sort-converts', '$8\r\nlistpack\r\n'), 'SORT z BY nosort DESC'),
  t('SORT BY nosort of a set answers all members', 'SADD s a b c', unordered('SORT s BY nosort'), unordered('SORT s BY nosort DESC'),
    'SADD n 3 1 2', 'SORT n BY nosort', 'SORT n BY nosort LIMIT 1 1'),
  t('SORT BY nosort STORE orders a set, so that the result is the same everywhere',
    'SADD s c a b 10 9', 'SORT s BY nosort STORE d', 'LRANGE d 0 -1', 'SORT s BY nosort DESC LIMIT 1 2 STORE d', 'LRANGE d 0 -1'),
];

// prettier-ignore
const patterns = [
  t('SORT BY looks weights up', list, weights, 'SORT l BY w_*', 'SORT l BY w_* DESC', 'SORT l BY w_* LIMIT 1 2',
    'SORT l BY w_* LIMIT 1 2 DESC', 'DEL w_2', 'SORT l BY w_*', 'SORT l BY missing_*', 'SORT l BY missing_* DESC', 'SORT l by *'),
  t('SORT BY refuses weights that are no numbers', list, 'SET w_2 x', 'SORT l BY w_*', 'SORT l BY w_* ALPHA', 'SET w_2 ""',
    'SORT l BY w_*', 'SET w_2 nan', 'SORT l BY w_*'),
  t('SORT BY ALPHA compares weights as text',
    'RPUSH l 1 2 3', 'MSET w_1 b w_2 a w_3 c', 'SORT l BY w_* ALPHA', 'SORT l BY w_* ALPHA DESC', 'DEL w_3',
    'SORT l BY w_* ALPHA', 'SORT l BY w_* ALPHA DESC', 'SET w_3 ""', 'DEL w_1', 'SORT l BY w_* ALPHA', 'SORT l BY w_* ALPHA STORE d',
    'LRANGE d 0 -1', 'SORT l BY missing_* ALPHA', 'MSET w_1 same w_2 same w_3 same', 'SORT l BY w_* ALPHA', 'SORT l BY w_* ALPHA DESC'),
  t('SORT BY looks fields of hashes up',
    'RPUSH l 1 2 3', 'HSET h_1 f 3 g z', 'HSET h_2 f 1', 'HSET h_3 f 2', 'SORT l BY h_*->f', 'SORT l BY h_*->f DESC GET h_*->f',
    'SORT l BY h_*->missing', 'SORT l BY h_*-> GET #', 'SET h_2 string', 'SORT l BY h_*->f', 'SORT l BY h_*', 'SORT l BY h_*->f->g'),
  t('SORT BY the last of several, and not at all if one of them has no star',
    list, weights, 'SORT l BY missing_* BY w_*', 'SORT l BY nosort BY w_*', 'SORT l BY w_* BY nosort', 'SORT l BY ""', 'SORT l BY #'),
  t('SORT GET answers values in the place of elements',
    list, objects, weights, 'SORT l GET o_*', 'SORT l GET o_* GET #', 'SORT l GET # GET w_* GET missing_*', 'SORT l BY w_* GET o_* LIMIT 1 2',
    'SORT l GET nostar', 'SORT l GET ""', 'SORT l GET *', 'SET 3 itself', 'SORT l GET *', 'SORT l GET o_*x', 'SET a_3_b between',
    'SORT l GET a_*_b', 'SORT l GET "#\\x00x"', 'SORT l GET ##', 'SORT l BY nosort GET o_* DESC'),
  t('SORT GET answers fields of hashes',
    'RPUSH l 1 2', 'HSET h_1 f one "" empty "a b" blank', 'HSET h_2 f two', 'SORT l GET h_*->f', 'SORT l GET h_*->missing',
    'SORT l GET h_*->', 'SORT l GET h_*', 'SORT l GET h_*->f->g', 'SORT l GET "h_*->a b"', 'SORT l GET ->f*', 'SORT l GET h_1->f',
    'HSET h_1_x f suffix', 'SORT l GET h_*_x->f', 'SET h_2 string', 'SORT l GET h_*->f', 'SET h_1-> odd', 'SORT l GET h_*->',
    'HSET h_*1 f star', 'SORT l GET h_**->f'),
  t('SORT GET ignores keys of other types', 'RPUSH l 1', 'RPUSH o_1 x', 'SORT l GET o_*', 'SORT l BY o_*', 'HSET h_1 f v', 'SORT l GET h_*'),
  t('SORT BY and GET see numbers as text', 'RPUSH l 1 2', 'SET w_1 12', 'INCR w_2', 'HSET h_1 f 7', 'HINCRBY h_2 f 5',
    'SORT l BY w_* GET w_*', 'SORT l BY h_*->f GET h_*->f', 'SORT l BY w_* ALPHA'),
  t('SORT BY and GET with long and binary elements',
    `RPUSH l ${'x'.repeat(100)} "\\x00\\xff"`, `SET w_${'x'.repeat(100)} 2`, 'SET "w_\\x00\\xff" 1', 'SORT l BY w_* GET w_* GET #',
    `SET ${'p'.repeat(200)}_${'x'.repeat(100)} found`, `SORT l ALPHA GET ${'p'.repeat(200)}_*`),
  t('SORT STORE stores a list', list, 'SORT l STORE d', 'LRANGE d 0 -1', 'TYPE d', 'SORT l DESC LIMIT 0 2 STORE d', 'LRANGE d 0 -1',
    'SORT l STORE l', 'LRANGE l 0 -1', 'SORT l STORE a STORE b', 'EXISTS a b', 'SORT l store d GET nothing_* GET #', 'LRANGE d 0 -1'),
  t('SORT STORE replaces what is there, and its time to live',
    list, 'SET d v', 'EXPIREAT d 33177117420', 'SORT l STORE d', 'TTL d', 'TYPE d', 'SADD s a', 'SORT l STORE s', 'TYPE s'),
  t('SORT STORE of nothing deletes the key',
    list, 'SET d v', 'SORT missing STORE d', 'EXISTS d', 'SORT missing STORE d', 'SORT l LIMIT 10 1 STORE l', 'EXISTS l'),
  t('SORT STORE of many', `RPUSH l ${numbers(4000)}`, 'SORT l STORE d', 'LRANGE d 0 -1', 'OBJECT ENCODING d', 'SORT l LIMIT 0 5 STORE d',
    expected('OBJECT ENCODING d', 'list-listpack', '$8\r\nlistpack\r\n')),
];

export const sort = [...order, ...limits, ...patterns];
