import fc from 'fast-check';
import { line, many } from '../random-commands.js';
import type { StepLike } from '../steps.js';

type Words = fc.Arbitrary<string>;
const oneOf = (...words: readonly string[]): Words => fc.constantFrom(...words);

const key = oneOf('g', 'g', 'g', 'h');
const longitude = fc.oneof(
  fc.double({ min: -180, max: 180, noNaN: true }).map(String),
  fc.integer({ min: 130, max: 140 }).map((x) => String(x / 10)),
  oneOf('180', '-180', '179.9999', '-179.99', '0', '-0.0001'),
);
const latitude = fc.oneof(
  fc.double({ min: -85.05112878, max: 85.05112878, noNaN: true }).map(String),
  fc.integer({ min: 370, max: 380 }).map((y) => String(y / 10)),
  oneOf('85.05112878', '-85.05112878', '84.9', '-80', '66.5', '0', '0.0001'),
);
const names = Array.from({ length: 30 }, (_, i) => `p${i}`);
const member = oneOf(...names);
/** No two members are equally far from anywhere: where Redis puts one of them first is chance. */
const placed: Words = fc.tuple(longitude, latitude, fc.nat(29)).map(([x, y, i]) => {
  const shifted = Math.max(-85.04, Math.min(85.04, Number(y))) + Math.sin(i * i + 1) / 99;
  return `${x} ${shifted} p${i}`;
});
const junk = oneOf('181 0 p0', '0 86 p1', 'x 0 p2', '0 x p3', '0 0');

const unit = oneOf('m', 'km', 'km', 'KM', 'ft', 'mi', 'x');
const length = oneOf('0', '1', '10', '90', '500', '1000', '3000.5', '7000', '20000', '50000', '1e7', '-1', 'x');
const center = fc.oneof(line('FROMMEMBER', member), line('FROMLONLAT', longitude, latitude));
const area = fc.oneof(line('BYRADIUS', length, unit), line('BYBOX', length, length, unit));
const order = oneOf('', '', 'ASC', 'DESC');
const count = oneOf('', '', 'COUNT 3', 'COUNT 100', 'COUNT 4 ANY', 'COUNT 0', 'ANY');
const shown = oneOf('', '', 'WITHDIST', 'WITHCOORD', 'WITHHASH', 'WITHCOORD WITHHASH WITHDIST', 'FOO');

// Distances are not stored: their last digit, one time in hundreds, is not that of the C library.
export const geoCommand: fc.Arbitrary<StepLike> = fc.oneof(
  { weight: 8, arbitrary: line('GEOADD', key, oneOf('', '', 'NX', 'XX', 'CH', 'CH XX', 'NX XX'), many(placed, 6)) },
  line('GEOADD', key, junk),
  line('GEOPOS', key, many(member, 3)),
  line('GEOHASH', key, many(member, 3)),
  { weight: 2, arbitrary: line('GEODIST', key, member, member, oneOf('', 'm', 'km', 'ft', 'mi', 'x')) },
  { weight: 6, arbitrary: line('GEOSEARCH', key, center, area, order, count, shown) },
  line('GEOSEARCH', key, area, order, center, shown, count),
  { weight: 2, arbitrary: line('GEOSEARCHSTORE', oneOf('d', 'h'), key, center, area, order, count) },
  line(oneOf('GEORADIUS', 'GEORADIUS_RO'), key, longitude, latitude, length, unit, order, count, shown),
  line(oneOf('GEORADIUSBYMEMBER', 'GEORADIUSBYMEMBER_RO'), key, member, length, unit, order, count, shown),
  line('GEORADIUS', key, longitude, latitude, length, unit, oneOf('STORE d', 'STORE h', 'STORE d WITHDIST')),
  line('GEORADIUSBYMEMBER', key, member, length, unit, oneOf('STORE d', 'STORE h COUNT 2')),
  line('ZRANGE', oneOf('g', 'h', 'd'), '0 -1 WITHSCORES'),
  line('ZREM', key, many(member, 3)),
  line('OBJECT ENCODING', oneOf('g', 'h', 'd')),
  line('DEBUG DIGEST-VALUE', key),
  line('CONFIG SET zset-max-listpack-entries', oneOf('4', '128')),
  line('RENAME', key, key),
  line('DEL', oneOf('d', 'h')),
  line('SET', oneOf('d', 'h'), 'v'),
);
