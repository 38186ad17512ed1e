import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const example = (name: string): URL => new URL(`../examples/${name}`, import.meta.url);

/** What an example prints, run as a reader would: on the built package. */
function output(name: string): string[] {
  return execFileSync(process.execPath, [fileURLToPath(example(name))], { encoding: 'utf8' })
    .split(/\r?\n/)
    .filter((line) => line !== '');
}

describe('the examples', () => {
  it('show a server that answers', () => {
    expect(output('server.mjs')).toEqual([expect.stringMatching(/^listening on \d+$/), '+OK', '$5', 'hello']);
  });

  it('show a client that pairs replies with commands', () => {
    expect(output('client.mjs')).toEqual(['hello 0', 'ERR as expected']);
  });

  it('show a proxy that sees requests, inline ones too, and replies', () => {
    const lines = output('proxy.mjs');
    expect(lines.filter((line) => line.startsWith('requests'))).toHaveLength(2);
    expect(lines).toContain('requests * 38 bytes');
    expect(lines).toContain('replies + 5 bytes');
    expect(lines).toContain('replies $ 11 bytes');
  });

  it('are what the README shows', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const blocks = [...readme.matchAll(/```js\n([^]*?)```/g)].map((match) => match[1]);
    const files = readdirSync(example('.')).map((name) => readFileSync(example(name), 'utf8'));
    expect(blocks.toSorted()).toEqual(files.toSorted());
  });
});
