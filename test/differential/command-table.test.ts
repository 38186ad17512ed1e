// What both servers say of every command that both have: COMMAND INFO and COMMAND DOCS, in RESP2 and RESP3. The list
// comes from our server, so that a new command is looked at without a line of its own.
import { expect, it } from 'vitest';
import { splitArguments } from './arguments.js';
import { differenceOf, withServers } from './kit.js';
import type { Session } from './run.js';
import { masked, t } from './steps.js';

async function namesOf(server: Session): Promise<string[]> {
  const [list] = await server.control(splitArguments('COMMAND LIST'));
  return (list?.items ?? []).map(({ body }) => body ?? '').sort();
}

withServers('COMMAND INFO and COMMAND DOCS', (pair) => {
  it('say of each command what the reference says', async () => {
    const known = new Set(await namesOf(pair.reference));
    const common = (await namesOf(pair.subject)).filter((name) => known.has(name));
    expect(common.length).toBeGreaterThan(240);
    // Of a container that lacks subcommands still, those that are there are looked at one by one.
    const isWhole = (name: string): boolean =>
      [...known].every((each) => !each.startsWith(`${name}|`) || common.includes(each));
    const differences: string[] = [];
    for (const name of common.filter(isWhole)) {
      const info = t(name, masked(`COMMAND INFO ${name}`, 'command-info'));
      const docs = t(name, masked(`COMMAND DOCS ${name}`, 'command-docs'));
      for (const each of [info, docs]) differences.push(await differenceOf(pair, each));
    }
    expect(differences.filter((difference) => difference !== '')).toEqual([]);
  });
});
