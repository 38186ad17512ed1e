/**
 * What stands in a lock file: one line of JSON about who holds the directory. Its length never
 * changes during the life of a holder, so that the heartbeat can be written over it in place.
 */

export const LOCK_NAME = 'clone.lock';

export interface LockRecord {
  readonly pid: number;
  readonly host: string;
  /** Of this lock alone. */
  readonly token: string;
  /** See `ProcessFacts`. */
  readonly pidSet: string;
  readonly start: string;
  /** Grows while the holder lives. */
  readonly beat: number;
}

/**
 * - a record;
 * - `unfinished`: a lock that was being written when its writer, or the machine, died; or is being
 *   written now;
 * - `foreign`: something else that has the name.
 */
export type LockContent = LockRecord | 'unfinished' | 'foreign';

const HEADER = '{"lock":"clone-server",';
const BEAT_DIGITS = 12;

export function formatLock(record: LockRecord): Buffer {
  const { pid, host, token, pidSet, start } = record;
  const beat = String(record.beat).padStart(BEAT_DIGITS, '0');
  const fields = JSON.stringify({ pid, host, token, pidSet, start, beat });
  return Buffer.from(`${HEADER}${fields.slice(1)}\n`);
}

export function parseLock(bytes: Uint8Array): LockContent {
  // File systems put zeros where a size reached the disk and the content did not.
  const text = Buffer.from(bytes).toString().replace(/\0+$/, '');
  if (!text.startsWith(HEADER)) return HEADER.startsWith(text) ? 'unfinished' : 'foreign';
  try {
    const fields = JSON.parse(text) as Record<string, unknown>;
    const { pid, host, token, pidSet, start } = fields;
    const beat = Number(fields.beat);
    const texts = [host, token, pidSet, start];
    if (!Number.isSafeInteger(pid) || (pid as number) <= 0 || !Number.isSafeInteger(beat)) return 'foreign';
    if (!texts.every((each) => typeof each === 'string') || !/^[0-9a-f]{32}$/.test(token as string)) return 'foreign';
    return { ...(fields as unknown as LockRecord), beat };
  } catch {
    return 'unfinished';
  }
}
