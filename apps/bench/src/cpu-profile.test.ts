import { describe, expect, it } from 'vitest';
import { profileTable, selfTimes } from './cpu-profile.js';

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber });
const profile = {
  nodes: [
    { id: 1, callFrame: frame('(root)') },
    { id: 2, callFrame: frame('feed', 'file:///home/x/packages/resp-codec/dist/parser.js', 9) },
    { id: 3, callFrame: frame('(idle)') },
    { id: 4, callFrame: frame('feed', 'file:///home/x/packages/resp-codec/dist/parser.js', 9) },
    { id: 5, callFrame: frame('', 'node:net', 4) },
  ],
  samples: [2, 3, 4, 5],
  timeDeltas: [100, 3000, 50_000, 1000, 500],
};

describe('selfTimes', () => {
  it('adds up each function over stacks and profiles, leaving idle time out', () => {
    const [first, second, ...rest] = selfTimes([profile, profile]);
    expect(first).toEqual({ name: 'feed packages/resp-codec/dist/parser.js:10', self: 8, share: 8 / 9 });
    expect(second).toEqual({ name: '(anonymous) node:net:5', self: 1, share: 1 / 9 });
    expect(rest).toEqual([]);
  });
});

describe('profileTable', () => {
  it('shows the longest first, as many as asked for', () => {
    expect(
      profileTable(selfTimes([profile]), 1)
        .split('\n')
        .slice(2),
    ).toEqual(['| feed packages/resp-codec/dist/parser.js:10 | 4 | 88.9 % |']);
  });
});
