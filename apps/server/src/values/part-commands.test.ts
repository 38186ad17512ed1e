import { View } from '@clone/core-store';
import { expect, it } from 'vitest';
import { PartCommands } from './part-commands.js';

const MEGABYTE = 1024 * 1024;

/** The lengths of the commands that make a list of elements of these lengths. */
function commandsFor(lengths: readonly number[]): { arguments: number; bytes: number }[] {
  const commands: { arguments: number; bytes: number }[] = [];
  const parts = new PartCommands((_database, bytes, offset, length) => {
    const [, count] = /^\*(\d+)\r\n\$5\r\nRPUSH\r\n/.exec(Buffer.from(bytes.subarray(offset, offset + 40)).toString())!;
    commands.push({ arguments: Number(count) - 2, bytes: length });
  });
  parts.begin(0, Buffer.from('list'), '');
  const view = new View();
  for (const length of lengths) {
    view.bytes = new Uint8Array(length);
    view.length = length;
    parts.element(view);
  }
  parts.end();
  return commands;
}

it('puts 64 elements into a command', () => {
  expect(commandsFor(Array.from({ length: 150 }, () => 10)).map((each) => each.arguments)).toEqual([64, 64, 22]);
});

it('ends a command before it is too long to be read back', () => {
  const commands = commandsFor(Array.from({ length: 150 }, (_, i) => (i % 2 === 0 ? 300_000 : 10)));
  expect(commands.reduce((sum, each) => sum + each.arguments, 0)).toBe(150);
  for (const { bytes } of commands) expect(bytes).toBeLessThan(1.5 * MEGABYTE);
  expect(commandsFor([3 * MEGABYTE, 10, 3 * MEGABYTE, 20]).map((each) => each.arguments)).toEqual([1, 2, 1]);
});
