/**
 * The stream of commands on its way through memory, and how far it got: appended, taken for writing, written, durable.
 *
 * All positions count bytes since construction; appended >= taken >= written >= durable. What is between written and taken is
 * the batch: it stays until it is written, however many attempts that takes.
 */
import { CommandQueue } from './command-queue.js';

export class LogStream {
  readonly #queue = new CommandQueue();
  #batch: Uint8Array[] = [];
  #batchBytes = 0;
  /** Position of the end of the batch: the queue begins here. */
  #taken = 0;
  #written = 0;
  #durable = 0;

  get appended(): number {
    return this.#taken + this.#queue.length;
  }

  get taken(): number {
    return this.#taken;
  }

  get written(): number {
    return this.#written;
  }

  get durable(): number {
    return this.#durable;
  }

  get batch(): readonly Uint8Array[] {
    return this.#batch;
  }

  get batchBytes(): number {
    return this.#batchBytes;
  }

  /** Bytes not taken yet. */
  get queuedBytes(): number {
    return this.#queue.length;
  }

  append(database: number, bytes: Uint8Array, offset: number, length: number): void {
    this.#queue.append(database, bytes, offset, length);
  }

  /** Makes the current end a place where a file can begin; answers its position. */
  divide(): number {
    this.#queue.close();
    this.#queue.forgetDatabase();
    return this.appended;
  }

  /** Fills the empty batch with up to `limit` bytes; a limit at a division stops there exactly. */
  take(limit: number): void {
    if (limit === 0) return;
    this.#batchBytes = this.#queue.take(limit, this.#batch);
    this.#taken += this.#batchBytes;
  }

  /** The batch is written, or need not be. */
  release(): void {
    this.#queue.recycle(this.#batch);
    this.#batch = [];
    this.#batchBytes = 0;
    this.#written = this.#taken;
  }

  /** Passes over everything up to `end`, a division or the end of the stream. */
  discard(end: number): void {
    this.release();
    while (this.#taken < end) {
      this.take(end - this.#taken);
      this.release();
    }
  }

  /** Everything before `position` is on the disk; false when that is no news. */
  confirm(position: number): boolean {
    if (position === this.#durable) return false;
    this.#durable = position;
    return true;
  }
}
