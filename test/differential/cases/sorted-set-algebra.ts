// Several sorted sets at once, taking members from their ends (with and without waiting), at random, in steps.
import { differs, answer, blocks, complete, expected, masked, on, type Step, t, unorderedPairs } from '../steps.js';

const maxInt64 = '9223372036854775807';
const minInt64 = '-9223372036854775808';
const tooFar = (line: string): Step => expected(line, 'timeout-too-far', '-ERR timeout is out of range\r\n');
const small = 'CONFIG SET zset-max-listpack-entries 4';
const long = (length: number): string => 'x'.repeat(length);
/** `count` scores and members, `m<from>` and so on. */
const scored = (count: number, from = 0, step = 1): string =>
  Array.from({ length: count }, (_, i) => `${(i + from) * step} m${i + from}`).join(' ');
const two = ['ZADD a 1 one 2 two 3 three', 'ZADD b 10 one 20 two 40 four'] as const;

// prettier-ignore
const algebra = [
  t('ZUNION, ZINTER and ZDIFF combine sorted sets',
    ...two, 'ZUNION 2 a b', 'ZUNION 2 a b WITHSCORES', 'ZINTER 2 a b', 'ZINTER 2 a b WITHSCORES', 'ZDIFF 2 a b', 'ZDIFF 2 a b WITHSCORES', 'ZDIFF 2 b a WITHSCORES',
    'ZUNION 1 a withscores', 'ZINTER 1 b WITHSCORES', 'ZDIFF 1 b WITHSCORES', 'ZINTERCARD 2 a b', 'ZINTERCARD 1 a'),
  t('missing keys count as empty',
    ...two, 'ZUNION 2 a missing WITHSCORES', 'ZINTER 2 a missing', 'ZDIFF 2 a missing WITHSCORES', 'ZDIFF 2 missing a', 'ZUNION 1 missing', 'ZINTER 1 missing WITHSCORES', 'ZDIFF 1 missing',
    'ZINTERCARD 2 a missing', 'ZINTERCARD 1 missing', 'ZUNIONSTORE d 2 missing nothing', 'ZINTERSTORE d 2 missing a', 'ZDIFFSTORE d 2 missing a', 'EXISTS d'),
  t('a key may come twice',
    ...two, 'ZUNION 3 a a b WITHSCORES', 'ZUNION 2 a a WEIGHTS 1 10 WITHSCORES', 'ZINTER 3 a a b WITHSCORES WEIGHTS 1 2 3', 'ZINTER 2 b b WITHSCORES AGGREGATE MAX', 'ZDIFF 2 a a', 'ZDIFF 3 a b b WITHSCORES', 'ZINTERCARD 3 a b a'),
  t('WEIGHTS multiply scores, AGGREGATE combines them',
    ...two, 'ZUNION 2 a b WEIGHTS 2 3 WITHSCORES', 'ZUNION 2 a b WEIGHTS -1 0.5 AGGREGATE MIN WITHSCORES', 'ZUNION 2 a b AGGREGATE MAX WITHSCORES', 'ZUNION 2 a b aggregate sum weights 1 1 withscores', 'ZINTER 2 a b WEIGHTS 100 1 AGGREGATE MIN WITHSCORES',
    'ZINTER 2 a b WEIGHTS 100 1 AGGREGATE MAX WITHSCORES', 'ZINTER 2 a b WEIGHTS 0.1 0.2 WITHSCORES', 'ZUNION 2 a b WEIGHTS 1 1 WEIGHTS 2 2 AGGREGATE MIN AGGREGATE MAX WITHSCORES WITHSCORES'),
  t('infinities and what is no number count as Redis counts them',
    'ZADD a inf p -inf n 0 z 1 o', 'ZADD b -inf p inf n inf z 5 o', 'ZUNION 2 a b WITHSCORES', 'ZINTER 2 a b WITHSCORES', 'ZUNION 2 a b AGGREGATE MIN WITHSCORES', 'ZUNION 2 a b AGGREGATE MAX WITHSCORES', 'ZUNION 1 a WEIGHTS 0 WITHSCORES',
    'ZINTER 2 a b WEIGHTS 0 1 WITHSCORES', 'ZINTER 2 a b WEIGHTS 1 0 AGGREGATE MIN WITHSCORES', 'ZINTER 2 a b WEIGHTS 1 0 AGGREGATE MAX WITHSCORES', 'ZUNION 2 a b WEIGHTS inf -inf WITHSCORES', 'ZINTER 2 a b WEIGHTS inf inf WITHSCORES AGGREGATE MAX', 'ZUNION 1 a WEIGHTS +inf WITHSCORES',
    'ZUNION 2 a b WEIGHTS 0 0 AGGREGATE MAX WITHSCORES', 'ZADD c -0 z', 'ZUNION 1 c WITHSCORES', 'ZUNION 2 a c WEIGHTS -1 1 AGGREGATE MIN WITHSCORES', 'ZADD m 1e308 x', 'ZUNION 2 m m WITHSCORES', 'ZUNION 2 m m WEIGHTS 1 -1e300 WITHSCORES'),
  t('sums begin with the smallest set, which shows in their last digits',
    'ZADD a 0.1 x 1 a1 1 a2', 'ZADD b 0.2 x', 'ZADD c 0.3 x 5 c1', 'ZUNION 3 a b c WITHSCORES', 'ZUNION 3 c a b WITHSCORES', 'ZINTER 3 a b c WITHSCORES', 'ZINTER 3 c b a WEIGHTS 0.1 0.7 3 WITHSCORES', 'ZADD d 1e16 x 2 d1 3 d2 4 d3', 'ZADD e 1 x', 'ZADD f 1 x 2 f1',
    'ZUNION 3 d e f WITHSCORES', 'ZINTER 3 d e f WITHSCORES'),
  t('members with one score are in the order of their bytes',
    'ZADD a 1 b 1 a 1 ab 1 "" 1 "\\xff" 1 "\\x00"', 'ZADD b 0 B 0 a 1 "\\xff\\x00"', 'ZUNION 2 a b', 'ZUNION 2 a b WEIGHTS 0 0', 'ZINTER 2 a b WITHSCORES', 'ZDIFF 2 a b'),
  t('plain sets take part, with scores of 1',
    'SADD s one two x', 'SADD n 1 2 3', 'ZADD a 1 one 2 two 3 1', 'ZUNION 2 a s WITHSCORES', 'ZUNION 3 a s n WEIGHTS 1 2 3 WITHSCORES', 'ZINTER 2 s a WITHSCORES', 'ZINTER 2 a n WITHSCORES AGGREGATE MIN', 'ZDIFF 2 s a WITHSCORES', 'ZDIFF 2 a s WITHSCORES', 'ZDIFF 2 n a',
    'ZUNION 2 s s WITHSCORES', 'ZINTER 1 n WITHSCORES', 'ZINTERCARD 2 s a', 'ZUNIONSTORE d 2 s n', 'ZRANGE d 0 -1 WITHSCORES', 'ZDIFFSTORE s 2 s a', 'TYPE s', 'ZRANGE s 0 -1 WITHSCORES'),
  t('sets of thousands', `ZADD a ${scored(1500)}`, `ZADD b ${scored(1500, 700, 3)}`, 'ZUNIONSTORE d 2 a b', 'ZINTER 2 a b WITHSCORES', 'ZDIFF 2 a b', 'ZDIFF 2 b a WITHSCORES', 'ZUNION 2 a b WITHSCORES WEIGHTS -1 0.5', 'ZINTERCARD 2 a b', 'ZINTERCARD 2 a b LIMIT 7', 'ZCARD d', 'DEBUG DIGEST-VALUE d'),
  t('the STORE forms store', ...two, 'ZUNIONSTORE d 2 a b', 'ZRANGE d 0 -1 WITHSCORES', 'ZINTERSTORE d 2 a b WEIGHTS 2 3 AGGREGATE MAX', 'ZRANGE d 0 -1 WITHSCORES', 'ZDIFFSTORE d 2 a b', 'ZRANGE d 0 -1 WITHSCORES', 'OBJECT ENCODING d'),
  t('the STORE forms replace what is there, its time to live too', ...two,
    'SET d v', 'EXPIREAT d 33177117420', 'ZUNIONSTORE d 1 a', 'TTL d', 'TYPE d', 'SADD e x', 'ZINTERSTORE e 2 a b', 'TYPE e', 'ZDIFFSTORE e 2 a a', 'EXISTS e', 'ZDIFFSTORE e 2 a a', 'SET e v', 'ZINTERSTORE e 2 a missing', 'EXISTS e', 'SET e v', 'ZUNIONSTORE e 1 missing', 'EXISTS e'),
  t('the STORE forms may store over an operand', ...two, 'ZUNIONSTORE a 2 a b', 'ZRANGE a 0 -1 WITHSCORES', 'ZINTERSTORE b 2 a b', 'ZRANGE b 0 -1 WITHSCORES', 'ZDIFFSTORE a 2 a b', 'ZRANGE a 0 -1 WITHSCORES', 'ZDIFFSTORE a 2 a a', 'EXISTS a'),
  t('what is stored has the encoding that it asks for',
    small, ...two, 'ZUNIONSTORE d 2 a b', 'OBJECT ENCODING d', 'ZADD b 1 five', 'ZUNIONSTORE d 2 a b', 'OBJECT ENCODING d', 'ZINTERSTORE d 2 a b', 'OBJECT ENCODING d', `ZADD c 1 ${long(64)}`, 'ZUNIONSTORE d 1 c', 'OBJECT ENCODING d', `ZADD c 1 ${long(65)}`, 'ZUNIONSTORE d 1 c', 'OBJECT ENCODING d',
    'ZRANGE d 0 -1', 'CONFIG SET zset-max-listpack-entries 0', 'ZUNIONSTORE d 1 a', 'OBJECT ENCODING d'),
  t('ZINTERCARD counts up to its limit', `ZADD a ${scored(9)}`, `ZADD b ${scored(9, 4)}`, 'ZINTERCARD 2 a b', 'ZINTERCARD 2 a b LIMIT 0', 'ZINTERCARD 2 a b LIMIT 1', 'ZINTERCARD 2 a b LIMIT 5', 'ZINTERCARD 2 a b limit 100', `ZINTERCARD 2 a b LIMIT ${maxInt64}`, 'ZINTERCARD 2 a b LIMIT 1 LIMIT 3',
    'ZINTERCARD 2 a b LIMIT -1', 'ZINTERCARD 2 a b LIMIT x', 'ZINTERCARD 2 a b LIMIT', 'ZINTERCARD 2 a b LIMIT 9223372036854775808', 'ZINTERCARD 2 a b WITHSCORES', 'ZINTERCARD 2 a b WEIGHTS 1 1', 'ZINTERCARD 2 a b AGGREGATE MIN'),
  t('numbers of keys must be numbers, and not too great',
    ...two, 'ZUNION 0 a', 'ZINTER -1 a', 'ZDIFF x a', 'ZINTERCARD 0 a', 'ZUNIONSTORE d 0 a', 'ZINTERSTORE d -5 a', 'ZDIFFSTORE d 1.5 a', 'ZUNION 3 a b', 'ZINTER 2 a', 'ZDIFF 1000000000000 a', 'ZINTERCARD 3 a b', `ZUNIONSTORE d ${maxInt64} a`, 'ZINTERSTORE d 3 a b', 'ZDIFFSTORE d 2 a', 'zunion 9223372036854775808 a',
    `ZUNION ${minInt64} a`),
  t('options must be known and whole',
    ...two, 'ZUNION 2 a b FOO', 'ZUNION 2 a b WEIGHTS', 'ZUNION 2 a b WEIGHTS 1', 'ZUNION 2 a b WEIGHTS 1 x', 'ZUNION 2 a b WEIGHTS 1 nan', 'ZUNION 2 a b WEIGHTS x WITHSCORES', 'ZUNION 2 a b AGGREGATE', 'ZUNION 2 a b AGGREGATE AVG', 'ZINTER 2 a b AGGREGATE WITHSCORES', 'ZUNION 2 a b WEIGHTS 1 2 3',
    'ZDIFF 2 a b WEIGHTS 1 1', 'ZDIFF 2 a b AGGREGATE MIN', 'ZUNIONSTORE d 2 a b WITHSCORES', 'ZINTERSTORE d 2 a b WITHSCORES', 'ZDIFFSTORE d 2 a b WITHSCORES', 'ZDIFFSTORE d 2 a b WEIGHTS 1 1', 'ZUNIONSTORE d 2 a b WEIGHTS 1 x', 'ZUNIONSTORE d 2 a b WEIGHTS 1 2 AGGREGATE', 'ZINTERSTORE d 2 a b LIMIT 1', 'EXISTS d'),
  t('ZUNION, ZINTER, ZDIFF and ZINTERCARD need keys', 'ZUNION', 'ZUNION 1', 'ZINTER 1', 'ZDIFF 1', 'ZINTERCARD 1', 'ZUNIONSTORE d 1', 'ZINTERSTORE d 1', 'ZDIFFSTORE d 1', 'ZDIFFSTORE'),
  t('only sorted sets and sets take part, which is seen before the options',
    'SET s v', 'RPUSH l a', 'ZADD a 1 x', 'ZUNION 1 s', 'ZINTER 2 a s', 'ZDIFF 2 a s', 'ZINTERCARD 2 a l', 'ZUNIONSTORE d 2 l a', 'ZINTERSTORE d 2 missing s', 'ZDIFFSTORE d 1 s', 'ZUNION 1 s FOO', 'ZINTER 2 missing s WEIGHTS x 1', 'ZUNION 3 s a', 'EXISTS d', 'ZUNIONSTORE s 1 a', 'TYPE s'),
];

