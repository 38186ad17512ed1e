/**
 * SLOWLOG: the last executions that took long. Limits on what an entry keeps are Redis's: 32 arguments, 128 bytes of each.
 */
import type { Command, Session } from '@clone/command-registry';
import type { Request } from '@clone/resp-codec';
import { loggedArgument } from './logged-arguments.js';

const MAX_ARGUMENTS = 32;
const MAX_LENGTH = 128;

export interface SlowLogEntry {
  readonly id: number;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly microseconds: number;
  /** One character per byte. */
  readonly args: readonly string[];
  readonly address: string;
  readonly name: string;
}

export class SlowLog {
  /** Newest first. */
  readonly #entries: SlowLogEntry[] = [];
  #nextId = 0;
  #limit = 128;

  get length(): number {
    return this.#entries.length;
  }

  /** How many entries are kept. */
  set limit(limit: number) {
    this.#limit = limit;
    if (this.#entries.length > limit) this.#entries.length = limit;
  }

  /** @param now milliseconds since the epoch */
  add(session: Session, command: Command, request: Request, microseconds: number, now: number): void {
    const id = this.#nextId++;
    if (this.#limit === 0) return;
    this.#entries.unshift({
      id,
      time: Math.floor(now / 1000),
      microseconds: Math.round(microseconds),
      args: shownArguments(command, request),
      address: session.address,
      name: session.name,
    });
    if (this.#entries.length > this.#limit) this.#entries.length = this.#limit;
  }

  /** The newest so many, newest first. */
  newest(count: number): readonly SlowLogEntry[] {
    return this.#entries.slice(0, count);
  }

  clear(): void {
    this.#entries.length = 0;
  }
}

function shownArguments(command: Command, request: Request): readonly string[] {
  const { argc } = request;
  const shown = Math.min(argc, MAX_ARGUMENTS);
  const args: string[] = [];
  for (let i = 0; i < shown; i++) {
    if (argc > MAX_ARGUMENTS && i === MAX_ARGUMENTS - 1) {
      args.push(`... (${argc - MAX_ARGUMENTS + 1} more arguments)`);
      break;
    }
    const text = loggedArgument(command, request, i, MAX_LENGTH);
    const more = request.lengths[i]! - MAX_LENGTH;
    args.push(more > 0 && text.length === MAX_LENGTH ? `${text}... (${more} more bytes)` : text);
  }
  return args;
}
