// HyperLogLogs: the numbers and the very bytes, sparse and dense, and what a client may put in their place.
import { t, type Case } from '../steps.js';

const elements = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `e${from + i}`).join(' ');

/** A value that claims to be sparse, with these runs. The estimate is stale. */
const sparse = (runs: string, cardinality = '\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x80'): string =>
  `"HYLL\\x01\\x00\\x00\\x00${cardinality}${runs}"`;
/** The runs of a HyperLogLog without elements. */
const zeros = '\\x7f\\xff';
/** A dense value whose registers are this byte over and over. The estimate is stale. */
const dense = (code: string): string => `"HYLL\\x00${'\\x00'.repeat(10)}\\x80${`\\x${code}`.repeat(12288)}"`;

// prettier-ignore
const counting = [
  t('PFADD makes a sparse HyperLogLog', 'PFADD h a', 'GET h', 'PFADD h a', 'PFADD h b c', 'GET h', 'OBJECT ENCODING h',
    'TYPE h', 'PFDEBUG ENCODING h'),
  t('PFADD without elements only makes the key', 'PFADD h', 'GET h', 'PFADD h', 'PFCOUNT h', 'GET h', 'OBJECT ENCODING h'),
  t('PFADD takes any bytes as elements',
    'PFADD h "" "\\x00" "\\x00\\x00" "\\xff\\xfe\\xfd\\xfc\\xfb\\xfa\\xf9\\xf8" "\\x80\\x81\\x82" 12345678 123456789', 'GET h',
    `PFADD h ${'x'.repeat(1000)} "\\x80\\xff" 1 12 123 1234 12345 123456 1234567`, 'GET h', 'PFCOUNT h'),
  t('PFCOUNT answers the number, and keeps it in the value', 'PFADD h a b c', 'GET h', 'PFCOUNT h', 'GET h', 'PFCOUNT h',
    'PFADD h a', 'GET h', 'PFADD h d', 'GET h', 'PFCOUNT h', 'GET h', 'PFCOUNT missing'),
  t('PFCOUNT of several keys is that of their union',
    'PFADD a 1 2 3', 'PFADD b 3 4 5', 'PFCOUNT a b', 'PFCOUNT a b a b', 'PFCOUNT a missing', 'PFCOUNT missing missing',
    'GET a', 'PFDEBUG TODENSE b', 'PFCOUNT a b', 'PFCOUNT b a', 'GET a'),
  t('PFMERGE unites', 'PFADD a 1 2 3', 'PFADD b 3 4 5', 'PFMERGE c a b', 'GET c', 'PFCOUNT c', 'PFMERGE c', 'GET c',
    'PFMERGE a b missing', 'GET a', 'PFMERGE d missing', 'GET d', 'PFMERGE d', 'GET d', 'OBJECT ENCODING d', 'PFCOUNT d'),
  t('PFMERGE is dense when one of its sources is',
    'PFADD a 1 2 3', 'PFADD b 4', 'PFDEBUG TODENSE b', 'PFMERGE c a b', 'GET c', 'PFMERGE a b', 'GET a', 'PFMERGE b a',
    'GET b', 'PFADD s 9', 'PFMERGE b s', 'PFDEBUG ENCODING s', 'PFCOUNT b'),
  t('PFMERGE into a sparse one crosses the limit',
    `PFADD a ${elements(0, 600)}`, `PFADD b ${elements(600, 600)}`, 'PFMERGE c a b', 'GET c', 'PFDEBUG ENCODING c', 'PFCOUNT c',
    `PFADD d ${elements(300, 500)}`, 'PFMERGE d a', 'GET d', 'PFMERGE a b', 'GET a', 'PFCOUNT a b c d'),
  t('PFMERGE keeps the time to live', 'PFADD a 1', 'PFADD b 2', 'EXPIREAT a 33177117420', 'PFMERGE a b', 'EXPIRETIME a',
    `PFADD a ${elements(0, 1500)}`, 'EXPIRETIME a', 'PFDEBUG ENCODING a'),
  t('grows from sparse to dense', ...Array.from({ length: 40 }, (_, i) => [
    `PFADD h ${elements(i * 50, 50)}`, 'PFDEBUG ENCODING h', 'PFCOUNT h', 'GET h']).flat()),
  t('obeys hll-sparse-max-bytes',
    'CONFIG SET hll-sparse-max-bytes 30', ...Array.from({ length: 12 }, (_, i) => [`PFADD h ${elements(i, 1)}`, 'GET h']).flat(),
    'CONFIG SET hll-sparse-max-bytes 0', 'PFADD g a', 'GET g', 'PFADD g b', 'PFDEBUG ENCODING g', 'PFMERGE f g', 'PFADD e',
    'PFMERGE e e', 'PFDEBUG ENCODING e', 'CONFIG SET hll-sparse-max-bytes 16000', `PFADD i ${elements(0, 2000)}`,
    `PFADD i ${elements(2000, 3000)}`, 'PFDEBUG ENCODING i', 'STRLEN i', 'PFCOUNT i', 'DEBUG DIGEST-VALUE i',
    'CONFIG SET hll-sparse-max-bytes 100', 'PFADD i again', `PFADD i ${elements(9000, 10)}`, 'PFDEBUG ENCODING i', 'PFCOUNT i', 'STRLEN i'),
  t('counts many', ...Array.from({ length: 10 }, (_, i) => [`PFADD h ${elements(i * 3000, 3000)}`, 'PFCOUNT h']).flat(),
    'DEBUG DIGEST-VALUE h', 'PFDEBUG GETREG h'),
  t('is a string', 'PFADD h a', 'APPEND h x', 'PFADD h b', 'PFCOUNT h', 'GET h', 'COPY h g', 'PFADD g z', 'STRLEN g'),
  t('PFADD, PFCOUNT and PFMERGE need a key', 'PFADD', 'PFCOUNT', 'PFMERGE'),
  t('PFADD, PFCOUNT and PFMERGE need strings',
    'HSET k f v', 'PFADD h a', 'PFADD k a', 'PFADD k', 'PFCOUNT k', 'PFCOUNT h k', 'PFCOUNT k h', 'PFMERGE k h', 'PFMERGE h k',
    'PFMERGE d h k', 'EXISTS d', 'PFDEBUG ENCODING k'),
];

