// Fields with a time to live. 7.0 does not know these commands: what our server owes is written here, and compared with 8.0;
// random/hash-field-times.ts compares the rest.
import { differing, expected, t, type Case, type Step } from '../steps.js';

const owes = (line: string, resp2: string, resp3 = resp2): Step => expected(line, 'hash-field-expiry', resp2, resp3);
const integers = (...list: number[]): string => `*${list.length}\r\n${list.map((n) => `:${n}\r\n`).join('')}`;
const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;
const wrongType = '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n';
const arity = (name: string): string => `-ERR wrong number of arguments for '${name}' command\r\n`;
const error = (text: string): string => `-ERR ${text}\r\n`;

const setting = ['HEXPIRE', 'HPEXPIRE', 'HEXPIREAT', 'HPEXPIREAT'];
const reading = ['HTTL', 'HPTTL', 'HEXPIRETIME', 'HPEXPIRETIME', 'HPERSIST'];
const far = 70368744177663;

// prettier-ignore
export const hashExpiry: readonly Case[] = [
  t('fields have an absolute time',
    'HSET h a 1 b 2', owes(`HPEXPIREAT h ${far} FIELDS 2 a x`, integers(1, -2)),
    owes('HPEXPIRETIME h FIELDS 3 a b x', integers(far, -1, -2)),
    owes('HEXPIRETIME h FIELDS 1 a', integers(70368744178)),
    owes('OBJECT ENCODING h', bulk('listpackex')), 'HMGET h a b', 'HLEN h', 'HGETALL h',
    owes('HPERSIST h FIELDS 2 a b', integers(1, -1)), owes('HTTL h FIELDS 1 a', integers(-1))),
  t('fields go when their time is past', 'HSET h a 1 b 2',
    owes('HEXPIRE h 0 FIELDS 1 a', integers(2)), owes('HKEYS h', `*1\r\n${bulk('b')}`),
    owes('HPEXPIREAT h 1 FIELDS 1 b', integers(2)), owes('EXISTS h', ':0\r\n')),
  t('NX, XX, GT and LT', 'HSET h a 1 b 2', owes('HPEXPIREAT h 4000000000000 FIELDS 1 a', integers(1)),
    owes('HPEXPIREAT h 4000000000001 NX FIELDS 2 a b', integers(0, 1)),
    owes('HPEXPIREAT h 4000000000001 GT FIELDS 2 a b', integers(1, 0)),
    owes('HPEXPIREAT h 4000000000000 LT FIELDS 2 a b', integers(1, 1)),
    owes('HPEXPIREAT h 4000000000000 xx FIELDS 1 a', integers(1))),
  t('HGETEX and HGETDEL answer values', 'HSET h a 1 b 2',
    owes('HGETEX h FIELDS 2 a x', `*2\r\n${bulk('1')}$-1\r\n`, `*2\r\n${bulk('1')}_\r\n`),
    owes('HGETEX h PXAT 4000000000000 FIELDS 1 a', `*1\r\n${bulk('1')}`),
    owes('HPEXPIRETIME h FIELDS 1 a', integers(4000000000000)),
    owes('HGETEX h PERSIST FIELDS 1 a', `*1\r\n${bulk('1')}`), owes('HTTL h FIELDS 1 a', integers(-1)),
    owes('HGETDEL h FIELDS 2 a x', `*2\r\n${bulk('1')}$-1\r\n`, `*2\r\n${bulk('1')}_\r\n`), 
    owes('HGETDEL h FIELDS 1 b', `*1\r\n${bulk('2')}`), owes('EXISTS h', ':0\r\n')),
  t('HSETEX sets all fields or none',
    owes('HSETEX h FXX FIELDS 1 a 1', ':0\r\n'), owes('HSETEX h PXAT 4000000000000 FIELDS 2 a 1 b 2', ':1\r\n'),
    owes('HSETEX h FNX FIELDS 2 a 3 c 3', ':0\r\n'), owes('HSETEX h KEEPTTL FIELDS 1 a 4', ':1\r\n'),
    owes('HSETEX h FIELDS 1 b 5', ':1\r\n'), owes('HMGET h a b', `*2\r\n${bulk('4')}${bulk('5')}`),
    owes('HPEXPIRETIME h FIELDS 2 a b', integers(4000000000000, -1))),
  t('a missing key has no fields',
    ...setting.map((name) => owes(`${name} h 1 FIELDS 2 a b`, integers(-2, -2))),
    ...reading.map((name) => owes(`${name} h FIELDS 2 a b`, integers(-2, -2))), 'EXISTS h'),
  t('a key of another type', 'SET s v',
    ...setting.map((name) => owes(`${name} s 1 FIELDS 1 a`, wrongType)),
    ...[...reading, 'HGETEX', 'HGETDEL'].map((name) => owes(`${name} s FIELDS 1 a`, wrongType)),
    owes('HSETEX s FIELDS 1 a b', wrongType)),
  t('too few arguments',
    ...setting.map((name) => owes(`${name} h 1 FIELDS 1`, arity(name.toLowerCase()))),
    ...[...reading, 'HGETEX', 'HGETDEL'].map((name) => owes(`${name} h FIELDS 1`, arity(name.toLowerCase()))),
    owes('HSETEX h FIELDS 1 a', arity('hsetex')), owes('HSETEX h FIELDS 2 a b c', arity('hsetex'))),
  ...differing('hash-field-expiry', t('what is quoted ends at a zero byte', 'HSETEX h "\\x00\\xff" FIELDS 1 a 1', 'HSETEX h "p\\x00q" FIELDS 1 a 1', 'EXISTS h')),
  t('what is not valid changes nothing', 'HSET h a 1',
    owes('HEXPIRE h x FIELDS 1 a', error('value is not an integer or out of range')),
    owes('HEXPIRE h -1 FIELDS 1 a', error('invalid expire time, must be >= 0')),
    owes(`HPEXPIREAT h ${far + 1} FIELDS 1 a`, error("invalid expire time in 'hpexpireat' command")),
    owes('HEXPIRE h 1 FIELDS 0 a', error('Parameter `numFields` should be greater than 0')),
    owes('HEXPIRE h 1 FIELDS 2 a', error('The `numfields` parameter must match the number of arguments')),
    owes('HTTL h FIELDS 0 a', error('Number of fields must be a positive integer')),
    owes('HTTL h 1 a b', error('Mandatory argument FIELDS is missing or not at the right position')), 'HGETALL h'),
];
