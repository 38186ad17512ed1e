/**
 * Sockets as a transport, at the least cost per request that Node allows.
 *
 * Reading: `net.Socket`'s `onread` hands all reads of all sockets the same buffer, where `'data'` events would allocate
 * one per read (measured: 5 to 6 µs of user CPU per unpipelined request with events, 3.7 with `onread`). But a socket
 * that a server accepts takes no `onread`. So the handle of the accepted socket is moved to a new socket that does.
 * `_handle` and `handle` are undocumented: they are used in this file only, only where they are found, and `'data'`
 * events serve where they are not.
 *
 * Writing: replies up to 1 KB leave as latin1 strings, which Node writes to the socket at once without a buffer object;
 * longer ones as they are, without a copy: as a rule the system takes them at once, and otherwise the caller leaves us the
 * buffer. They go to the handle itself, with a request object of the class that Node makes for the first write of the
 * process. What the system takes at once leaves its request unused, for the next write; the request itself tells, by having no
 * id yet (a queue that is empty does not: the peer may have made room behind the first attempt). libuv
 * keeps the order, and we count what it has not written yet. (User CPU of a write: 1.8 µs through `_writeGeneric`, the method that
 * `Writable` calls, 1.3 so; `Writable` takes 0.5 more.) Where requests are not what we know (Node 26 makes them in
 * another way), `_writeGeneric` serves; where that is not found either, `Writable`.
 *
 * TLS: the socket that encrypts is made by Node, and its handle cannot be moved. But what `onread` sets can be set behind
 * its back: two fields named by symbols, and `useUserBuffer` of the handle. Only one write may be under way at a time, and
 * none is done before the end of the turn: what comes meanwhile is gathered, and leaves in one record. (GET, no pipeline,
 * total CPU on a busy machine: 33 µs with `Writable`, 31 with `_writeGeneric`, 26 so; with events 2 to 4 more.)
 *
 * Replies leave behind the requests of each read. Gathering short ones until all sockets had been read, and writing them at the
 * end of the turn, so that clients are woken together, was tried: no difference at GET and SET, 5 to 10 % less where messages are published.
 */
import { Buffer } from 'node:buffer';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { latin1 } from '../latin1.js';
import type { Pushed } from './pushes.js';
import { plainBytes, type BytesSink, type Transport } from './transport.js';

const READ_BUFFER_BYTES = 64 * 1024;
/** Measured with GET, no pipeline: 4 KB take 6.5 µs of user CPU as a string and 3.9 as bytes, 1.5 KB 5.1 and 4.5. */
const STRING_LIMIT = 1024;
/** With TLS a write is never done when it returns: up to here a copy costs less than a new buffer for the replies. */
const COPY_LIMIT = 16 * 1024;
/** Gathered output of TLS leaves in pieces of about this size. */
const GATHERED_BYTES = 64 * 1024;

/** Every socket of the process reads into it; what is read is parsed before the next read. */
const sharedReadBuffer = new Uint8Array(READ_BUFFER_BYTES);

type WriteGeneric = (
  this: Socket,
  several: boolean,
  data: string | Uint8Array,
  encoding: string,
  done: (error?: Error | null) => void,
) => void;

interface SocketInternals {
  _handle?: unknown;
  _writeGeneric?: WriteGeneric;
}

/**
 * The socket to use in place of an accepted one, which must have been accepted with `pauseOnConnect`.
 * Undefined when this Node has no such door; the accepted socket is untouched then.
 */
function withOnread(accepted: Socket, onread: (length: number) => boolean): Socket | undefined {
  const internals = accepted as unknown as SocketInternals;
  const handle = internals._handle;
  if (typeof handle !== 'object' || handle === null || !('readStart' in handle)) return undefined;
  internals._handle = null;
  accepted.destroy();
  const options = { handle, allowHalfOpen: true, onread: { buffer: sharedReadBuffer, callback: onread } };
  return new Socket(options);
}

/** Has a TLS socket read into the shared buffer. False, and nothing done, when this Node has no such door. */
function lendBuffer(socket: TLSSocket, onread: (length: number) => boolean): boolean {
  const handle = (socket as unknown as SocketInternals)._handle as {
    useUserBuffer?: (buffer: Uint8Array) => void;
  } | null;
  const symbols = Object.getOwnPropertySymbols(socket);
  const [buffer, callback] = ['kBuffer', 'kBufferCb'].map((name) =>
    symbols.find(({ description }) => description === name),
  );
  const isOpen = typeof handle?.useUserBuffer === 'function' && socket.readableLength === 0;
  if (!isOpen || buffer === undefined || callback === undefined) return false;
  Object.assign(socket, { [buffer]: sharedReadBuffer, [callback]: onread });
  handle.useUserBuffer?.(sharedReadBuffer);
  return true;
}