// prettier-ignore
const looking = [
  t('PFDEBUG shows the runs', 'PFADD h a b c', 'PFDEBUG DECODE h', 'pfdebug decode h', `PFADD h ${elements(0, 300)}`,
    'PFDEBUG DECODE h', 'PFADD e', 'PFDEBUG DECODE e'),
  t('PFDEBUG shows the registers, and makes dense for that', 'PFADD h a b c', 'PFDEBUG GETREG h', 'PFDEBUG ENCODING h', 'GET h',
    'PFDEBUG GETREG h', 'PFDEBUG DECODE h'),
  t('PFDEBUG makes dense', 'PFADD h a b c', 'PFCOUNT h', 'PFDEBUG TODENSE h', 'PFDEBUG TODENSE h', 'GET h', 'PFCOUNT h',
    'PFADD h d', 'PFCOUNT h', 'GET h'),
  t('PFDEBUG refuses what it does not know', 'PFADD h a', 'PFDEBUG FOO h', 'PFDEBUG FOO missing', 'PFDEBUG ENCODING missing',
    'PFDEBUG', 'PFDEBUG ENCODING', 'PFDEBUG ENCODING h h', 'PFDEBUG "" h', 'SET s x', 'PFDEBUG FOO s'),
  t('PFDEBUG needs a string', 'HSET k f v', 'PFDEBUG GETREG k', 'PFDEBUG DECODE k', 'PFDEBUG TODENSE k'),
  t('PFSELFTEST finds nothing wrong', 'PFSELFTEST', 'PFSELFTEST x'),
];

const readings = ['PFCOUNT h', 'PFCOUNT h h', 'PFMERGE d h', 'GET d', 'PFDEBUG ENCODING h', 'GET h'];
const changes = [
  ...['COPY h g', 'PFADD g a', 'PFADD g b', 'PFADD g c', 'PFADD g 0', 'PFADD g 1', 'PFADD g 7', 'PFADD g 12', 'GET g'],
  ...[
    'COPY h i',
    'PFDEBUG TODENSE i',
    'COPY h j',
    'PFDEBUG GETREG j',
    'COPY h l',
    'PFMERGE l g',
    'PFMERGE g l',
    'GET l',
  ],
];
/** Everything that reads or writes a value, on this value. */
const all = (value: string): string[] => [`SET h ${value}`, ...readings, ...changes, 'PFDEBUG DECODE h', 'PFCOUNT g'];

