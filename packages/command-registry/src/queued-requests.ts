/**
 * The requests between MULTI and EXEC: their bytes lie one behind the other in one buffer, the places of their arguments in one
 * array, so that queueing a request is two copies and no object. The memory is kept for the next transaction while it is small.
 */
import type { Request } from '@clone/resp-codec';
import type { Command } from './command.js';

/** What an empty queue keeps, bytes. */
const KEPT = 16 * 1024;
/** Places are 31-bit numbers: what is more cannot be queued. */
const MOST_BYTES = 0x7fffffff;
/** In front of the places of a request's arguments: argc, inline, start, end. */
const HEAD = 4;

export class QueuedRequests {
  /** The command of each request, in their order. */
  readonly commands: Command[] = [];
  /** All flags of all commands. */
  flags = 0;
  #bytes = new Uint8Array(1024);
  #length = 0;
  #places = new Int32Array(256);
  #used = 0;
  readonly #mostBytes: number;

  get count(): number {
    return this.commands.length;
  }

  /** Bytes that the queue holds. */
  get memory(): number {
    return this.#bytes.length + this.#places.byteLength + this.commands.length * 8;
  }

  /** @param mostBytes that are queued at most */
  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** Copies a request to the end of the queue. False: there is no room for it, and nothing is done. */
  add(command: Command, request: Request): boolean {
    const { argc, inline, bytes, offsets, lengths, start, end } = request;
    if (this.#length + end - start > this.#mostBytes) return false;
    this.commands.push(command);
    this.flags |= command.flags;
    this.#reservePlaces(HEAD + argc * 2);
    const places = this.#places;
    let at = this.#used;
    places[at] = argc;
    places[at + 1] = inline ? 1 : 0;
    const from = this.#length;
    if (inline) {
      // Arguments of an inline command may lie elsewhere than the line, without quotes and escapes.
      for (let i = 0; i < argc; i++) {
        places[at + HEAD + 2 * i] = this.#length;
        places[at + HEAD + 2 * i + 1] = lengths[i]!;
        this.#append(bytes, offsets[i]!, lengths[i]!);
      }
    } else {
      const shift = from - start;
      for (let i = 0; i < argc; i++) {
        places[at + HEAD + 2 * i] = offsets[i]! + shift;
        places[at + HEAD + 2 * i + 1] = lengths[i]!;
      }
      this.#append(bytes, start, end - start);
    }
    places[at + 2] = from;
    places[at + 3] = this.#length;
    at += HEAD + argc * 2;
    this.#used = at;
    return true;
  }

  /**
   * Makes `request` the one whose places begin at `at` (0 for the first); valid until the queue changes.
   * @returns where the next one begins
   */
  read(at: number, request: Request): number {
    const places = this.#places;
    const argc = places[at]!;
    if (request.offsets.length < argc) {
      request.offsets = new Int32Array(argc);
      request.lengths = new Int32Array(argc);
    }
    request.bytes = this.#bytes;
    request.argc = argc;
    request.inline = places[at + 1] === 1;
    request.start = places[at + 2]!;
    request.end = places[at + 3]!;
    for (let i = 0; i < argc; i++) {
      request.offsets[i] = places[at + HEAD + 2 * i]!;
      request.lengths[i] = places[at + HEAD + 2 * i + 1]!;
    }
    return at + HEAD + argc * 2;
  }

  clear(): void {
    this.commands.length = 0;
    this.flags = 0;
    this.#length = 0;
    this.#used = 0;
    if (this.#bytes.length > KEPT) this.#bytes = new Uint8Array(1024);
    if (this.#places.byteLength > KEPT) this.#places = new Int32Array(256);
  }

  #append(bytes: Uint8Array, offset: number, length: number): void {
    const needed = this.#length + length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, Math.min(this.#bytes.length * 2, this.#mostBytes)));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    const to = this.#bytes;
    const at = this.#length;
    if (length < 48) for (let i = 0; i < length; i++) to[at + i] = bytes[offset + i]!;
    else to.set(bytes.subarray(offset, offset + length), at);
    this.#length = needed;
  }

  #reservePlaces(count: number): void {
    const needed = this.#used + count;
    if (needed <= this.#places.length) return;
    const grown = new Int32Array(Math.max(needed, this.#places.length * 2));
    grown.set(this.#places.subarray(0, this.#used));
    this.#places = grown;
  }
}
