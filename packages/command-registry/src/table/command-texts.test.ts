import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandFacts } from './command-facts.js';
import { commandText } from './command-texts.js';
import { texts } from './texts.js';

const data = JSON.parse(readFileSync(new URL('../../data/commands.json', import.meta.url), 'utf8')) as {
  name: string;
  container?: string;
  changed_in?: string[];
}[];
const names = [...commandFacts().keys()];

describe('the texts of commands', () => {
  it('describe every command of the table, and no other', () => {
    const described = [...texts().matchAll(/^([^;\n]+);/gm)].map(([, name]) => name);
    expect(described.sort()).toEqual([...names].sort());
  });

  it('say in one short line what a command does', () => {
    for (const name of names) {
      const { summary } = commandText(name);
      expect(summary, name).toMatch(/^[A-Z][ -~]{3,79}$/);
      expect(summary, name).not.toMatch(/[.;]$/);
    }
  });

  it('tell what changed in the versions that the data name, in their order', () => {
    for (const { name, container, changed_in: versions = [] } of data) {
      const full = (container === undefined ? name : `${container}|${name}`).toLowerCase();
      const { history } = commandText(full);
      expect(
        history.map(([version]) => version),
        full,
      ).toEqual(versions);
      for (const [, change] of history) expect(change, full).toMatch(/^[A-Z][ -~]+[^.]$/);
    }
  });

  it('are ASCII, since they are written byte by byte', () => {
    for (const name of names) expect(commandText(name).complexity, name).toMatch(/^[ -~]*$/);
  });

  it('are empty for a command that is not in the table', () => {
    expect(commandText('nope')).toEqual({ summary: '', complexity: '', history: [] });
  });
});
