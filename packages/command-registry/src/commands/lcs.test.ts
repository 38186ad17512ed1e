import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Harness } from '../harness.fixture.js';

/** Length of the longest common subsequence, straight from its definition. */
function reference(a: string, b: string): number {
  if (a === '' || b === '') return 0;
  const [restOfA, restOfB] = [a.slice(1), b.slice(1)];
  if (a.startsWith(b.charAt(0))) return 1 + reference(restOfA, restOfB);
  return Math.max(reference(restOfA, b), reference(a, restOfB));
}

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const c of whole) if (c === part[at]) at++;
  return at === part.length;
}

describe('LCS', () => {
  it('answers a common subsequence, and none is longer', () => {
    const h = new Harness();
    const text = fc.stringMatching(/^[abc]{0,8}$/);
    fc.assert(
      fc.property(text, text, (a, b) => {
        h.run('MSET', 'a', a, 'b', b);
        const found = h.run('LCS', 'a', 'b').split(' ')[1] ?? '';
        expect(found).toHaveLength(reference(a, b));
        expect(isSubsequence(found, a) && isSubsequence(found, b)).toBe(true);
        expect(h.run('LCS', 'a', 'b', 'LEN')).toBe(`:${found.length}`);
      }),
    );
  });

  it('answers ranges from the end, those long enough', () => {
    const h = new Harness();
    h.run('MSET', 'a', 'ohmytext', 'b', 'mynewtext');
    expect(h.run('LCS', 'a', 'b', 'IDX')).toBe('*4 $7 matches *2 *2 *2 :4 :7 *2 :5 :8 *2 *2 :2 :3 *2 :0 :1 $3 len :6');
    expect(h.run('LCS', 'a', 'b', 'IDX', 'MINMATCHLEN', 4, 'WITHMATCHLEN')).toBe(
      '*4 $7 matches *1 *3 *2 :4 :7 *2 :5 :8 :4 $3 len :6',
    );
  });

  it('refuses a table larger than a bulk may be', () => {
    const h = new Harness();
    h.run('SETRANGE', 'a', 12_000, 'x');
    expect(h.run('LCS', 'a', 'a')).toMatch(/^-ERR Insufficient memory/);
  });

  it('leaves nothing behind', () => {
    const h = new Harness();
    h.prepare('MSET a x b x');
    expect(h.trace('LCS', 'a', 'b')).toEqual({ reply: '$1 x', effects: [], events: [] });
  });
});
