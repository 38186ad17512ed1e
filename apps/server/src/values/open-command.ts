/** A command of which nobody knows beforehand how many arguments it will have: the header is written in front of them, at the end. */
import { integerLength, writeInteger } from '@clone/resp-codec';

/** `*` or `$`, 20 digits, CR LF, and the CR LF behind an argument. */
const HEADROOM = 32;
/** More is not kept for the next command. */
const KEPT_BYTES = 256 * 1024;

export class OpenCommand {
  buffer: Uint8Array = new Uint8Array(1024);
  /** Where the command begins and ends, after `close`. */
  start = HEADROOM;
  end = HEADROOM;
  /** Arguments so far; 0: none has been begun. */
  arguments = 0;

  bytes(bytes: Uint8Array, offset: number, length: number): void {
    this.#header(length);
    const b = this.buffer;
    let at = this.end;
    if (length < 48) for (let i = 0; i < length; i++) b[at + i] = bytes[offset + i]!;
    else b.set(bytes.subarray(offset, offset + length), at);
    at += length;
    b[at] = 0x0d;
    b[at + 1] = 0x0a;
    this.end = at + 2;
  }

  /** @param text ASCII */
  text(text: string): void {
    this.#header(text.length);
    const b = this.buffer;
    let at = this.end;
    for (let i = 0; i < text.length; i++) b[at++] = text.charCodeAt(i);
    b[at] = 0x0d;
    b[at + 1] = 0x0a;
    this.end = at + 2;
  }

  /** Puts the header before the arguments. */
  close(): void {
    this.start = HEADROOM - 3 - integerLength(this.arguments);
    this.buffer[this.start] = 0x2a;
    const at = writeInteger(this.buffer, this.start + 1, this.arguments);
    this.buffer[at] = 0x0d;
    this.buffer[at + 1] = 0x0a;
  }

  /** Forgets the command. */
  clear(): void {
    this.end = HEADROOM;
    this.arguments = 0;
    if (this.buffer.length > KEPT_BYTES) this.buffer = new Uint8Array(1024);
  }

  /** Counts an argument, leaves room for it and what is behind it. */
  #header(length: number): void {
    this.arguments++;
    const needed = this.end + length + HEADROOM;
    if (needed > this.buffer.length) {
      const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
      grown.set(this.buffer.subarray(0, this.end));
      this.buffer = grown;
    }
    const b = this.buffer;
    b[this.end] = 0x24;
    const at = writeInteger(b, this.end + 1, length);
    b[at] = 0x0d;
    b[at + 1] = 0x0a;
    this.end = at + 2;
  }
}
