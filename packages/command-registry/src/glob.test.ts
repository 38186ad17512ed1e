import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Glob, globMatch, matchesEverything } from './glob.js';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

function matches(pattern: string, text: string, nocase = false): boolean {
  // In the midst of other bytes, which must not be looked at.
  const p = bytes(`*]${pattern}]*`);
  const t = bytes(`ab${text}ab`);
  return globMatch(p, 2, pattern.length, t, 2, text.length, nocase);
}

/** Elements of patterns, and the regular expressions that say the same. */
const ELEMENTS: Readonly<Record<string, string>> = {
  '*': '[^]*',
  '?': '[^]',
  a: 'a',
  b: 'b',
  '\\?': '\\?',
  '[ab]': '[ab]',
  '[^a]': '[^a]',
  '[b-?]': '[?-b]',
};

describe('globMatch', () => {
  it.each([
    ['*', 'anything', true],
    ['h?llo', 'hello', true],
    ['h?llo', 'hllo', false],
    ['h*llo', 'hllo', true],
    ['h*llo', 'heeeello', true],
    ['h*l*o*', 'hello', true],
    ['a*b*c', 'a1b2b3c4c', true],
    ['a*b*c', 'a1b2b3c4', false],
    ['hello***', 'hello', true],
    ['**hello', 'hello', true],
    ['hello', 'hell', false],
    ['hell', 'hello', false],
    ['h[ae]llo', 'hallo', true],
    ['h[ae]llo', 'hillo', false],
    ['h[^e]llo', 'hallo', true],
    ['h[^e]llo', 'hello', false],
    ['h[a-c]llo', 'hbllo', true],
    ['h[c-a]llo', 'hbllo', true],
    ['h[a-]llo', 'h-llo', false],
    ['h[a\\]]llo', 'h]llo', true],
    ['h[\\a-c]llo', 'hbllo', false],
    ['h[\\a-c]llo', 'h-llo', true],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['a\\', 'a\\', true],
    ['a\\', 'a', false],
    ['[]', 'x', false],
    ['[^]', 'x', true],
    ['[', 'x', false],
    ['[^', 'x', true],
    ['[a', 'a', true],
    ['[a-', '-', true],
    ['[a-c', 'b', true],
    ['[a-]]', 'a', true],
    ['[a-]]', 'b', false],
    ['', '', true],
    ['', 'a', false],
    ['*', '', false],
    ['[\x61-\xff]', '\x62', false],
    ['[\x01-\xff]', '\x00', true],
    ['[\x80-\xff]', '\x90', true],
  ])('answers for %j and %j as Redis does: %j', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it.each([
    ['HeLLo', 'hEllO', true],
    ['h[A-E]llo', 'hcllo', true],
    ['h[AE]llo', 'hello', true],
    ['h[\\E]llo', 'hello', false],
    ['\\H', 'h', true],
    ['[Z-a]', 'b', false],
    ['[Z-a]', '_', false],
    ['\xc4', '\xe4', false],
  ])('ignores the case of letters on request: %j and %j: %j', (pattern, text, expected) => {
    expect(matches(pattern, text, true)).toBe(expected);
  });

  it('gives the same answers as a regular expression', () => {
    const pattern = fc.array(fc.constantFrom(...Object.keys(ELEMENTS)), { maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '?'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (elements, t) => {
        const expression = new RegExp(`^${elements.map((e) => ELEMENTS[e]!).join('')}$`);
        expect(matches(elements.join(''), t)).toBe(expression.test(t));
      }),
      { numRuns: 3000 },
    );
  });

  it('answers a pattern of many stars in time that is not exponential', () => {
    const pattern = `${'a*'.repeat(40)}b`;
    const started = performance.now();
    expect(matches(pattern, 'a'.repeat(20_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('knows the pattern that needs no comparison', () => {
    expect(matchesEverything(bytes('x*y'), 1, 1)).toBe(true);
    expect(matchesEverything(bytes('**'), 0, 2)).toBe(false);
  });
});

describe('Glob', () => {
  it('gives the same answers as globMatch', () => {
    const unit = fc.constantFrom('a', 'b', '*', '**', '?', '\\', '[', '[ab]', '\0');
    const pattern = fc.array(unit, { maxLength: 6 }).map((parts) => parts.join(''));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '\\', '\0'), maxLength: 6 });
    fc.assert(
      fc.property(pattern, text, (p, t) => {
        expect(new Glob(bytes(p)).matches(bytes(`a${t}ab`), 1, t.length)).toBe(matches(p, t));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['key:*', ['key:', 'key:1', 'key:*'], ['', 'key', 'kez:1', 'xkey:1']],
    ['key', ['key'], ['', 'ke', 'keys']],
    ['*', ['a', '*'], ['']],
    ['', [''], ['a']],
  ])('knows texts and prefixes: %j', (pattern, matching, others) => {
    const glob = new Glob(bytes(pattern));
    expect(matching.filter((text) => !glob.matches(bytes(text), 0, text.length))).toEqual([]);
    expect(others.filter((text) => glob.matches(bytes(text), 0, text.length))).toEqual([]);
  });
});
