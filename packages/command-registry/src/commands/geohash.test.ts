import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cover, exactScoreOf, geohashText, LATITUDE_LIMIT, Place, placeOf, scoreOf, Shape } from './geohash.js';
import { distance, latitudeDistance } from './great-circle.js';

const longitude = fc.double({ min: -180, max: 180, noNaN: true });
const latitude = fc.double({ min: -LATITUDE_LIMIT, max: LATITUDE_LIMIT, noNaN: true });

function at(score: number): Place {
  const place = new Place();
  placeOf(score, place);
  return place;
}

function textOf(x: number, y: number): string {
  const place = new Place();
  place.longitude = x;
  place.latitude = y;
  return geohashText(place);
}

describe('the score of a place', () => {
  it('is that of Redis', () => {
    expect(scoreOf(13.361389, 38.115556)).toBe(3479099956230698);
    expect(scoreOf(15.087269, 37.502669)).toBe(3479447370796909);
    expect(scoreOf(-180, -LATITUDE_LIMIT)).toBe(0);
    expect(scoreOf(0, 0)).toBe(3377699720527872);
  });

  it('is exact where it is logged, also on the 180th meridian', () => {
    expect(exactScoreOf(180, 37.00849970691725)).toBe(10222521727140933n);
    expect(exactScoreOf(13.361389, 38.115556)).toBe(3479099956230698n);
  });

  it('gives the place back, to less than a meter', () => {
    fc.assert(
      fc.property(longitude, latitude, (x, y) => {
        const place = at(scoreOf(x, y));
        expect(distance(x, y, place.longitude, place.latitude)).toBeLessThan(0.6);
        expect(Math.abs(x)).toBeLessThanOrEqual(180);
      }),
    );
  });

  it('of the middle of a cell is the cell', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 52 - 1 }), (score) => {
        const place = at(score);
        expect(scoreOf(place.longitude, place.latitude)).toBe(score);
      }),
    );
  });

  it('of any double names a place within the limits', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (score) => {
        const place = at(score);
        expect(Math.abs(place.longitude)).toBeLessThanOrEqual(180);
        expect(Math.abs(place.latitude)).toBeLessThanOrEqual(LATITUDE_LIMIT);
      }),
    );
  });
});

describe('the text of a geohash', () => {
  it('is the usual one, of ten characters and a 0', () => {
    expect(textOf(13.361389, 38.115556)).toBe('sqc8b49rny0');
    expect(textOf(-5.6, 42.6)).toBe('ezs42e44yx0');
    expect(textOf(0, 0)).toBe('s0000000000');
    expect(textOf(-180, -90)).toBe('00000000000');
  });
});

describe('the cover of a shape', () => {
  const cover = new Cover();
  const shape = new Shape();

  /** Away from the poles and the antimeridian: there, Redis loses places too. */
  const inland = fc.record({
    x: fc.double({ min: -120, max: 120, noNaN: true }),
    y: fc.double({ min: -60, max: 60, noNaN: true }),
    width: fc.double({ min: 0, max: 1_000_000, noNaN: true }),
    height: fc.double({ min: 0, max: 1_000_000, noNaN: true }),
    dx: fc.double({ min: -12, max: 12, noNaN: true }),
    dy: fc.double({ min: -12, max: 12, noNaN: true }),
    isBox: fc.boolean(),
  });

  const covers = (score: number): boolean => {
    for (let i = 0; i < cover.count; i++) if (score >= cover.min[i]! && score < cover.max[i]!) return true;
    return false;
  };

  it('has every place that is within the shape', () => {
    let within = 0;
    fc.assert(
      fc.property(inland, ({ x, y, width, height, dx, dy, isBox }) => {
        shape.center.longitude = x;
        shape.center.latitude = y;
        Object.assign(shape, { isBox, width, height, radius: width / 2 });
        cover.of(shape);
        expect(cover.count).toBeLessThanOrEqual(9);
        const score = scoreOf(x + dx, y + dy);
        const place = at(score);
        const inside = isBox
          ? latitudeDistance(y, place.latitude) <= height / 2 &&
            distance(place.longitude, place.latitude, x, place.latitude) <= width / 2
          : distance(x, y, place.longitude, place.latitude) <= width / 2;
        if (!inside) return;
        within++;
        expect(covers(score)).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(within).toBeGreaterThan(50);
  });

  it('of a point is one cell or few, of the whole world the whole world', () => {
    Object.assign(shape, { isBox: false, radius: 0 });
    cover.of(shape);
    expect(cover.max[0]! - cover.min[0]!).toBe(1);
    shape.radius = 1e9;
    cover.of(shape);
    let sum = 0;
    for (const score of [scoreOf(-179, -85), scoreOf(179, 85), scoreOf(1, 1), scoreOf(-1, -1)])
      sum += Number(covers(score));
    expect(sum).toBe(4);
  });
});
