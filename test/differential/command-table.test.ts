// What both servers say of every command that both have: COMMAND INFO and COMMAND DOCS, in RESP2 and RESP3. The list
// comes from our server, so that a new command is looked at without a line of its own.
import { expect, it } from 'vitest';
import { splitArguments } from './arguments.js';
import { differenceOf, withServers } from './kit.js';
import type { Session } from './run.js';
import { masked, t } from './steps.js';

const GROUP = 20;

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
    const names = common.filter(isWhole);
    const differences: string[] = [];
    // Of each group the first difference is shown; one connection per command would take long.
    for (let i = 0; i < names.length; i += GROUP) {
      const group = names.slice(i, i + GROUP);
      const info = group.map((name) => masked(`COMMAND INFO ${name}`, 'command-info'));
      const docs = group.map((name) => masked(`COMMAND DOCS ${name}`, 'command-docs'));
      differences.push(await differenceOf(pair, t(`from ${group[0] ?? ''} on`, ...info, ...docs)));
    }
    expect(differences.filter((difference) => difference !== '')).toEqual([]);
  });
});