const UNUSED = -1;

/** What Node hands to a handle with the bytes to write, and keeps until they are written. */
interface WriteRequest {
  oncomplete?: (status: number) => void;
  /** Keeps the bytes alive. */
  buffer?: string | Buffer;
  /** -1 until it has been used. */
  getAsyncId(): number;
}

type WriteMethod = (request: WriteRequest | null, data: string | Buffer) => number;

interface StreamHandle {
  writeLatin1String: WriteMethod;
  writeBuffer: WriteMethod;
}

/** The class of these requests; null when a request is not what we know. Undefined until one was seen. */
let requestClass: (new () => WriteRequest) | null | undefined;
/** A request that is not in use. */
let spareRequest: WriteRequest | undefined;

/** Has `write` write a string, and looks at the request that it makes. */
function seeRequest(handle: StreamHandle, write: () => void): void {
  let seen: WriteRequest | undefined;
  const { writeLatin1String } = handle;
  // Node 26 hands in null, and has the request made.
  handle.writeLatin1String = function (this: StreamHandle, request: WriteRequest | null, text): number {
    seen = request ?? undefined;
    return writeLatin1String.call(this, request, text);
  };
  write();
  // Back to the method of the prototype.
  delete (handle as Partial<StreamHandle>).writeLatin1String;
  const request = seen;
  const isKnown = typeof request?.oncomplete === 'function' && typeof request.getAsyncId === 'function';
  requestClass = isKnown ? (request.constructor as new () => WriteRequest) : null;
}

export interface SocketOptions {
  /** Seconds between keep-alive probes; 0: none. */
  readonly keepAlive: number;
  /** Use `'data'` events and `Writable` even where there is a faster way: for tests. */
  readonly events?: boolean;
}

export class SocketTransport implements Transport {
  readonly socket: Socket;
  readonly #sink: BytesSink;
  /** Undefined: writes go through `Writable`. */
  readonly #writeGeneric: WriteGeneric | undefined;
  /** Bytes handed over past `Writable` and not written yet, and how many each of these writes had. */
  #unwritten = 0;
  readonly #writes: number[] = [];
  /** TLS: only one write at a time. What waits for the one under way, from `#nextWaiting` on. */
  readonly #isSerial: boolean;
  readonly #handle: StreamHandle;
  #waiting: (string | Buffer)[] = [];
  #nextWaiting = 0;
  #closing = false;
  /** To be ended when all is written. */
  #ending = false;

