// Which commands of Redis there are here, as docs/compatibility.md says: from the server's own COMMAND LIST and the table
// of facts. `UPDATE_DOCS=1 npx vitest run test/differential/command-groups.test.ts` writes the page anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { commandFacts } from '@clone/command-registry';
import { expect, it } from 'vitest';
import { splitArguments } from './arguments.js';
import { Session } from './run.js';
import { startSubject, subjectIsReference } from './subject.js';

const page = new URL('../../docs/compatibility.md', import.meta.url);
const begin = '<!-- commands: generated -->\n<!-- prettier-ignore-start -->\n';
const end = '\n<!-- prettier-ignore-end -->\n<!-- commands: end -->';

/** Groups whose commands all are here. `DUMP`, `RESTORE` and others of the generic group come with RDB files and replication. */
const whole = [
  ...['string', 'hash', 'list', 'set', 'sorted-set', 'stream', 'bitmap', 'hyperloglog', 'geo'],
] as readonly string[];

function groupsOf(implemented: ReadonlySet<string>): Map<string, { there: string[]; missing: string[] }> {
  const groups = new Map<string, { there: string[]; missing: string[] }>();
  for (const { name, group } of commandFacts().values()) {
    if (name.includes('|')) continue;
    const names = groups.get(group) ?? { there: [], missing: [] };
    (implemented.has(name) ? names.there : names.missing).push(name.toUpperCase());
    groups.set(group, names);
  }
  return groups;
}

function tableOf(groups: ReturnType<typeof groupsOf>): string {
  const rows = [...groups].map(([group, { there, missing }]) => {
    const all = there.length + missing.length;
    return `| ${group} | ${there.length} of ${all} | ${missing.map((name) => `\`${name}\``).join(' ')} |`;
  });
  return ['| Group | Commands | Not there |', '| --- | --- | --- |', ...rows.sort()].join('\n');
}

it.skipIf(subjectIsReference)(
  'the page lists the commands that are there, group by group, and the data types are whole',
  async () => {
    const session = new Session(await startSubject());
    const [list] = await session.control(splitArguments('COMMAND LIST'));
    await session.close();
    const implemented = new Set((list?.items ?? []).map(({ body }) => body ?? ''));
    const groups = groupsOf(implemented);
    for (const name of whole) expect(groups.get(name)?.missing, name).toEqual([]);
    const text = readFileSync(page, 'utf8');
    const table = `${begin}\n${tableOf(groups)}\n${end}`;
    if (process.env.UPDATE_DOCS === '1') {
      const [before, rest = ''] = text.split(begin);
      writeFileSync(page, `${before ?? ''}${table}${rest.split(end)[1] ?? ''}`);
      return;
    }
    expect(text).toContain(table);
  },
);
