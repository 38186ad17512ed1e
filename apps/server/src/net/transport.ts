/**
 * The seam between a connection and what carries its bytes: TCP, a Unix socket, a stream inside the process.
 *
 * In: the transport calls `BytesSink.feed` with bytes it lends. Out: the connection calls `write` with bytes it lends.
 */
import type { Pushed } from './pushes.js';

export interface BytesSink {
  /** Bytes arrived; they are lent for the duration of the call. No `Buffer`, whose `slice` does not copy: see `plainBytes`. */
  feed(bytes: Uint8Array, start: number, end: number): void;
  /** The transport took in what was waiting: the connection may produce more. */
  drained(): void;
  /** The other side sends nothing more, but may still read: what it asked for is answered, then the connection is ended. */
  ended(): void;
  /** The connection is closed on both sides, whoever ended it. Called once. */
  closed(): void;
}

/** The bytes of a `Buffer` as what they are called: a plain `Uint8Array`, of which `slice` is a copy that may be kept. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

export interface Transport {
  /** Sends `bytes[0, length)`. True: the caller may reuse the bytes. False: they are kept until they are sent, and must not change. */
  write(bytes: Uint8Array, length: number): boolean;
  /** Sends what was pushed, which does not change. */
  writePushed(pushed: Pushed): void;
  /** Bytes that were written but not taken by the system yet. */
  readonly pendingBytes: number;
  /** The socket's, -1 when there is none or it is not known. */
  readonly fileDescriptor: number;
  /** Stops and resumes reading. */
  pause(): void;
  resume(): void;
  /** Sends what is pending, then closes. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
}