  constructor(accepted: Socket, sink: BytesSink, options: SocketOptions) {
    this.#sink = sink;
    const onread = (length: number): boolean => {
      this.#sink.feed(sharedReadBuffer, 0, length);
      return true;
    };
    let socket: Socket | undefined;
    if (options.events !== true) {
      if (!(accepted instanceof TLSSocket)) socket = withOnread(accepted, onread);
      else if (lendBuffer(accepted, onread)) socket = accepted;
    }
    this.socket = socket ?? accepted;
    if (socket === undefined) {
      accepted.on('data', (chunk: Buffer) => this.#sink.feed(plainBytes(chunk), 0, chunk.length));
    }
    this.#writeGeneric = socket === undefined ? undefined : (socket as unknown as SocketInternals)._writeGeneric;
    this.#isSerial = this.#writeGeneric !== undefined && socket instanceof TLSSocket;
    this.#handle = (this.socket as unknown as SocketInternals)._handle as StreamHandle;
    this.socket.setNoDelay(true);
    if (options.keepAlive > 0) this.socket.setKeepAlive(true, options.keepAlive * 1000);
    this.socket.on('drain', () => this.#sink.drained());
    // A reset by the peer is an ordinary end; 'close' follows.
    this.socket.on('error', () => undefined);
    this.socket.on('end', () => this.#sink.ended());
    this.socket.on('close', () => this.#sink.closed());
    this.socket.resume();
  }

  write(bytes: Uint8Array, length: number): boolean {
    if (this.#closing) return true;
    const isShort = length <= STRING_LIMIT;
    const isCopied = isShort || (this.#isSerial && length <= COPY_LIMIT);
    let data: string | Buffer;
    if (isShort) data = latin1(bytes, 0, length);
    else {
      data = Buffer.from(bytes.buffer, bytes.byteOffset, length);
      if (isCopied) data = Buffer.from(data);
    }
    this.#write(data, length);
    if (this.#writeGeneric === undefined) return isShort;
    return isCopied || this.#unwritten === 0;
  }

  writePushed(pushed: Pushed): void {
    const { length } = pushed;
    if (!this.#closing) this.#write(length <= STRING_LIMIT ? pushed.text : pushed.bytes, length);
  }

  /** The data do not change until they are written. */
  #write(data: string | Buffer, length: number): void {
    if (this.#writeGeneric === undefined) {
      if (typeof data === 'string') this.socket.write(data, 'latin1');
      else this.socket.write(data);
      return;
    }
    if (this.socket.destroyed) return;
    const mustWait = this.#isSerial && this.#unwritten > 0;
    this.#unwritten += length;
    if (mustWait) this.#waiting.push(data);
    else this.#send(data, length);
  }

  #send(data: string | Buffer, length: number): void {
    if (requestClass === null) this.#sendGeneric(data, length);
    else if (requestClass !== undefined) this.#sendToHandle(data, length, requestClass);
    else if (typeof data === 'string') seeRequest(this.#handle, () => this.#sendGeneric(data, length));
    else this.#sendGeneric(data, length);
  }

  #sendGeneric(data: string | Buffer, length: number): void {
    const encoding = typeof data === 'string' ? 'latin1' : 'buffer';
    this.#writes.push(length);
    this.#writeGeneric?.call(this.socket, false, data, encoding, this.#written);
  }

  #sendToHandle(data: string | Buffer, length: number, RequestClass: new () => WriteRequest): void {
    const handle = this.#handle;
    const request = spareRequest ?? new RequestClass();
    spareRequest = undefined;
    const status =
      typeof data === 'string' ? handle.writeLatin1String(request, data) : handle.writeBuffer(request, data);
    if (status !== 0) {
      this.socket.destroy();
    } else if (!this.#isSerial && request.getAsyncId() === UNUSED) {
      spareRequest = request;
      this.#unwritten -= length;
    } else {
      request.oncomplete = this.#completed;
      request.buffer = data;
      this.#writes.push(length);
    }
  }

  readonly #completed = (status: number): void => {
    if (status !== 0) this.socket.destroy();
    else this.#written();
  };

  /** Called for each write that was not done at once, in their order. `_writeGeneric` calls it for the others, too. */
  readonly #written = (error?: Error | null): void => {
    this.#unwritten -= this.#writes.shift() ?? 0;
    if (error !== undefined && error !== null) this.socket.destroy();
    else if (this.socket.destroyed) return;
    else if (this.#waiting.length > 0) this.#sendWaiting();
    else if (this.#ending) this.#finish();
    else if (this.#unwritten === 0 && this.#wasPending) {
      this.#wasPending = false;
      this.#sink.drained();
    }
  };

  #sendWaiting(): void {
    const pieces: (string | Buffer)[] = [];
    let length = 0;
    while (this.#nextWaiting < this.#waiting.length && length < GATHERED_BYTES) {
      const piece = this.#waiting[this.#nextWaiting++]!;
      pieces.push(piece);
      length += piece.length;
    }
    if (this.#nextWaiting === this.#waiting.length) {
      this.#waiting = [];
      this.#nextWaiting = 0;
    }
    const [first = ''] = pieces;
    const toBuffer = (piece: string | Buffer): Buffer =>
      typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece;
    this.#send(pieces.length === 1 ? first : Buffer.concat(pieces.map(toBuffer), length), length);
  }

  /** Somebody was told that bytes are pending, and waits for `drained`. */
  #wasPending = false;

  get pendingBytes(): number {
    if (this.#writeGeneric === undefined) return this.socket.writableLength;
    if (this.#unwritten > 0) this.#wasPending = true;
    return this.#unwritten;
  }

  get fileDescriptor(): number {
    const handle = (this.socket as unknown as SocketInternals)._handle;
    return typeof handle === 'object' && handle !== null && 'fd' in handle ? Number(handle.fd) : -1;
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  end(): void {
    if (this.#closing) return;
    this.#closing = true;
    // The end of TLS is a record of its own, which would overtake what waits.
    if (this.#isSerial && this.#unwritten > 0) this.#ending = true;
    else this.#finish();
  }

  #finish(): void {
    this.#ending = false;
    // What is pending leaves first. A peer that never reads it must not keep the socket.
    this.socket.end(() => this.socket.destroy());
  }

  destroy(): void {
    this.#closing = true;
    this.socket.destroy();
  }
}