// prettier-ignore
const ranges = [
  t('ZRANGESTORE stores what ZRANGE answers',
    `ZADD z ${scored(9)}`, 'ZRANGESTORE d z 0 -1', 'ZRANGE d 0 -1 WITHSCORES', 'ZRANGESTORE d z 2 4', 'ZRANGE d 0 -1 WITHSCORES', 'ZRANGESTORE d z 0 2 REV', 'ZRANGE d 0 -1 WITHSCORES', 'ZRANGESTORE d z (2 +inf BYSCORE LIMIT 1 3', 'ZRANGE d 0 -1 WITHSCORES',
    'ZRANGESTORE d z +inf (2 BYSCORE REV LIMIT 0 2', 'ZRANGE d 0 -1 WITHSCORES', 'ZRANGESTORE d z -3 -2', 'ZRANGE d 0 -1', 'ZADD l 0 a 0 b 0 c 0 d', 'ZRANGESTORE d l [b (d BYLEX', 'ZRANGE d 0 -1', 'ZRANGESTORE d l + - BYLEX REV LIMIT 1 2', 'ZRANGE d 0 -1', 'ZRANGESTORE z z 1 1', 'ZRANGE z 0 -1 WITHSCORES'),
  t('ZRANGESTORE replaces what is there, and removes it when the range is empty',
    `ZADD z ${scored(9)}`, 'SET d v', 'EXPIREAT d 33177117420', 'ZRANGESTORE d z 0 1', 'TTL d', 'TYPE d', 'ZRANGESTORE d z 5 1', 'EXISTS d', 'ZRANGESTORE d z 5 1', 'SET d v', 'ZRANGESTORE d missing 0 -1', 'EXISTS d', 'ZRANGESTORE d z 0 1 BYSCORE LIMIT 5 5', 'ZRANGESTORE d z 0 5 BYSCORE LIMIT 0 0',
    'ZRANGESTORE d z 0 5 BYSCORE LIMIT -1 5', 'EXISTS d'),
  t('ZRANGESTORE makes the encoding that the result asks for',
    small, `ZADD z ${scored(9)}`, 'ZRANGESTORE d z 0 3', 'OBJECT ENCODING d', 'ZRANGESTORE d z 0 4', 'OBJECT ENCODING d', 'ZRANGE d 0 -1 WITHSCORES', 'ZRANGESTORE d z -1 4 REV', 'ZRANGESTORE d z 2 -3 REV', 'ZRANGE d 0 -1'),
  t('ZRANGESTORE refuses what is not valid',
    'ZADD z 1 a', 'ZRANGESTORE d z a b', 'ZRANGESTORE d z 0 1 WITHSCORES', 'ZRANGESTORE d z 0 1 LIMIT 0 1', 'ZRANGESTORE d z 0 1 BYSCORE LIMIT 0', 'ZRANGESTORE d z x 1 BYSCORE', 'ZRANGESTORE d z a b BYLEX', 'ZRANGESTORE d z 0 1 FOO', 'ZRANGESTORE d missing x 1', 'EXISTS d'),
  t('ZRANGESTORE needs a range', 'ZRANGESTORE', 'ZRANGESTORE d z', 'ZRANGESTORE d z 0'),
  t('ZRANGESTORE refuses a string', 'SET s v', 'ZRANGESTORE d s 0 -1', 'ZRANGESTORE d s x -1', 'ZRANGESTORE d s 0 -1 WITHSCORES'),
];

