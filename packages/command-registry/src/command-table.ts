/**
 * Commands by name, found straight from the bytes of a request: case-insensitive, no string, no allocation.
 *
 * An open-addressing table: hash of length and folded bytes, linear probing, at most a quarter full. Slots hold
 * numbers of commands; names lie one behind the other in one array, in lower case.
 */
import type { Command } from './command.js';

/** Lower case of every byte, ASCII only, as C's `tolower` in the "C" locale. */
export const FOLD: Uint8Array = Uint8Array.from({ length: 256 }, (_, c) => (c >= 65 && c <= 90 ? c + 32 : c));

const encoder = new TextEncoder();

export class CommandTable implements Iterable<Command> {
  readonly #commands: Command[] = [];
  #names: Uint8Array = new Uint8Array(0);
  #starts: number[] = [0];
  #slots: Int32Array = new Int32Array(16).fill(-1);
  /** The command that was found last. */
  #found = 0;

  get size(): number {
    return this.#commands.length;
  }

  /** @param name the name that clients send, in lower case: for a subcommand the part after `|`. */
  add(name: string, command: Command): void {
    const encoded = encoder.encode(name);
    const names = new Uint8Array(this.#names.length + encoded.length);
    names.set(this.#names);
    names.set(encoded, this.#names.length);
    this.#names = names;
    this.#starts.push(names.length);
    this.#commands.push(command);
    if (this.#commands.length * 4 > this.#slots.length) this.#rebuild(this.#slots.length * 2);
    else this.#place(this.#commands.length - 1);
  }

  /** The command named by `bytes[offset, offset + length)` in any case. */
  find(bytes: Uint8Array, offset: number, length: number): Command | undefined {
    // Pipelines repeat one command as a rule.
    if (this.#equals(this.#found, bytes, offset, length)) return this.#commands[this.#found];
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash(bytes, offset, length) & mask;
    for (;;) {
      const i = slots[slot]!;
      if (i < 0) return undefined;
      if (this.#equals(i, bytes, offset, length)) {
        this.#found = i;
        return this.#commands[i];
      }
      slot = (slot + 1) & mask;
    }
  }

  /** The same for a string. */
  get(name: string): Command | undefined {
    const bytes = encoder.encode(name);
    return this.find(bytes, 0, bytes.length);
  }

  /** In the order of registration. */
  [Symbol.iterator](): Iterator<Command> {
    return this.#commands.values();
  }

  #equals(i: number, bytes: Uint8Array, offset: number, length: number): boolean {
    const start = this.#starts[i]!;
    if (this.#starts[i + 1]! - start !== length) return false;
    const names = this.#names;
    for (let k = 0; k < length; k++) {
      if (FOLD[bytes[offset + k]!] !== names[start + k]) return false;
    }
    return true;
  }

  #rebuild(size: number): void {
    this.#slots = new Int32Array(size).fill(-1);
    for (let i = 0; i < this.#commands.length; i++) this.#place(i);
  }

  #place(i: number): void {
    const start = this.#starts[i]!;
    const mask = this.#slots.length - 1;
    let slot = hash(this.#names, start, this.#starts[i + 1]! - start) & mask;
    while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask;
    this.#slots[slot] = i;
  }
}

/**
 * A name longer than any command's must not cost more than a look: 24 bytes decide. `| 32` folds letters; what else it
 * makes equal is told apart by the comparison.
 */
function hash(bytes: Uint8Array, offset: number, length: number): number {
  let h = length;
  const end = offset + (length < 24 ? length : 24);
  for (let p = offset; p < end; p++) h = (Math.imul(h, 31) + (bytes[p]! | 32)) | 0;
  return h ^ (h >>> 11);
}
