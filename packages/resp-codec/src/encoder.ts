/*
 * Commands to bytes, as a client sends them: a RESP array of bulk strings.
 *
 * The encoder writes into a slab and hands out views of it: `take()` costs no copy, and what was handed out is never
 * written again, so that it may wait in a socket's queue. The next commands go behind it until the slab is full.
 */
import { utf8Length, writeUtf8 } from './platform.js';

/** One argument. Numbers are sent as JavaScript prints them, infinities as `inf` and `-inf`; strings as UTF-8. */
export type CommandArgument = string | Uint8Array | number | bigint;

const SLAB = 16 * 1024;
/** Up to this length a loop over char codes beats the call into Node (measured: 20 ns against 60 ns at 10 characters). */
const SHORT_TEXT = 40;
/** `*` or `$`, at most 10 digits, CR LF. */
const HEADER = 13;
const ASTERISK = 42;
const DOLLAR = 36;

const EMPTY = new Uint8Array(0);

/** Encodes many commands into one piece of output. One encoder serves a connection for its life. */
export class CommandEncoder {
  #slab = EMPTY;
  #start = 0;
  #end = 0;

  /** Bytes waiting for `take()`. */
  get length(): number {
    return this.#end - this.#start;
  }

  /**
   * Appends one command. If it throws, nothing was appended.
   * @param args the name of the command and its arguments.
   * @throws {TypeError} when there is no argument, or one is not of the allowed types.
   */
  add(args: readonly CommandArgument[]): void {
    const before = this.#end - this.#start;
    try {
      this.#append(args);
    } catch (error) {
      this.#end = this.#start + before;
      throw error;
    }
  }

  /** The bytes of all commands since the last `take()`; they belong to the caller, the encoder does not touch them again. */
  take(): Uint8Array {
    const taken = this.#slab.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return taken;
  }

  #append(args: readonly CommandArgument[]): void {
    if (args.length === 0) throw new TypeError('a command needs at least its name');
    this.#reserve(HEADER);
    this.#header(ASTERISK, args.length);
    for (let i = 0; i < args.length; i++) {
      const argument = args[i];
      if (typeof argument === 'string') this.#text(argument);
      else if (typeof argument === 'number') this.#text(numberText(argument));
      else if (typeof argument === 'bigint') this.#text(argument.toString());
      else if (argument instanceof Uint8Array) this.#bytes(argument);
      else throw new TypeError(`argument ${i} of a command is neither string, Uint8Array, number nor bigint`);
    }
  }

  #text(text: string): void {
    if (text.length <= SHORT_TEXT && this.#shortText(text)) return;
    const length = utf8Length(text);
    this.#reserve(HEADER + length + 2);
    this.#header(DOLLAR, length);
    this.#end += writeUtf8(this.#slab, text, this.#end);
    this.#lineEnd();
  }

  /** Writes ASCII text of at most SHORT_TEXT characters; false, and nothing written, when it is not ASCII. */
  #shortText(text: string): boolean {
    const length = text.length;
    this.#reserve(HEADER + length + 2);
    const slab = this.#slab;
    const start = this.#end;
    let at = start;
    slab[at++] = DOLLAR;
    if (length > 9) slab[at++] = 48 + ((length / 10) | 0);
    slab[at++] = 48 + (length % 10);
    slab[at++] = 13;
    slab[at++] = 10;
    let all = 0;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      all |= code;
      slab[at++] = code;
    }
    if (all > 127) return false;
    slab[at++] = 13;
    slab[at++] = 10;
    this.#end = at;
    return true;
  }

  #bytes(bytes: Uint8Array): void {
    this.#reserve(HEADER + bytes.length + 2);
    this.#header(DOLLAR, bytes.length);
    this.#slab.set(bytes, this.#end);
    this.#end += bytes.length;
    this.#lineEnd();
  }

  #header(type: number, count: number): void {
    const slab = this.#slab;
    slab[this.#end++] = type;
    if (count < 10) slab[this.#end++] = 48 + count;
    else this.#end += writeUtf8(slab, count.toString(), this.#end);
    this.#lineEnd();
  }

  #lineEnd(): void {
    this.#slab[this.#end++] = 13;
    this.#slab[this.#end++] = 10;
  }

  /** Makes room for `more` bytes. What has not been taken moves along; what has been taken stays where it is. */
  #reserve(more: number): void {
    if (this.#end + more <= this.#slab.length) return;
    const waiting = this.#end - this.#start;
    const slab = new Uint8Array(Math.max(SLAB, 2 * waiting, waiting + more));
    slab.set(this.#slab.subarray(this.#start, this.#end));
    this.#slab = slab;
    this.#start = 0;
    this.#end = waiting;
  }
}

function numberText(value: number): string {
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  return String(value);
}

const shared = new CommandEncoder();

/**
 * One command as the bytes that a client sends, e.g. `encodeCommand(['SET', 'key', bytes, 'EX', 10])`.
 * @throws {TypeError} when there is no argument, or one is not of the allowed types.
 */
export function encodeCommand(args: readonly CommandArgument[]): Uint8Array {
  shared.add(args);
  return shared.take();
}