// prettier-ignore
const pops = [
  t('ZPOPMIN and ZPOPMAX take from the ends',
    'ZADD z 1 a 2 b 3 c 4 d 5.5 e inf f', 'ZPOPMIN z', 'ZPOPMAX z', 'ZPOPMIN z 1', 'ZPOPMAX z 2', 'ZRANGE z 0 -1 WITHSCORES', 'ZPOPMIN z 0', 'ZPOPMAX z 100', 'EXISTS z', 'ZPOPMIN z', 'ZPOPMAX z 5', 'ZPOPMIN z 0'),
  t('ZPOPMIN and ZPOPMAX of a skiplist', small, `ZADD z ${scored(300, 0, 0.5)}`, 'ZPOPMIN z', 'ZPOPMAX z', 'ZPOPMIN z 20', 'ZPOPMAX z 100', 'ZCARD z', 'ZRANGE z 0 3', 'OBJECT ENCODING z', 'DEBUG DIGEST-VALUE z', `ZPOPMAX z ${maxInt64}`, 'EXISTS z'),
  t('of members with one score, ZPOPMAX takes the greatest first', 'ZADD z 0 b 0 a 0 c', 'ZPOPMAX z', 'ZPOPMIN z', 'ZPOPMAX z 5'),
  t('ZPOPMIN and ZPOPMAX refuse bad counts',
    'ZADD z 1 a', 'ZPOPMIN z -1', 'ZPOPMAX z x', 'ZPOPMIN z 1.5', 'ZPOPMAX z 9223372036854775808', 'ZPOPMIN z 1 2', 'ZPOPMAX z 1 2', 'ZPOPMIN missing -1', 'ZPOPMIN missing 0', 'ZPOPMAX missing 1 2', 'ZCARD z'),
  t('ZPOPMIN and ZPOPMAX need a key', 'ZPOPMIN', 'ZPOPMAX'),
  t('ZPOPMIN and ZPOPMAX refuse a string, even for nothing', 'SET s v', 'ZPOPMIN s', 'ZPOPMAX s', 'ZPOPMIN s 0', 'ZPOPMAX s 1'),
  t('ZMPOP takes from the first key that has members',
    'ZADD b 1 x 2 y 3 z', 'ZMPOP 2 a b MIN', 'ZMPOP 2 a b MAX COUNT 1', 'ZADD a 5 p', 'ZMPOP 2 b a min count 10', 'ZMPOP 2 a b MAX COUNT 2', 'ZMPOP 2 a b MAX', 'ZMPOP 1 a MIN COUNT 5', 'EXISTS a b'),
  t('ZMPOP refuses what is not valid',
    'ZADD a 1 x', 'ZMPOP 0 a MIN', 'ZMPOP -1 a MIN', 'ZMPOP x a MIN', 'ZMPOP 2 a MIN', 'ZMPOP 1 a FOO', 'ZMPOP 1 a MIN COUNT', 'ZMPOP 1 a MIN COUNT 0', 'ZMPOP 1 a MIN COUNT -1', 'ZMPOP 1 a MIN COUNT x', 'ZMPOP 1 a MIN FOO 1', 'ZMPOP 1 a MIN COUNT 1 COUNT 2', 'ZMPOP 1 a MIN COUNT 1 FOO', 'ZMPOP 1 a MIN COUNT 0 FOO',
    `ZMPOP ${maxInt64} a MIN`, 'ZMPOP 9223372036854775808 a MIN', 'ZMPOP 1 a b MIN', 'ZMPOP 1 a MIN MAX', 'ZCARD a'),
  t('ZMPOP needs an end', 'ZMPOP', 'ZMPOP 1', 'ZMPOP 1 a'),
  t('ZMPOP refuses a string where it comes upon one', 'SET s v', 'ZADD a 1 x', 'ZMPOP 1 s MIN', 'ZMPOP 2 missing s MIN', 'ZMPOP 2 a s MIN', 'ZMPOP 2 a s MIN', 'ZMPOP 1 s FOO'),
];

