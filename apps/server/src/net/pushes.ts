/**
 * What clients get without having asked: a `Frame` is one message on its way to any number of receivers, `Pushed` what a connection
 * has to send at the end of the turn.
 *
 * A message is encoded once. A connection that has nothing else to send shares it with all others that have not; and more than
 * single messages is shared: who had the same to send before a message has the same to send behind it. So each `Pushed` remembers
 * what it was last followed by, and a thousand subscribers of a channel that get a hundred messages in one turn hold one copy
 * of a hundred messages. Messages are appended in place, as long as nobody else has appended there: a stream of messages to one
 * subscriber costs a copy of its bytes and one small object per message.
 *
 * What was pushed knows what comes behind it, never what came before: nothing is kept longer than somebody waits for it.
 */
import { Buffer } from 'node:buffer';
import { ReplyWriter } from '@clone/resp-codec';
import { latin1 } from '../latin1.js';

/** Bytes to begin with; most turns have one message for a client. */
const SMALLEST = 256;
/** What is expected to be pushed in one turn is never taken to be more. */
const LARGEST = 256 * 1024;

/** Messages are told apart by numbers, which are used again after 2^32 of them: nothing waits as long. */
let lastSerial = 0;

/** Bytes that somebody had to send at the end of a turn, lately, when there was more than one message. */
let expected = SMALLEST;

/** One message for several receivers. The owner uses it for its next message, once all have been pushed this one. */
export abstract class Frame {
  serial = 0;
  #protocol: 2 | 3 = 2;
  /** The message alone, once somebody has it. */
  #alone: Pushed | undefined;

  /** Appends the message: whole RESP frames, in the writer's protocol. */
  protected abstract write(writer: ReplyWriter): void;

  /** Begins the next message, for receivers of one protocol. */
  begin(protocol: 2 | 3): this {
    this.serial = lastSerial = (lastSerial + 1) | 0;
    this.#protocol = protocol;
    this.#alone = undefined;
    return this;
  }

  /** All have it: keeps nothing of it. */
  end(): void {
    this.#alone = undefined;
  }

  /** What a connection that has `before` to send has to send now. */
  appendedTo(before: Pushed | undefined): Pushed {
    if (before !== undefined) return before.followedBy(this);
    this.#alone ??= this.appendTo(new ReplyWriter(SMALLEST));
    return this.#alone;
  }

  appendTo(room: ReplyWriter): Pushed {
    room.protocol = this.#protocol;
    this.write(room);
    return new Pushed(room);
  }
}

/** Messages that one or several connections have to send. */
export class Pushed {
  /** In bytes. */
  readonly length: number;
  /** Where they are: its first bytes, which do not change any more. Others may have appended to them. */
  readonly #room: ReplyWriter;
  /** The message that was appended last, and what became of it. */
  #nextSerial = 0;
  #next: Pushed | undefined;
  #bytes: Buffer | undefined;
  #text = '';

  /** All that is in the room. */
  constructor(room: ReplyWriter) {
    this.#room = room;
    this.length = room.length;
  }

  followedBy(frame: Frame): Pushed {
    if (this.#next !== undefined && this.#nextSerial === frame.serial) return this.#next;
    this.#nextSerial = frame.serial;
    this.#next = frame.appendTo(this.#roomBehind());
    return this.#next;
  }

  #roomBehind(): ReplyWriter {
    const room = this.#room;
    const { length } = this;
    // The first time, with room for all that may follow.
    const isTight = length < expected && room.buffer.length < expected;
    if (room.length === length && !isTight) return room;
    const more = new ReplyWriter(Math.max(2 * length, expected));
    more.raw(room.buffer, 0, length);
    return more;
  }

  /** The bytes, which nobody may change. */
  get bytes(): Buffer {
    const { length } = this;
    const { buffer, byteOffset } = this.#room.buffer;
    if (this.#bytes === undefined) {
      this.#bytes = Buffer.from(buffer, byteOffset, length);
      expected = Math.min(Math.max(SMALLEST, length, expected >> 1), LARGEST);
    }
    return this.#bytes;
  }

  /** The same with one character per byte. */
  get text(): string {
    if (this.#text === '') this.#text = latin1(this.#room.buffer, 0, this.length);
    return this.#text;
  }
}
