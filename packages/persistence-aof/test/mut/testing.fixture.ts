/** Helpers that several tests share. */
import type { Request } from '@clone/resp-codec';
import type { AppendOnlyFile } from './append-only-file.js';
import { loadAppendOnlyFile } from './load.js';
import type { LoadOptions, LoadReport } from './load.js';

/** One command in RESP. */
export function command(...words: string[]): Buffer {
  return Buffer.from(
    `*${words.length}\r\n` + words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join(''),
  );
}

export function wordsOf(request: Request): string[] {
  return Array.from({ length: request.argc }, (_, i) => {
    const offset = request.offsets[i] ?? 0;
    return Buffer.from(request.bytes.subarray(offset, offset + (request.lengths[i] ?? 0))).toString();
  });
}

/** Replays a log into a list of commands, each as its words joined by blanks. */
export async function replay(options: LoadOptions): Promise<{ commands: string[]; report: LoadReport }> {
  const commands: string[] = [];
  const report = await loadAppendOnlyFile(options, (request) => commands.push(wordsOf(request).join(' ')));
  return { commands, report };
}

/** Appends one command to `log`. */
export function append(log: Pick<AppendOnlyFile, 'append'>, database: number, ...words: string[]): void {
  const bytes = command(...words);
  log.append(database, bytes, 0, bytes.length);
}

/** A small generator of uniform numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Lets everything that is due happen: microtasks, and the completion of calls that are over. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