// prettier-ignore
const waiting = [
  t('BZPOPMIN, BZPOPMAX and BZMPOP take what is there',
    'ZADD b 1 x 2.5 y 3 z 4 w', 'BZPOPMIN a b 0', 'BZPOPMAX b 0.1', 'BZMPOP 0 2 a b MIN', 'ZADD b 1 x 2 y', 'BZMPOP 1.5 2 a b MAX COUNT 2', 'BZMPOP 1 1 b min count 9', 'EXISTS b'),
  t('BZPOPMIN, BZPOPMAX and BZMPOP wait until time is over', 'BZPOPMIN a 0.01', 'BZPOPMAX a b 0.01', 'BZMPOP 0.01 1 a MIN', 'BZMPOP 0.01 2 a b MAX COUNT 3'),
  t('BZPOPMIN waits for a member',
    blocks(on('b', 'BZPOPMIN z y 0')), 'ZADD z 5 five 3 three', answer('b'), 'ZRANGE z 0 -1', blocks(on('b', 'BZPOPMIN y x 0')), 'ZADD y 1 one', answer('b'), 'EXISTS y'),
  t('BZPOPMAX waits for a member', blocks(on('b', 'BZPOPMAX z 0')), 'ZADD z 5 five 7 seven 3 three', answer('b'), 'ZRANGE z 0 -1', blocks(on('b', 'BZPOPMAX w 10')), 'ZINCRBY w 1.5 m', answer('b'), 'EXISTS w'),
  t('BZMPOP waits for members', blocks(on('b', 'BZMPOP 0 2 y z MAX COUNT 2')), 'ZADD z 5 five 7 seven 3 three', answer('b'), 'ZRANGE z 0 -1', blocks(on('b', 'BZMPOP 0 1 w MIN COUNT 10')), 'GEOADD w 1 1 one', answer('b'), 'EXISTS w'),
  t('a stored, renamed, copied or moved sorted set serves who waits',
    'ZADD s 1 a 2 b', blocks(on('b', 'BZPOPMIN z 0')), 'ZUNIONSTORE z 1 s', answer('b'), 'DEL z', blocks(on('b', 'BZPOPMAX z 0')), 'ZRANGESTORE z s 0 -1', answer('b'), 'DEL z', blocks(on('b', 'BZPOPMIN z 0')), 'COPY s z', answer('b'), 'DEL z', blocks(on('b', 'BZPOPMAX z 0')), 'RENAME s z',
    answer('b'), 'ZRANGE z 0 -1', 'EXISTS s'),
  t('who came first is served first', blocks(on('b', 'BZPOPMIN z 0')), blocks(on('c', 'BZPOPMAX z 0')), 'ZADD z 1 one 2 two 3 three', answer('b'), answer('c'), 'ZRANGE z 0 -1'),
  t('another type does not serve who waits', blocks(on('b', 'BZPOPMIN z 0')), 'SET z v', 'DEL z', 'RPUSH z a', 'DEL z', 'ZADD z 1 a', answer('b')),
  t('a member that is gone again at once does not serve who waits', blocks(on('b', 'BZPOPMIN z 0.2')), 'ZADD y 1 a', 'ZUNIONSTORE z 1 missing', answer('b'), 'EXISTS z'),
  t('BZPOPMIN, BZPOPMAX and BZMPOP refuse bad times',
    'BZPOPMIN a x', 'BZPOPMIN a -1', tooFar('BZPOPMAX a 1e300'), tooFar('BZPOPMIN a inf'), 'BZMPOP x 1 a MIN', 'BZMPOP -1 1 a MIN', tooFar('BZMPOP 1e300 1 a MIN'), 'BZMPOP x 0 a MIN', 'BZMPOP x 1 a FOO', 'BZMPOP x 1 a MIN COUNT 0'),
  t('BZMPOP refuses what is not valid', 'BZMPOP 1 0 a MIN', 'BZMPOP 1 -1 a MIN', 'BZMPOP 1 x a MIN', 'BZMPOP 1 2 a MIN', 'BZMPOP 1 1 a FOO', 'BZMPOP 1 1 a MIN COUNT 0', 'BZMPOP 1 1 a MIN COUNT', 'BZMPOP 1 1 a MIN COUNT 1 COUNT 1', 'BZMPOP 1 1 a MIN FOO'),
  t('BZPOPMIN, BZPOPMAX and BZMPOP need a key and a time', 'BZPOPMIN', 'BZPOPMIN a', 'BZPOPMAX a', 'BZMPOP 1 1 a', 'BZMPOP'),
  t('BZPOPMIN, BZPOPMAX and BZMPOP refuse a string where they come upon one',
    'SET s v', 'ZADD a 1 x 2 y 3 z', 'BZPOPMIN s 1', 'BZPOPMAX missing s 1', 'BZMPOP 1 2 missing s MIN', 'BZPOPMIN a s 1', 'BZPOPMAX a s 1', 'BZMPOP 1 2 a s MIN', 'BZPOPMIN s x'),
];

