// Which commands are tested is not a matter of memory: the list comes from our server's own COMMAND, and what a case
// shows (a success, a wrong number of arguments, a wrong type) from the replies of the reference to it.
import { beforeAll, expect, it } from 'vitest';
import { families } from './cases/index.js';
import { exemptions } from './coverage-exemptions.js';
import { withServers } from './kit.js';
import { encodeFrame, type Frame } from './raw-frame.js';
import { splitArguments } from './arguments.js';
import type { Step } from './steps.js';
import { subjectIsReference } from './subject.js';

interface Entry {
  readonly name: string;
  readonly arity: number;
  readonly firstKey: number;
  readonly categories: readonly string[];
  readonly subcommands: readonly Entry[];
}

type Kind = 'success' | 'arity' | 'wrong type';

const text = (frame: Frame | undefined): string => frame?.body ?? frame?.header ?? '';

function entryOf(frame: Frame): Entry {
  const [name, arity, , firstKey, , , categories, , , subcommands] = frame.items ?? [];
  return {
    name: text(name),
    arity: Number(text(arity)),
    firstKey: Number(text(firstKey)),
    categories: (categories?.items ?? []).map(text),
    subcommands: (subcommands?.items ?? []).map(entryOf),
  };
}

const dataTypes = ['@string', '@hash', '@list', '@set', '@sortedset', '@stream', '@bitmap', '@hyperloglog', '@geo'];

/** What a case can and therefore must show of a command. */
function wanted({ name, arity, firstKey, categories, subcommands }: Entry): Kind[] {
  const kinds: Kind[] = [];
  // A container that needs a subcommand succeeds only through one.
  const needsSubcommand = subcommands.length > 0 && arity < -1;
  if (!needsSubcommand) kinds.push('success');
  // At least the name itself (of a subcommand: both names) is always there: that many and more cannot be wrong.
  if (-arity !== (name.includes('|') ? 2 : 1)) kinds.push('arity');
  if (firstKey > 0 && categories.some((category) => dataTypes.includes(category))) kinds.push('wrong type');
  return kinds;
}

/** The names that a step counts for: its command, and with its first argument a subcommand. */
function namesOf({ args }: Step): string[] {
  const [command, subcommand] = args.map((arg) => arg.toString('latin1').toLowerCase());
  return subcommand === undefined ? [command ?? ''] : [command ?? '', `${command ?? ''}|${subcommand}`];
}

function shownBy(reply: string): Kind | undefined {
  if (reply.startsWith('-ERR wrong number of arguments')) return 'arity';
  // A few commands have words of their own for it.
  if (reply.startsWith('-WRONGTYPE') || reply.startsWith('-ERR The specified keys must contain')) return 'wrong type';
  // DEBUG knows its subcommands by their number of arguments, and has one answer for both.
  if (reply.startsWith('-ERR unknown subcommand or wrong number')) return 'arity';
  return reply.startsWith('-') || reply === '' ? undefined : 'success';
}

withServers('every command has a success, an arity and a wrong-type case', (pair) => {
  const shown = new Map<string, Set<Kind>>();
  let entries: Entry[] = [];

  beforeAll(async () => {
    for (const each of Object.values(families).flat()) {
      const { reference } = await pair.for(each);
      const replies = await reference.run(each, each.only ?? 2);
      for (const [i, step] of each.steps.entries()) {
        const reply = replies.steps[i]?.[0];
        const kind = shownBy(step.expected?.resp2 ?? (reply ? encodeFrame(reply) : ''));
        for (const name of kind ? namesOf(step) : []) {
          if (kind) shown.set(name, (shown.get(name) ?? new Set()).add(kind));
        }
      }
    }
    const [list] = await pair.subject.control(splitArguments('COMMAND'));
    const top = (list?.items ?? []).map(entryOf);
    // A second reference has every command of Redis: only those with a case are looked at.
    entries = top
      .flatMap((entry) => [entry, ...entry.subcommands])
      .filter(({ name }) => !subjectIsReference || shown.has(name));
  });

  it('has every kind of case for every command', () => {
    expect(entries.length).toBeGreaterThan(100);
    const missing = entries.flatMap((entry) =>
      wanted(entry)
        .filter((kind) => !shown.get(entry.name)?.has(kind) && exemptions[entry.name]?.kinds.includes(kind) !== true)
        .map((kind) => `${entry.name}: ${kind}`),
    );
    expect(missing).toEqual([]);
  });

  it('exempts nothing that has a case', () => {
    const needless = Object.entries(exemptions).flatMap(([name, { kinds }]) =>
      kinds.filter((kind) => shown.get(name)?.has(kind)).map((kind) => `${name}: ${kind}`),
    );
    expect(needless).toEqual([]);
  });
});
