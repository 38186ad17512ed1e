import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allFamilies } from './cases/index.js';
import { differencesAsMarkdown, knownDifferences } from './known-differences.js';
import { masks, type Mask } from './masks.js';

const steps = Object.values(allFamilies)
  .flat()
  .flatMap((each) => each.steps);

describe('the table of known differences', () => {
  it('holds nothing that no case needs', () => {
    const usedMasks = new Set(steps.flatMap((step) => step.masks));
    const maskTable: Readonly<Record<string, Mask>> = masks;
    const viaMasks = Object.entries(maskTable).flatMap(([name, { difference }]) =>
      difference !== undefined && [...usedMasks].some((used) => used === name) ? [difference] : [],
    );
    const viaExpectations = steps.flatMap((step) =>
      [step.expected?.difference, step.differs, step.pushesBehind].filter((id) => id !== undefined),
    );
    const viaCases = Object.values(allFamilies)
      .flat()
      .flatMap(({ differs }) => differs ?? []);
    // These two are how the comparison itself reads numbers.
    expect(Object.keys(knownDifferences).sort()).toEqual(
      [...new Set([...viaMasks, ...viaExpectations, ...viaCases, 'digits', 'coordinates-8.0'])].sort(),
    );
  });

  it('has no mask that no case needs', () => {
    expect([...new Set(steps.flatMap((step) => step.masks))].sort()).toEqual(Object.keys(masks).sort());
  });

  it('is what docs/compatibility.md lists', () => {
    const page = readFileSync(new URL('../../docs/compatibility.md', import.meta.url), 'utf8');
    expect(page).toContain(differencesAsMarkdown());
  });
});