// prettier-ignore
const walks = [
  t('ZRANDMEMBER of one member answers it',
    'ZADD z 1.5 a', 'ZRANDMEMBER z', 'ZRANDMEMBER z 1', 'ZRANDMEMBER z -3', 'ZRANDMEMBER z 1 WITHSCORES', 'ZRANDMEMBER z -3 WITHSCORES', 'ZRANDMEMBER z 5 withscores', 'ZRANDMEMBER z 0', 'ZRANDMEMBER z 0 WITHSCORES'),
  t('ZRANDMEMBER of a missing key', 'ZRANDMEMBER z', 'ZRANDMEMBER z 5', 'ZRANDMEMBER z -5', 'ZRANDMEMBER z 5 WITHSCORES', 'ZRANDMEMBER z 0'),
  t('ZRANDMEMBER with a count at or above the length answers all, highest first', 'ZADD z 1 a 2 b 3 c', 'ZRANDMEMBER z 3', 'ZRANDMEMBER z 100 WITHSCORES', `ZRANDMEMBER z ${maxInt64}`, 'ZRANDMEMBER z 4611686018427387903 WITHSCORES'),
  t('ZRANDMEMBER answers as many as asked',
    `ZADD z ${scored(10)}`, masked('ZRANDMEMBER z', 'shape'), masked('ZRANDMEMBER z 3', 'shape'), masked('ZRANDMEMBER z 9', 'shape'), masked('ZRANDMEMBER z -30', 'shape'), masked('ZRANDMEMBER z 3 WITHSCORES', 'shape'), masked('ZRANDMEMBER z -30 WITHSCORES', 'shape')),
  t('ZRANDMEMBER answers as many as asked from a skiplist',
    small, `ZADD z ${scored(10)}`, masked('ZRANDMEMBER z', 'shape'), masked('ZRANDMEMBER z 2', 'shape'), masked('ZRANDMEMBER z 9', 'shape'), 'ZRANDMEMBER z 10', masked('ZRANDMEMBER z -30', 'shape'), masked('ZRANDMEMBER z 3 WITHSCORES', 'shape'), masked('ZRANDMEMBER z -30 WITHSCORES', 'shape')),
  t('ZRANDMEMBER refuses bad counts',
    'ZADD z 1 a', 'ZRANDMEMBER z a', 'ZRANDMEMBER z 1.5', 'ZRANDMEMBER z ""', `ZRANDMEMBER z ${minInt64}`, 'ZRANDMEMBER z 9223372036854775808', 'ZRANDMEMBER z 1 FOO', 'ZRANDMEMBER z WITHSCORES', 'ZRANDMEMBER z 4611686018427387904 WITHSCORES', 'ZRANDMEMBER z -4611686018427387904 WITHSCORES',
    `ZRANDMEMBER z ${maxInt64} WITHSCORES`, 'ZRANDMEMBER z 1 WITHSCORES x', 'ZRANDMEMBER missing a', 'ZRANDMEMBER missing 1 FOO', `ZRANDMEMBER missing ${minInt64}`),
  t('ZRANDMEMBER needs a key', 'ZRANDMEMBER'),
  t('ZRANDMEMBER refuses a string', 'SET s v', 'ZRANDMEMBER s', 'ZRANDMEMBER s 2', 'ZRANDMEMBER s 2 WITHSCORES', 'ZRANDMEMBER s a', 'ZRANDMEMBER s 1 FOO'),
  t('ZSCAN answers a small sorted set at once',
    'ZADD z 1 a 2.5 b -inf c 1e20 d 0.1 e -0 f 4503599627370497 g', 'ZSCAN z 0', 'ZSCAN z 0 COUNT 1', 'ZSCAN z 0 MATCH b', 'ZSCAN z 0 MATCH x*', 'ZSCAN z 0 MATCH [ab] COUNT 100', 'ZSCAN z 0 COUNT 1 MATCH *', 'ZSCAN missing 0'),
  t('ZSCAN walks over a skiplist', small, `ZADD z ${scored(300, 0, 0.1)} inf p -inf n`, complete('ZSCAN z 0'), complete('ZSCAN z 0 COUNT 3'), complete('ZSCAN z 0 MATCH m1* COUNT 50'), unorderedPairs('ZSCAN z 0 COUNT 10000')),
  t('ZSCAN refuses what is not valid',
    'ZADD z 1 a', 'ZSCAN z x', 'ZSCAN z 0 COUNT 0', 'ZSCAN z 0 COUNT x', 'ZSCAN z 0 COUNT', 'ZSCAN z 0 MATCH', 'ZSCAN z 0 FOO', differs('ZSCAN z 0 NOVALUES', 'novalues-8.0'), 'ZSCAN z 0 TYPE zset', 'ZSCAN missing x', 'ZSCAN missing 0 FOO', 'ZSCAN z 18446744073709551616'),
  t('ZSCAN needs a cursor', 'ZSCAN', 'ZSCAN z'),
  t('ZSCAN refuses a string, the cursor first', 'SET s v', 'ZSCAN s 0', 'ZSCAN s x', 'ZSCAN s 0 FOO'),
];

export const sortedSetAlgebra = [...algebra, ...ranges, ...pops, ...waiting, ...walks];
