import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arcSine, cosine, distance, greatestHaversine, haversine, latitudeDistance, sine } from './great-circle.js';

// Rounded from 200 bits. Of each, V8 11.3 says something else.
const sines = [
  [2.269142, 0.7659068867713918],
  [2.683135, 0.4425655561215614],
  [2.735301, 0.3952055932670669],
  [2.098487, 0.863972210497837],
  [0.789366, 0.7099068917520037],
  [0.188437, 0.1873237922937873],
  [2.764533, 0.36818827419938654],
] as const;
const cosines = [
  [-0.17383, 0.9849295713834397],
  [0.889053, 0.6301476311774491],
  [0.773438, 0.7155131185834228],
  [1.016173, 0.5266231281059469],
  [-0.589471, 0.8312348778019248],
  [0.267658, 0.9643929376964261],
] as const;
const arcSines = [
  [0.820211, 0.9617797630074784],
  [0.544175, 0.575405454180215],
  [0.954374, 1.2675563570498103],
  [0.501627, 0.5254784944691658],
  [0.968197, 1.3179207992851],
  [0.577806, 0.6160379728601862],
] as const;

describe('sine, cosine and arc sine', () => {
  it('are rounded right where the platform’s are not', () => {
    for (const [x, y] of sines) expect(sine(x)).toBe(y);
    for (const [x, y] of cosines) expect(cosine(x)).toBe(y);
    for (const [x, y] of arcSines) expect(arcSine(x)).toBe(y);
  });

  it('are never farther from the platform’s than rounding', () => {
    const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
    const near = (a: number, b: number): void =>
      expect(Math.abs(a - b)).toBeLessThanOrEqual(Math.abs(b) * 4e-16 + 2e-16);
    fc.assert(
      fc.property(angle, (x) => {
        near(sine(x), Math.sin(x));
        near(cosine(x / 2), Math.cos(x / 2));
        near(arcSine(Math.abs(x) / 4), Math.asin(Math.abs(x) / 4));
      }),
    );
  });

  it('know their ends', () => {
    expect([sine(0), cosine(0), arcSine(0), arcSine(1)]).toEqual([0, 1, 0, Math.PI / 2]);
    expect(sine(Math.PI)).toBe(1.2246467991473532e-16);
    expect(sine(-Math.PI / 2)).toBe(-1);
    expect(sine(1e-300)).toBe(1e-300);
  });
});

describe('distances', () => {
  it('are those of great circles on a sphere of 6372797.560856 m', () => {
    expect(distance(13.361389, 38.115556, 15.087269, 37.502669)).toBeCloseTo(166274.2577914071, 6);
    expect(distance(-0.1278, 51.5074, 151.2093, -33.8688)).toBeCloseTo(16998728.25332546, 6);
    expect(distance(179.9, 10, -179.9, 10)).toBeCloseTo(21907.304180394185, 6);
    expect(distance(0, 0, 180, 0)).toBeCloseTo(20020734.00000016, 6);
  });

  it('of places on one meridian are differences of latitude', () => {
    expect(distance(12.5, 10, 12.5, 11)).toBe(latitudeDistance(10, 11));
    expect(latitudeDistance(10, 11)).toBe(latitudeDistance(11, 10));
  });

  it('are cheaply told from greater ones, and never from smaller ones', () => {
    const longitude = fc.double({ min: -180, max: 180, noNaN: true });
    const latitude = fc.double({ min: -85, max: 85, noNaN: true });
    const share = fc.constantFrom(0.5, 0.999, 1, 1.001, 3);
    fc.assert(
      fc.property(longitude, latitude, longitude, latitude, share, (a, b, c, d, part) => {
        const meters = distance(a, b, c, d);
        const far = haversine(a, b, c, d) > greatestHaversine(meters * part);
        if (part >= 1) expect(far).toBe(false);
        else if (meters > 1 && meters < 1.9e7) expect(far).toBe(true);
      }),
    );
  });

  it('are the same in both directions, and 0 only from a place to itself', () => {
    const longitude = fc.double({ min: -180, max: 180, noNaN: true });
    const latitude = fc.double({ min: -85, max: 85, noNaN: true });
    fc.assert(
      fc.property(longitude, latitude, longitude, latitude, (a, b, c, d) => {
        const there = distance(a, b, c, d);
        expect(there).toBe(distance(c, d, a, b));
        expect(there).toBeGreaterThanOrEqual(0);
        expect(there).toBeLessThanOrEqual(6372797.560856 * Math.PI);
        expect(distance(a, b, a, b)).toBe(0);
      }),
    );
  });
});