// prettier-ignore
const foreign = [
  t('takes no other string for a HyperLogLog',
    ...['""', 'HYLL', '12', '12345678901234567', '"HYLL\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"',
      sparse(zeros).replace('HYLL', 'HYLl'), sparse(zeros).replace('\\x01', '\\x02'), sparse(zeros).replace('\\x01', '\\x00'),
      sparse(zeros).replace('\\x01', '\\xff'), dense('00').slice(0, -5) + '"', dense('00').slice(0, -1) + 'x"']
      .flatMap((value) => [`SET h ${value}`, 'PFADD h a', 'PFADD h', 'PFCOUNT h', 'PFCOUNT h h', 'PFMERGE d h', 'PFMERGE h',
        'PFDEBUG GETREG h', 'OBJECT ENCODING h'])),
  t('takes a string that is one', ...all(sparse(zeros)), 'OBJECT ENCODING h', 'OBJECT ENCODING g'),
  t('answers the number that a value claims',
    ...['\\x05\\x00\\x00\\x00\\x00\\x00\\x00\\x00', '\\xff\\xff\\xff\\xff\\xff\\xff\\x1f\\x00', '\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x7f',
      '\\x01\\x00\\x00\\x00\\x00\\x00\\x20\\x00', '\\x00\\x00\\x00\\x00\\x01\\x00\\x00\\x00']
      .flatMap((cardinality) => [`SET h ${sparse(zeros, cardinality)}`, 'PFCOUNT h', 'PFCOUNT h h', 'PFADD h a', 'PFCOUNT h', 'GET h'])),
  t('finds runs that end too early', ...all(sparse('')), ...all(sparse('\\x00')), ...all(sparse('\\x7f\\xfe')),
    ...all(sparse('\\x80\\x81\\x82\\x83')), ...all(sparse('\\x3f\\x3f\\xfc'))),
  t('finds runs that are too long', ...all(sparse('\\x7f\\xff\\x00')), ...all(sparse('\\x7f\\xff\\x80')),
    ...all(sparse('\\x80\\x7f\\xff')), ...all(sparse('\\x7f\\xff\\x7f\\xff')), ...all(sparse('\\x7f\\xfe\\x81'))),
  t('finds a run that is cut off', ...all(sparse('\\x7f\\xfe\\x40')), 'PFCOUNT h'),
  t('finds mistakes behind the runs that it writes to',
    ...all(sparse('\\x7f\\xff\\x80\\x80\\x80\\x80')), ...all(sparse(`\\x7f\\xfb\\xff\\xff${'\\x80'.repeat(60)}`))),
  t('takes values of up to 32, and joins what is equal', ...all(sparse('\\x7f\\xfb\\xff')), ...all(sparse('\\x7f\\xfa\\xff\\x80')),
    ...all(sparse('\\x00\\x00\\x80\\x80\\x80\\x80\\x80\\x7f\\xf8'))),
  t('takes dense registers of any value',
    ...['00', 'ff', 'aa', '55', '41', '0c'].flatMap((code) => [`SET h ${dense(code)}`, 'PFCOUNT h', 'PFCOUNT h h', 'PFADD h a b c d e f',
      'PFCOUNT h', 'PFADD g x', 'PFMERGE g h', 'PFDEBUG GETREG g', 'PFDEBUG DECODE h', 'PFDEBUG ENCODING h', 'DEL g'])),
  t('reads what SETRANGE has changed', `PFADD h ${elements(0, 100)}`, 'SETRANGE h 4 "\\x00"', 'PFCOUNT h', 'PFADD h a',
    'SETRANGE h 4 "\\x01"', 'SETRANGE h 20 "\\xff\\xff\\xff"', 'PFCOUNT h', 'PFADD h x y z', 'PFCOUNT h h', 'PFMERGE m h', 'GET h',
    'PFDEBUG TODENSE h', 'PFDEBUG DECODE h', `PFADD h ${elements(100, 300)}`, 'GET h'),
];

export const hyperLogLog: readonly Case[] = [...counting, ...looking, ...foreign];
