// Bytes as a broken or hand-typed client sends them: inline commands, limits, broken frames, closing.
import { raw, rawHalfClosed, t } from '../steps.js';

const get = '*2\r\n$3\r\nGET\r\n$1\r\nk\r\n';
const bytesOf = (text: string): string[] => Array.from(text);
const long = (length: number): string => 'x'.repeat(length);

// prettier-ignore
export const protocolRaw = [
  raw('inline commands are split at spaces', 'SET k v\r\nGET k\r\n', '  GET   k  \r\n', 'PING\n', 'get k\r\n'),
  raw('inline commands take quotes and escapes',
    'SET "a key" \'a value\'\r\nGET "a key"\r\n', 'SET k "\\x00\\xff\\n\\t\\r\\b\\a\\\\\\""\r\nGET k\r\n',
    "SET k 'it\\'s \\n'\r\nGET k\r\n", 'SET k ""\r\nGET k\r\n', 'ECHO "\\xzz\\q"\r\n', 'ECHO a"b"\r\n'),
  raw('unbalanced quotes end the connection', 'SET k "v\r\nPING\r\n'),
  raw('an unbalanced single quote ends the connection', "GET 'k\r\n"),
  raw('a closing quote needs a space behind it', 'GET "k"x\r\nPING\r\n'),
  raw('tabs separate inline arguments', 'SET\tk\tv\r\nGET\tk\r\n'),
  raw('empty lines are ignored', '\r\n\r\nPING\r\n\n\n \r\nPING\r\n'),
  raw('a lone CR is part of an inline argument', 'ECHO a\rb\r\n'),
  raw('inline and multibulk may be mixed', 'SET k v\r\n', get, 'GET k\r\n', `${get}PING\r\n${get}`),
  raw('empty and null multibulks are ignored', '*0\r\n*-1\r\n*-10\r\nPING\r\n'),
  raw('requests may arrive byte by byte', ...bytesOf(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n${get}`)),
  raw('a bulk may hold CRLF', '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\n\r\n\r\n\r\n', get),
  raw('an empty bulk is an argument', '*2\r\n$4\r\nECHO\r\n$0\r\n\r\n', '*1\r\n$0\r\n\r\n'),
  raw('the two bytes behind a bulk are not looked at', '*2\r\n$4\r\nECHO\r\n$1\r\naxx', 'PING\r\n'),
  raw('a multibulk length that is no number', '*abc\r\nPING\r\n'),
  raw('a multibulk length that is empty', '*\r\n'),
  raw('a multibulk length beyond its limit', '*2147483648\r\n'),
  raw('a multibulk length of 64 bits', '*9223372036854775807\r\n'),
  raw('a multibulk length with a plus or spaces', '*+1\r\n'),
  raw('a multibulk length with a leading zero', '*01\r\n$4\r\nPING\r\n'),
  raw('a bulk header without its dollar', '*1\r\nPING\r\n'),
  raw('a bulk header with another type', '*2\r\n$3\r\nGET\r\n:1\r\n'),
  raw('a bulk header with a control byte', '*1\r\n\x01\r\n'),
  raw('a negative bulk length', '*1\r\n$-1\r\n'),
  raw('a bulk length that is no number', '*1\r\n$abc\r\n'),
  raw('a bulk length beyond its limit', '*1\r\n$536870913\r\n'),
  raw('a bulk length of too many digits', '*1\r\n$99999999999999999999\r\n'),
  raw('an empty bulk length', '*1\r\n$\r\n'),
  raw('replies before a broken frame are sent', `${get}PING\r\n*1\r\n$-5\r\n${get}`),
  rawHalfClosed('an inline request that is too big', long(70000)),
  rawHalfClosed('an inline request within the limit', `ECHO ${long(60000)}\r\n`, 'QUIT\r\n'),
  rawHalfClosed('a multibulk count that is too long', `*${'1'.repeat(70000)}`),
  rawHalfClosed('a bulk count that is too long', `*1\r\n$${'1'.repeat(70000)}`),
  rawHalfClosed('an unfinished request is dropped at the end of the stream', '*2\r\n$3\r\nGET\r\n$5\r\nab'),
  rawHalfClosed('an unfinished inline request is dropped at the end of the stream', 'PING'),
  rawHalfClosed('nothing at all', ''),
  raw('what follows QUIT is not executed', '*1\r\n$4\r\nQUIT\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n'),
  raw('a request for a web page is closed without a reply', 'POST / HTTP/1.1\r\nHost: example.com\r\n\r\n'),
  raw('a Host header is closed without a reply', 'PING\r\nHost: example.com\r\nPING\r\n'),
  raw('GET of a web page is a command with too many arguments', 'GET / HTTP/1.1\r\n'),
  raw('many requests in one write', get.repeat(5000)),
  raw('names of commands are found in any case', 'pInG\r\n*1\r\n$4\r\npiNG\r\n'),
  rawHalfClosed('a NUL byte in an inline command', 'PING\r\nPING a\x00b\r\nPING\r\n'),
  raw('bytes above 127 in an inline command', 'ECHO \xff\xfe\r\n', 'SET \xe9 \xe8\r\n', 'GET \xe9\r\n', '\xff\xff\r\n'),
  raw('HELLO 3 by hand', 'HELLO 3 FOO\r\nGET k\r\n'),
  raw('before authentication lengths are limited', 'CONFIG SET requirepass x\r\nRESET\r\n*11\r\n'),
];

// prettier-ignore
export const protocol = [
  t('arguments in great number',
    `MSET ${Array.from({ length: 2000 }, (_, i) => `k${i} v${i}`).join(' ')}`,
    `MGET ${Array.from({ length: 2000 }, (_, i) => `k${i}`).join(' ')}`,
    `DEL ${Array.from({ length: 2000 }, (_, i) => `k${i}`).join(' ')}`),
  t('values of many sizes around buffer limits',
    ...[1, 15, 16, 17, 1023, 16383, 16384, 16385, 32767, 65535, 65536, 65537].flatMap((size) => [`SET k ${long(size)}`, 'GET k', 'STRLEN k'])),
  t('many commands in one pipeline',
    ...Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? `SET k${i % 10} ${i}` : i % 3 === 1 ? `GET k${i % 10}` : `INCR n${i % 7}`))),
  t('replies larger than a socket buffer', `SET k ${long(2_000_000)}`, 'GET k', 'GET k', 'STRLEN k', 'GET k', 'PING'),
  t('the name of a command may be binary', '"\\x00"', '"\\xff\\xfe" a', '"GET\\x00" k', '"get " k'),
];
