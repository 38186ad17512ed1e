import { type Command, type Dispatcher, Session } from '@clone/command-registry';
import { RequestParser } from '@clone/resp-codec';
import { describe, expect, it } from 'vitest';
import { Monitors } from './monitors.js';
import type { Frame } from './net/pushes.js';
import type { Client } from './server-context.js';

/** The line that a monitor gets for a command of these words. */
function lineFor(words: readonly Uint8Array[], mostArgumentBytes?: number): string {
  const dispatcher = { onExecuted: undefined } as unknown as Dispatcher;
  const session = new Session({ id: 1, address: '1.2.3.4:5' });
  const lines: string[] = [];
  const push = (frame: Frame): number => lines.push(frame.appendedTo(undefined).bytes.toString('latin1'));
  const clients = new Map([[1, { session, isUnixSocket: false, push } as unknown as Client]]);
  const monitors = new Monitors(dispatcher, clients, () => 1_700_000_000_000_123, mostArgumentBytes);
  monitors.add(session);
  const parser = new RequestParser();
  const bytes = Buffer.concat([
    Buffer.from(`*${words.length}\r\n`),
    ...words.flatMap((word) => [Buffer.from(`$${word.length}\r\n`), word, Buffer.from('\r\n')]),
  ]);
  parser.feed(bytes, 0, bytes.length);
  parser.next();
  dispatcher.onExecuted?.(session, { flags: 0, name: 'set' } as unknown as Command, parser.request);
  return lines.join('');
}

const PREFIX = '+1700000000.000123 [0 1.2.3.4:5]';

describe('the line of a monitor', () => {
  it('quotes each argument, and escapes what is not printable', () => {
    const line = lineFor(['SET', 'a b', '"\\\n\r\t\x07\b\0\x7f\xe4'].map((word) => Buffer.from(word, 'latin1')));
    expect(line).toBe(`${PREFIX} "SET" "a b" "\\"\\\\\\n\\r\\t\\a\\b\\x00\\x7f\\xe4"\r\n`);
  });

  it('shows every byte of a long value', () => {
    const value = new Uint8Array(300_000);
    expect(lineFor([Buffer.from('SET'), value]) === `${PREFIX} "SET" "${'\\x00'.repeat(300_000)}"\r\n`).toBe(true);
  });

  it('says how much it leaves out of more than it can show', () => {
    const words = ['SET', 'key', 'value'].map((word) => Buffer.from(word));
    expect(lineFor(words, 8)).toBe(`${PREFIX} "SET" "key" "va"... (3 more bytes)\r\n`);
    expect(lineFor(words, 3)).toBe(`${PREFIX} "SET" ""... (3 more bytes) ""... (5 more bytes)\r\n`);
  });
});
