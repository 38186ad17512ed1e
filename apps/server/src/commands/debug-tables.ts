// DEBUG HTSTATS and HTSTATS-KEY: how full the dictionaries are, in the lines of Redis 7.2. A slot is a bucket of up to
// twelve entries here, so what Redis calls a chain is what a bucket holds, and a table has a twelfth of the slots.

import type { CommandContext } from '@clone/command-registry';
import type { ByteDict, Handle } from '@clone/core-store';

/** Both dictionaries of a database. */
export function writeDatabaseTables(ctx: CommandContext, index: number, full: boolean): void {
  const { keyspace } = ctx;
  const db = keyspace.databases[index]!;
  const keys = tableStatistics(keyspace.keys, db.keysDictionary, full);
  const volatile = tableStatistics(keyspace.volatile, db.volatileDictionary, full);
  ctx.reply.verbatim('txt', `[Dictionary HT]\n${keys}[Expires HT]\n${volatile}`);
}

/** The dictionary of one big value. */
export function writeValueTable(ctx: CommandContext, record: Handle, full: boolean): void {
  const { keyspace } = ctx;
  const dict = keyspace.operations(record).dictionary?.(record) ?? 0;
  if (dict === 0) {
    ctx.reply.error('ERR The value stored at the specified key is not represented using an hash table');
    return;
  }
  ctx.reply.verbatim('txt', tableStatistics(keyspace.keys, dict, full));
}

/** @param dicts any of the keyspace's: they share one arena */
function tableStatistics(dicts: ByteDict, dict: Handle, full: boolean): string {
  const title = 'Hash table 0 stats (main hash table):\n';
  const count = dicts.count(dict);
  if (count === 0) return `${title}No stats available for empty dictionaries\n`;
  const slots = dicts.buckets(dict);
  const lines = [` table size: ${slots}`, ` number of elements: ${count}`];
  if (full) lines.push(...distribution(dicts, dict, slots, count));
  return `${title}${lines.join('\n')}\n`;
}

/** Walks over all buckets. */
function distribution(dicts: ByteDict, dict: Handle, slots: number, count: number): string[] {
  const slotsByLength: number[] = [];
  for (let bucket = 0; bucket < slots; bucket++) {
    let length = 0;
    dicts.forEachInBucket(dict, bucket, () => length++);
    while (slotsByLength.length <= length) slotsByLength.push(0);
    slotsByLength[length]!++;
  }
  const used = slots - slotsByLength[0]!;
  const lengths = slotsByLength.flatMap((n, length) =>
    n === 0 ? [] : [`   ${length}: ${n} (${((n * 100) / slots).toFixed(2)}%)`],
  );
  return [
    ` different slots: ${used}`,
    ` max chain length: ${slotsByLength.length - 1}`,
    ` avg chain length (counted): ${(count / used).toFixed(2)}`,
    ` avg chain length (computed): ${(count / used).toFixed(2)}`,
    ' Chain length distribution:',
    ...lengths,
  ];
}
