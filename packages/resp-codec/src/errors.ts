/*
 * The errors of the client side and of the frame scanner.
 *
 * Two of them are values: what the server answered (`ReplyError`) and a string that V8 cannot hold
 * (`StringTooLongError`) take the place of one reply, and the replies behind them are unharmed. The third,
 * `ProtocolError`, is thrown: after it nobody knows where the next reply begins, so the connection has to go.
 */

/** An error that the server sent (`-ERR …` or RESP3's `!`): a value among the replies, never thrown by the decoder. */
export class ReplyError extends Error {
  static {
    this.prototype.name = 'ReplyError';
  }

  /** The first word of the text: `ERR`, `WRONGTYPE`, `MOVED`. Empty when the text begins with a space. */
  readonly code: string;

  /** @param text as the server sent it, code included, without the type byte. */
  constructor(text: string) {
    super(text);
    const space = text.indexOf(' ');
    this.code = space === -1 ? text : text.slice(0, space);
  }
}

/**
 * A ReplyError without a stack, which would say nothing but that bytes arrived, and cost 7 of 8 µs.
 * Reflect.set, since an environment may have frozen Error.
 */
export function replyErrorOf(text: string): ReplyError {
  const limit = Error.stackTraceLimit;
  Reflect.set(Error, 'stackTraceLimit', 0);
  const error = new ReplyError(text);
  Reflect.set(Error, 'stackTraceLimit', limit);
  return error;
}

/**
 * Stands in the place of a string that is longer than V8 allows (about 512 MB on 64-bit platforms).
 * A value, not thrown: the stream stays in step. Whoever expects such replies asks for bytes.
 */
export class StringTooLongError extends Error {
  static {
    this.prototype.name = 'StringTooLongError';
  }

  /** Length of the string on the wire, in bytes. */
  readonly byteLength: number;

  constructor(byteLength: number) {
    super(`a string of ${byteLength} bytes is longer than this JavaScript engine allows; ask for bytes`);
    this.byteLength = byteLength;
  }
}

/** What is wrong: the bytes are not RESP, or they are but exceed a limit that the caller set. */
export type ProtocolErrorReason = 'malformed' | 'depth' | 'size';

/** Thrown for input that is not RESP or that exceeds a limit. */
export class ProtocolError extends Error {
  static {
    this.prototype.name = 'ProtocolError';
  }

  /** Where, in bytes since the stream began or was last reset. */
  readonly offset: number;
  readonly reason: ProtocolErrorReason;

  constructor(message: string, offset: number, reason: ProtocolErrorReason = 'malformed') {
    super(`${message} (at byte ${offset})`);
    this.offset = offset;
    this.reason = reason;
  }
}
