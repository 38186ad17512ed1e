import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GeoPoints } from './geo-points.js';
import { Place } from './geohash.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const place = new Place();

function add(points: GeoPoints, name: string, distance: number): void {
  const bytes = encoder.encode(`?${name}?`);
  points.add({ bytes, offset: 1, length: bytes.length - 2 }, distance * 2, place, distance);
}

function name(points: GeoPoints, i: number): string {
  const point = points.order[i]!;
  return decoder.decode(points.bytes.subarray(points.starts[point], points.starts[point + 1]));
}

it('keeps what it was given, however long', () => {
  const points = new GeoPoints();
  const names = Array.from({ length: 300 }, (_, i) => `${i}`.repeat((i % 97) + 1));
  names.forEach((each, i) => add(points, each, i));
  expect(names.map((_, i) => name(points, i))).toEqual(names);
  expect(points.scores[299]).toBe(598);
});

it('puts the nearest or the farthest first, equal ones as they were found', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(30), { minLength: 1, maxLength: 300, size: 'max' }),
      fc.nat(300),
      fc.boolean(),
      (far, n, asc) => {
        const points = new GeoPoints();
        far.forEach((distance, i) => add(points, String(i), distance));
        const wanted = Math.min(n, far.length);
        points.sort(asc, wanted);
        const expected = [...far.keys()].sort((a, b) => (asc ? far[a]! - far[b]! : far[b]! - far[a]!) || a - b);
        expect(Array.from({ length: wanted }, (_, i) => name(points, i))).toEqual(
          expected.slice(0, wanted).map(String),
        );
      },
    ),
  );
});

it('forgets everything, and big columns too', () => {
  const points = new GeoPoints();
  for (let i = 0; i < 70_000; i++) add(points, 'a member that is not short', i);
  points.clear();
  expect(points.count).toBe(0);
  expect(points.distances.length).toBeLessThan(1000);
  add(points, 'x', 1);
  expect(name(points, 0)).toBe('x');
});
