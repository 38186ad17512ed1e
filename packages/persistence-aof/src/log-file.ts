/**
 * One file of the log, open for writing at its end.
 *
 * Invariant: `[0, size)` holds whole batches as they were handed to `write`. A write that fails halfway leaves more than that
 * in the file; it is cut off before anything else is written, at once or, if the disk refuses even that, at the next attempt.
 *
 * After a failed fsync the kernel may have dropped the pages that it could not write, and a later fsync would
 * report success without them. So before the next attempt everything since the last good fsync is read back (from
 * the page cache) and written again.
 */
import type { FileHandle } from './file-system.js';

const COPY_BYTES = 1024 * 1024;

export class LogFile {
  readonly #handle: FileHandle;
  #size: number;
  /** `[0, #synced)` is on the disk. */
  #synced: number;
  /** The file may be longer than `#size`. */
  #torn = false;
  /** An fsync failed: the kernel may have dropped what it could not write. */
  #doubtful = false;

  /** @param size Where to go on writing: the length of what the file holds, all of it on the disk. */
  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
    this.#synced = size;
  }

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  /** Whether everything written is on the disk. */
  get isSynced(): boolean {
    return this.#synced === this.#size;
  }

  /** Appends all of `buffers` or, rejecting, nothing. */
  write(buffers: readonly Uint8Array[], bytes: number): Promise<void> {
    return this.#append(buffers, bytes, false);
  }

  /** As `write`, and the bytes are on the disk when it resolves. The file must be synced. */
  async writeSynced(buffers: readonly Uint8Array[], bytes: number): Promise<void> {
    await this.#append(buffers, bytes, true);
    this.#synced = this.#size;
  }

  async #append(buffers: readonly Uint8Array[], bytes: number, synced: boolean): Promise<void> {
    if (this.#torn) await this.#cut();
    if (this.#doubtful) await this.#restoreDropped();
    let rest = buffers;
    let position = this.#size;
    const end = position + bytes;
    try {
      for (;;) {
        const written = await (synced ? this.#handle.writeSynced(rest, position) : this.#handle.write(rest, position));
        position += written;
        if (position === end) break;
        if (written === 0) throw new Error('The file system wrote nothing');
        rest = without(rest, written);
      }
    } catch (error) {
      this.#torn = true;
      // If this fails too, the next write tries again; the error worth telling is the first one.
      await this.#cut().catch(() => undefined);
      throw error;
    }
    this.#size = end;
  }

  /** Resolves once everything written so far is on the disk. */
  async sync(): Promise<void> {
    const size = this.#size;
    if (this.#doubtful) await this.#restoreDropped();
    try {
      await this.#handle.sync();
    } catch (error) {
      this.#doubtful = true;
      throw error;
    }
    this.#synced = size;
  }

  /** Takes back what was written since the last good fsync. */
  cutUnsynced(): Promise<void> {
    this.#size = this.#synced;
    return this.#cut();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #cut(): Promise<void> {
    await this.#handle.truncate(this.#size);
    this.#torn = false;
  }

  async #restoreDropped(): Promise<void> {
    const buffer = new Uint8Array(Math.min(COPY_BYTES, this.#size - this.#synced));
    for (let position = this.#synced; position < this.#size;) {
      const read = await this.#handle.read(buffer, 0, Math.min(buffer.length, this.#size - position), position);
      if (read === 0) throw new Error('The file is shorter than what was written to it');
      for (let done = 0; done < read;) {
        const written = await this.#handle.write([buffer.subarray(done, read)], position + done);
        if (written === 0) throw new Error('The file system wrote nothing');
        done += written;
      }
      position += read;
    }
    this.#doubtful = false;
  }
}

/** What is left of `buffers` after their first `count` bytes. */
function without(buffers: readonly Uint8Array[], count: number): Uint8Array[] {
  const rest: Uint8Array[] = [];
  for (const buffer of buffers) {
    if (count >= buffer.length) {
      count -= buffer.length;
    } else {
      rest.push(count === 0 ? buffer : buffer.subarray(count));
      count = 0;
    }
  }
  return rest;
}
