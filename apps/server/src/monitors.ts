/**
 * MONITOR: sessions that are shown every command, once it has been executed. Administrative commands are not shown, and secrets in others are hidden.
 *
 * A line is made as bytes: V8 cannot make a text of a large value whose bytes are all escaped, and ends the process.
 */
import { type Command, CommandFlag, type Dispatcher, ReplyMode, type Session } from '@clone/command-registry';
import type { ReplyWriter, Request } from '@clone/resp-codec';
import { isSecret, REDACTED } from './logged-arguments.js';
import { Frame } from './net/pushes.js';
import type { Client } from './server-context.js';

const HIDDEN = CommandFlag.admin | CommandFlag.skip_monitor;

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const SPACE = 0x20;
const HEX = '0123456789abcdef';
/** Of each byte, the letter behind a backslash that stands for it; 0: none, it stands for itself or is written in hexadecimal. */
const LETTERS = new Uint8Array(256);
for (const [byte, letter] of ['\\\\', '""', '\nn', '\rr', '\tt', '\x07a', '\bb']) {
  LETTERS[byte!.charCodeAt(0)] = letter!.charCodeAt(0);
}
/** Bytes that one byte takes at most, as `\x00`. */
const LONGEST_ESCAPE = 4;
const MOST_ARGUMENT_BYTES = 512 * 1024 * 1024;
/** Room for a line that is kept for the next. */
const KEPT_BYTES = 64 * 1024;

export class Monitors {
  readonly #dispatcher: Dispatcher;
  readonly #clients: ReadonlyMap<number, Client>;
  readonly #microseconds: () => number;
  readonly #ids = new Set<number>();
  readonly #line: MonitorLine;

  /**
   * @param microseconds wall clock, since the epoch
   * @param mostArgumentBytes in a line. Longer ones are cut, and it says so: a buffer of four times as many is made for them
   */
  constructor(
    dispatcher: Dispatcher,
    clients: ReadonlyMap<number, Client>,
    microseconds: () => number,
    mostArgumentBytes = MOST_ARGUMENT_BYTES,
  ) {
    this.#line = new MonitorLine(mostArgumentBytes);
    this.#dispatcher = dispatcher;
    this.#clients = clients;
    this.#microseconds = microseconds;
  }

  add(session: Session): void {
    session.isMonitor = true;
    this.#ids.add(session.id);
    this.#dispatcher.onExecuted = this.#show;
  }

  remove(session: Session): void {
    session.isMonitor = false;
    if (this.#ids.delete(session.id) && this.#ids.size === 0) this.#dispatcher.onExecuted = undefined;
  }

  readonly #show = (session: Session, command: Command, request: Request): void => {
    if ((command.flags & HIDDEN) !== 0) return;
    const isUnixSocket = this.#clients.get(session.id)?.isUnixSocket === true;
    const address = isUnixSocket ? `unix:${session.address.replace(/:0$/, '')}` : session.address;
    this.#line.set(`${session.dbIndex} ${address}`, command, request, this.#microseconds());
    this.#line.begin(2);
    for (const id of this.#ids) {
      const client = this.#clients.get(id);
      // Who says QUIT hears nothing more, not even that.
      if (client?.session.replyMode !== ReplyMode.on || client.session.closeAfterReply) continue;
      client.push(this.#line);
    }
    this.#line.end();
  };
}

/** What monitors get, in either protocol: `+seconds.microseconds [db address] "word" …`. */
class MonitorLine extends Frame {
  #bytes = new Uint8Array(256);
  #length = 0;
  readonly #mostArgumentBytes: number;

  constructor(mostArgumentBytes: number) {
    super();
    this.#mostArgumentBytes = mostArgumentBytes;
  }

  /** @param from database and address */
  set(from: string, command: Command, request: Request, microseconds: number): void {
    const seconds = Math.floor(microseconds / 1e6);
    const rest = String(Math.floor(microseconds % 1e6)).padStart(6, '0');
    this.#length = 0;
    this.#text(`+${seconds}.${rest} [${from}]`);
    let room = this.#mostArgumentBytes;
    for (let i = 0; i < request.argc; i++) {
      const length = request.lengths[i]!;
      if (isSecret(command, request, i)) {
        this.#text(` "${REDACTED}"`);
        continue;
      }
      const shown = Math.min(length, room);
      room -= shown;
      this.#quoted(request.bytes, request.offsets[i]!, shown, length - shown);
    }
    this.#text('\r\n');
  }

  override end(): void {
    super.end();
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = new Uint8Array(256);
  }

  protected override write(writer: ReplyWriter): void {
    writer.raw(this.#bytes, 0, this.#length);
  }

  /** @param text ASCII */
  #text(text: string): void {
    this.#reserve(text.length);
    for (let i = 0; i < text.length; i++) this.#bytes[this.#length++] = text.charCodeAt(i);
  }

  /** In double quotes, with what is not printable ASCII escaped. @param missing bytes that are left out behind these */
  #quoted(bytes: Uint8Array, offset: number, length: number, missing: number): void {
    this.#reserve(length * LONGEST_ESCAPE + 3);
    const to = this.#bytes;
    let at = this.#length;
    to[at++] = SPACE;
    to[at++] = QUOTE;
    for (let i = offset; i < offset + length; i++) {
      const byte = bytes[i]!;
      const letter = LETTERS[byte]!;
      if (letter !== 0) {
        to[at++] = BACKSLASH;
        to[at++] = letter;
      } else if (byte >= 0x20 && byte < 0x7f) {
        to[at++] = byte;
      } else {
        to[at] = BACKSLASH;
        to[at + 1] = 0x78;
        to[at + 2] = HEX.charCodeAt(byte >> 4);
        to[at + 3] = HEX.charCodeAt(byte & 15);
        at += LONGEST_ESCAPE;
      }
    }
    this.#length = at;
    this.#text(missing === 0 ? '"' : `"... (${missing} more bytes)`);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(needed + KEPT_BYTES);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
