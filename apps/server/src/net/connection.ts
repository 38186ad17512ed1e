/**
 * One client: bytes in, requests executed, replies out.
 *
 * All requests of one read are executed in one go, and their replies leave in one write. The reply writer is shared by
 * all connections, since nothing awaits between the first request of a read and the write.
 *
 * Three things may hold a client up. Its own unread output: above a threshold we stop executing and reading until it has
 * drained, so a slow reader costs a bounded amount of memory. The log: under `appendfsync always` replies wait until what
 * they reveal is on the disk (`ReplyGate`), and who writes waits while the disk is far behind. And a command that answers
 * later (`suspend`), or is in the middle of a long reply (`ReplyRest`), of which each slice is made when the ones before have left. While it is stalled, what a client sent stays in the parser, and nothing more is read.
 *
 * What a client gets without asking (messages, invalidations) comes through `push`; all receivers share it (`pushes.ts`). It is gathered per connection and leaves at the end of the turn of the event loop; never within the
 * reply of a running command, but behind it.
 */
import { setImmediate } from 'node:timers';
import { copyRequest, type Dispatcher, ReplyMode, type ReplyRest, type Session } from '@clone/command-registry';
import { KeyPrefetch } from '@clone/core-store';
import {
  NEED_MORE,
  type ReplyLimit,
  type ReplyPiece,
  type ReplyWriter,
  REQUEST,
  Request,
  type RequestLimits,
  RequestParser,
} from '@clone/resp-codec';
import { lookAhead } from '../look-ahead.js';
import type { Client, ClientKind } from '../server-context.js';
import type { ServerStatistics } from '../statistics.js';
import type { Config } from '../config/config.js';
import type { ClientClass } from '../config/special-parameters.js';
import { OutputWatch, UNAUTHENTICATED_LIMIT } from './output-limit.js';
import type { Frame, Pushed } from './pushes.js';
import type { BytesSink, Transport } from './transport.js';

/** Unsent output at which a client is not read from any more. */
const OUTPUT_LIMIT = 1024 * 1024;
/** Bytes of requests that a blocked client may send ahead before it is not read from any more. */
const INPUT_WHILE_BLOCKED = 64 * 1024;
/** A piece of output that is larger than this goes to the transport in several: each is encrypted or copied at once. */
const LARGEST_WRITE = 64 * 1024 * 1024;
/** Replies of one read are written in pieces of about this size. */
const PIECE = 256 * 1024;

/** Requests of one chunk that were parsed and are about to be executed; shared, because nothing awaits in between. */
const batch: Request[] = Array.from({ length: KeyPrefetch.capacity }, () => new Request());

/** What connections share; implemented by the server. */
export interface ConnectionHost {
  readonly dispatcher: Dispatcher;
  /** The one reply writer. */
  readonly writer: ReplyWriter;
  readonly limits: RequestLimits;
  readonly config: Config;
  readonly statistics: ServerStatistics;
  /** Before the requests of one read: sets the time. */
  beginTurn(): void;
  /** After them. False: the connection is to `suspend`, and will be told to `resume`. */
  endTurn(connection: Connection): boolean;
  /** Whether a reply that is made now must wait for the disk; see `hold`. */
  mustHold(): boolean;
  /** Takes over a piece of output that must not leave before the log is durable up to now. */
  hold(connection: Connection, bytes: Uint8Array): void;
  /** The connection is over: it is no client any more. May be called twice. */
  forget(connection: Connection): void;
  /** Its transport has closed, too. Called once. */
  gone(): void;
  /** The connection has something to `flushPushed`, before the event loop's next turn. */
  pushed(connection: Connection): void;
  /** The connection's next request must wait; `goOn` gives it again. */
  held(connection: Connection): void;
  /** The client holds much of what it has sent: all clients together may hold too much (`maxmemory-clients`). */
  clientGrew(connection: Connection): void;
  /** The client holds more than it may, and is closed: of what it has not read, or of what it has sent. */
  overLimit(connection: Connection, which: 'output' | 'query'): void;
  /** A protocol error was answered: for the log. */
  protocolError(connection: Connection, error: string): void;
}

/** Where a connection comes from. */
export interface Origin {
  readonly isLocal: boolean;
  readonly isUnixSocket: boolean;
}

/** Pushed bytes that may gather before the limits are looked at. */
const PUSHES_UNCHECKED = 64 * 1024;
/** Pushed bytes that lie in one buffer, and the last message. */
const LONG_PUSHES = 1024 * 1024;

/** What a client holds of what it has sent is looked at beyond this. */
const LARGE_INPUT = 1024 * 1024;
/** Output that is not looked at by `client-output-buffer-limit` before it is handed to the system, as in Redis. */
const UNLIMITED_OUTPUT = 16 * 1024;

/** What a connection object costs by itself, roughly, in bytes. */
const CONNECTION_BYTES = 2048;

export class Connection implements BytesSink, Client, ReplyLimit {
  readonly isLocal: boolean;
  readonly isUnixSocket: boolean;
  readonly session: Session;
  readonly #host: ConnectionHost;
  readonly #parser: RequestParser;
  #transport: Transport | undefined;
  #closed = false;
  /** It is about to be closed because of its output, and gets nothing more. */
  #muted = false;
  /** No further requests are executed: it is about to be closed. */
  #ending = false;
  /** The client has sent all that it wants to send; its requests are still executed and answered. */
  #inputEnded = false;
  /** Requests wait in the parser. */
  #stalled = false;
  /** Until the running command answers; see `suspend`. */
  #suspended = false;
  /** Suspended by a blocking command: reading goes on, so that the end of the connection is noticed. */
  #blocked = false;
  /** A request that CLIENT PAUSE holds up. */
  #postponed: Request | undefined;
  /** The request that is executed was postponed. */
  #isDelayed = false;
  readonly #outputWatch = new OutputWatch();
  /** Pieces of output that wait for the disk, and their bytes. */
  #held = 0;
  #heldBytes = 0;
  /** What was pushed and has not been handed to the transport, and what came before that and is long. */
  #pushed: Pushed | undefined = undefined;
  #pushedBefore: Pushed[] | undefined = undefined;
  #pushedBeforeBytes = 0;
  /** Executing right now: the buffers are in use, and the reply of this very read is still to be written. */
  #running = false;
  /** Bytes of the most that was written at once. */
  #largestReply = 0;

  constructor(host: ConnectionHost, session: Session, origin: Origin) {
    this.#host = host;
    this.session = session;
    this.isLocal = origin.isLocal;
    this.isUnixSocket = origin.isUnixSocket;
    this.#parser = new RequestParser(host.limits);
  }

  /** Limits on requests, when they change. */
  set limits(limits: RequestLimits) {
    this.#parser.limits = limits;
  }

  attach(transport: Transport): void {
    this.#transport = transport;
  }

  get kind(): ClientKind {
    return this.session.subscriptions === undefined ? 'normal' : 'pubsub';
  }

  get isBlocked(): boolean {
    return this.#blocked;
  }

  get queryBufferLength(): number {
    // While its request is executed, that is in the buffer, too, and what came with it.
    return this.#isCaller ? this.#parser.bytesFrom(this.#host.dispatcher.context.request) : this.#parser.buffered;
  }

  /** The read buffer is shared: a client has it while its requests are executed, and its own for one that is incomplete. */
  get queryBufferFree(): number {
    return this.#isCaller || this.#parser.buffered > 0 ? this.#parser.room : 0;
  }

  get argumentMemory(): number {
    const request = this.#isCaller
      ? this.#host.dispatcher.context.request
      : (this.#postponed ?? this.#host.dispatcher.blocked.requestOf(this.session));
    let bytes = 0;
    if (request !== undefined) for (let i = 0; i < request.argc; i++) bytes += request.lengths[i]!;
    return bytes;
  }

  /** Its own command is being executed. A request that was postponed lies in bytes of its own. */
  get #isCaller(): boolean {
    const { dispatcher } = this.#host;
    return dispatcher.running === this.session && !this.#isDelayed;
  }

  get largestReply(): number {
    return this.#largestReply;
  }

  get gatheredReplies(): number {
    return this.#running ? this.#host.writer.length : 0;
  }

  get pendingPieces(): number {
    return this.#held + ((this.#transport?.pendingBytes ?? 0) > 0 ? 1 : 0) + (this.#pushed === undefined ? 0 : 1);
  }

  get fileDescriptor(): number {
    return this.#transport?.fileDescriptor ?? -1;
  }

  get memory(): number {
    const rest = this.session.rest?.memory ?? 0;
    const { argumentMemory, queueMemory, pendingOutput } = this;
    return CONNECTION_BYTES + this.#parser.buffered + argumentMemory + queueMemory + pendingOutput + rest;
  }

  /** Bytes of what MULTI has queued. */
  get queueMemory(): number {
    const { queue } = this.session;
    return queue === undefined || queue.count === 0 ? 0 : queue.memory;
  }

  /** CLIENT KILL: behind the reply when it is this client's own command, else at once. */
  kill(): void {
    if (this.#running) this.session.closeAfterReply = true;
    else this.destroy();
  }

  /** Output that waits for the disk, or that the system has not taken yet. */
  get pendingOutput(): number {
    const pushed = this.#pushedBeforeBytes + (this.#pushed?.length ?? 0);
    return (this.#transport?.pendingBytes ?? 0) + this.#heldBytes + pushed;
  }

  feed(bytes: Uint8Array, start: number, end: number): void {
    if (this.#ending) return;
    const { statistics } = this.#host;
    statistics.netInputBytes += end - start;
    statistics.readsProcessed++;
    this.#parser.feed(bytes, start, end);
    if (!this.#stalled) {
      this.#execute();
      this.#checkInput();
      return;
    }
    this.#parser.detach();
    // What a client that waits sends meanwhile is kept, up to a point: reading on shows when it goes away.
    if (this.#blocked && this.#parser.buffered >= INPUT_WHILE_BLOCKED) this.#transport?.pause();
  }

  /** Bytes of its unfinished request, or transaction. */
  get #heldInput(): number {
    return this.#parser.buffered + (this.session.inTransaction ? this.queueMemory : 0);
  }

  /** Closes a client whose unfinished request, or transaction, is larger than allowed. */
  #checkInput(): void {
    const held = this.#heldInput;
    if (held <= this.#host.config.clientQueryBufferLimit || this.#ending) return;
    this.#host.overLimit(this, 'query');
    this.destroy();
  }

  /** Closes a client that leaves more unread than its class may. Also to be called now and then, for the soft limit. */
  checkOutput(): void {
    this.#isTooMuch(0);
  }

  /** Before a long reply takes more memory. */
  isTooLong(length: number): boolean {
    // What is not sent counts for nothing.
    return this.session.replyMode === ReplyMode.on && this.#isTooMuch(length);
  }

  /** @param more bytes of output that have not been handed over. True: the client is closed, and gets none of them. */
  #isTooMuch(more: number): boolean {
    if (this.#ending) return this.#muted;
    const { config, dispatcher } = this.#host;
    const limit = this.session.authenticated ? config.outputBufferLimits[classOf(this.kind)] : UNAUTHENTICATED_LIMIT;
    if (!this.#outputWatch.isExceeded(this.pendingOutput + more, limit, dispatcher.keyspace.now)) return this.#muted;
    this.#host.overLimit(this, 'output');
    this.#muted = true;
    this.#forgetPushed();
    if (this.#running) {
      this.session.closeAfterReply = true;
      setImmediate(() => this.destroy());
    } else {
      this.destroy();
    }
    return true;
  }

  #execute(): void {
    const host = this.#host;
    const { dispatcher, writer } = host;
    const parser = this.#parser;
    const session = this.session;
    host.beginTurn();
    session.lastActiveAt = dispatcher.keyspace.now;
    writer.reset();
    writer.limit = this;
    // What came before these requests stands before their replies.
    this.#takePushed();
    this.#running = true;
    let goOn = true;
    if (this.#postponed !== undefined) {
      const request = this.#postponed;
      this.#postponed = undefined;
      this.#isDelayed = true;
      goOn = this.#executeOne(request);
      this.#isDelayed = false;
      if (!goOn && !this.#ending) this.#stall();
    }
    while (goOn) {
      parser.authenticated = session.authenticated || dispatcher.openToAll;
      const answer = parser.next();
      if (answer === NEED_MORE) break;
      if (answer === REQUEST) {
        if (!this.#executeAhead()) break;
      } else {
        writer.error(`ERR Protocol error: ${parser.error}`);
        this.#ending = true;
        host.protocolError(this, parser.error);
        break;
      }
    }
    this.#running = false;
    if (this.#heldInput > LARGE_INPUT) host.clientGrew(this);
    this.#flush();
    if (!host.endTurn(this) && !this.#ending) {
      this.#suspended = true;
      this.#stall();
    }
    if (session.rest !== undefined) this.#planRest();
    if (this.#inputEnded && !this.#stalled) this.#ending = true;
    if (this.#ending) this.#finish();
  }

  /**
   * Executes the parser's request and those that lie behind it in the same chunk, up to a number: their keys are looked
   * at together first. False: no more for now.
   */
  #executeAhead(): boolean {
    const { dispatcher } = this.#host;
    const { keyspace } = dispatcher;
    const { prefetch, databases } = keyspace;
    const parser = this.#parser;
    const first = parser.request;
    // Limits may change with authentication: then one by one.
    if (!(this.session.authenticated || dispatcher.openToAll) || !parser.inPlace || first.inline) {
      const goOn = this.#executeOne(first);
      if (!goOn && !this.#ending) this.#stall();
      return goOn;
    }
    let n = 0;
    do {
      batch[n] = parser.exchange(batch[n]!);
      n++;
    } while (n < batch.length && parser.nextInPlace());
    lookAhead(keyspace, databases[this.session.dbIndex]!, dispatcher.registry, batch, n);
    let goOn = true;
    for (let i = 0; i < n && goOn; i++) {
      prefetch.current = i;
      goOn = this.#executeOne(batch[i]!);
      if (!goOn && i + 1 < n) parser.rewind(batch[i + 1]!);
    }
    prefetch.end();
    if (!goOn && !this.#ending) this.#stall();
    return goOn;
  }

  /** False: nothing more is to be executed for now, or ever. */
  #executeOne(request: Request): boolean {
    const { dispatcher, writer } = this.#host;
    dispatcher.execute(this.session, request, writer);
    if (this.session.rest !== undefined) return false;
    if (this.#pushed !== undefined) this.#takePushed();
    if (this.session.postponed) {
      this.session.postponed = false;
      this.block();
      this.postpone(copyRequest(request));
      return false;
    }
    if (this.session.closeAfterReply) {
      this.#ending = true;
      return false;
    }
    if (writer.length >= PIECE) {
      this.#flush();
      if (this.pendingOutput >= OUTPUT_LIMIT) return false;
    }
    return !this.#suspended;
  }

  #mustStall(): boolean {
    if (this.pendingOutput < OUTPUT_LIMIT) return false;
    this.#stall();
    return true;
  }

  #stall(): void {
    if (this.#stalled) return;
    this.#stalled = true;
    this.#parser.detach();
    if (!this.#blocked) this.#transport?.pause();
  }

  /** Goes on where it stalled, unless the reason is still there. Never from within a turn: the reply writer is shared. */
  #goOn(): void {
    if (!this.#stalled || this.#suspended || this.#ending || this.pendingOutput >= OUTPUT_LIMIT) return;
    if (this.session.rest !== undefined) {
      this.#writeRest(this.session.rest);
      return;
    }
    this.#stalled = false;
    this.#transport?.resume();
    this.#execute();
  }

  /** The next slice of a long reply. The requests behind it wait meanwhile: the connection is stalled. */
  #writeRest(rest: ReplyRest): void {
    const { writer, dispatcher } = this.#host;
    this.session.lastActiveAt = dispatcher.keyspace.now;
    writer.reset();
    writer.limit = this;
    if (rest.write(writer)) this.session.rest = undefined;
    this.#flush();
    this.#planRest();
  }

  /** When the client has taken enough of what it has got, goes on; otherwise `drained` or `released` does. */
  #planRest(): void {
    if (!this.#ending && this.pendingOutput < OUTPUT_LIMIT) setImmediate(() => this.#goOn());
  }

  /** From within a command that answers later: no further request is executed until `answer`. */
  suspend(): void {
    this.#suspended = true;
  }

  /** As `suspend`, for a wait that the end of the connection ends. */
  block(): void {
    this.#blocked = true;
    this.#suspended = true;
  }

  /** The request, which is to be kept, is executed when the pause is over; until then the client is blocked. */
  postpone(request: Request): void {
    this.#postponed = request;
    this.#host.held(this);
  }

  /** The pause is over: gives the postponed request again, and goes on with those behind it. */
  goOn(): void {
    this.#blocked = false;
    setImmediate(() => this.resume());
  }

  /** The reply of the command that called `suspend`, in RESP, after its `pieces`; the bytes are lent. */
  answer(bytes: Uint8Array, length = bytes.length, pieces: readonly ReplyPiece[] = []): void {
    this.#blocked = false;
    this.#emitPieces(pieces);
    if (length > 0) this.#emit(bytes.slice(0, length), length);
    if (!this.#stalled) this.#suspended = false;
    else setImmediate(() => this.resume());
  }

  resume(): void {
    this.#suspended = false;
    this.#goOn();
  }

  /**
   * Sends something that the client did not ask for: behind the reply of its command if one is running, else behind what was pushed before.
   * What happens between two of its commands, such as an eviction, comes between their replies.
   */
  push(frame: Frame): void {
    if (this.#ending && !this.#running) return;
    if (this.#pushed === undefined && !this.#running) this.#host.pushed(this);
    if (this.#pushed !== undefined && this.#pushed.length > LONG_PUSHES) this.#putPushedAside(this.#pushed);
    this.#pushed = frame.appendedTo(this.#pushed);
    if (this.#running && this.#host.dispatcher.running === undefined) this.#takePushed();
    // A client that reads is flushed at the end of the turn; only many messages within one turn come to more than this.
    else if (this.#pushed.length > PUSHES_UNCHECKED) this.checkOutput();
  }

  /** No buffer of messages grows without end: what follows begins another. */
  #putPushedAside(pushed: Pushed): void {
    (this.#pushedBefore ??= []).push(pushed);
    this.#pushedBeforeBytes += pushed.length;
    this.#pushed = undefined;
  }

  #forgetPushed(): void {
    this.#pushed = undefined;
    this.#pushedBefore = undefined;
    this.#pushedBeforeBytes = 0;
  }

  /** Sends what was pushed since the last time; while a long reply is under way, it comes after that. */
  flushPushed(): void {
    const pushed = this.#pushed;
    if (pushed === undefined || this.#running || this.session.rest !== undefined) return;
    if (this.#ending) {
      this.#forgetPushed();
      return;
    }
    const before = this.#pushedBefore;
    this.#forgetPushed();
    if (before !== undefined) for (const each of before) this.#sendPushed(each);
    this.#sendPushed(pushed);
    if (this.pendingOutput === 0) return;
    if (!this.#stalled) this.#mustStall();
    this.checkOutput();
  }

  #sendPushed(pushed: Pushed): void {
    if (this.#mustHold()) {
      this.#emit(pushed.bytes, pushed.length);
      return;
    }
    this.#countOutput(pushed.length);
    this.#transport?.writePushed(pushed);
  }

  /** Appends what was pushed to the replies that are being gathered. */
  #takePushed(): void {
    const pushed = this.#pushed;
    if (pushed === undefined || this.session.rest !== undefined) return;
    const before = this.#pushedBefore;
    this.#forgetPushed();
    const { writer } = this.#host;
    if (before !== undefined) for (const { bytes, length } of before) writer.raw(bytes, 0, length);
    writer.raw(pushed.bytes, 0, pushed.length);
  }

  /** Sends, or holds back, what the writer has. */
  #flush(): void {
    const { writer } = this.#host;
    const length = writer.length;
    if (length === 0) return;
    if (length > this.#largestReply) this.#largestReply = length;
    if (length > UNLIMITED_OUTPUT && this.#isTooMuch(length)) {
      writer.reset();
      return;
    }
    const { buffer, used } = writer;
    if (used < length) this.#emitPieces(writer.pieces);
    if (used > LARGEST_WRITE) {
      writer.giveUpBuffer();
      this.#emitPieces([{ bytes: buffer, length: used }]);
    } else if (!this.#emit(buffer, used)) {
      writer.giveUpBuffer();
    }
    writer.reset();
  }

  /** Sends what the writer has put aside, and does not use again. */
  #emitPieces(pieces: readonly ReplyPiece[]): void {
    for (const { bytes, length } of pieces) {
      for (let at = 0; at < length; at += LARGEST_WRITE) {
        const part = bytes.subarray(at, Math.min(at + LARGEST_WRITE, length));
        if (this.#mustHold()) this.#hold(part);
        else this.send(part, part.length);
      }
    }
  }

  /** False: the bytes are kept, and must not change any more. */
  #emit(bytes: Uint8Array, length: number): boolean {
    if (!this.#mustHold()) return this.send(bytes, length);
    this.#hold(bytes.slice(0, length));
    return true;
  }

  /** @param bytes are left to us */
  #hold(bytes: Uint8Array): void {
    this.#held++;
    this.#heldBytes += bytes.length;
    this.#host.hold(this, bytes);
  }

  #mustHold(): boolean {
    return this.#held > 0 || this.#host.mustHold();
  }

  #countOutput(length: number): void {
    const { statistics } = this.#host;
    statistics.netOutputBytes += length;
    statistics.writesProcessed++;
  }

  /** Sends bytes that need not wait (any more). False: they are kept, and must not change any more. */
  send(bytes: Uint8Array, length: number): boolean {
    this.#countOutput(length);
    const isFree = this.#transport?.write(bytes, length) ?? true;
    if (!this.#stalled && !this.#running) this.#mustStall();
    if (!isFree) this.checkOutput();
    return isFree;
  }

  /** A piece that was held back has been sent, or dropped. */
  released(length: number): void {
    this.#held--;
    this.#heldBytes -= length;
    if (this.#ending) this.#finish();
    else if (this.#stalled && this.#held === 0) setImmediate(() => this.#goOn());
  }

  #finish(): void {
    if (this.#held === 0) this.#transport?.end();
  }

  drained(): void {
    this.#goOn();
  }

  ended(): void {
    if (this.#blocked) {
      this.destroy();
      return;
    }
    this.#inputEnded = true;
    if (!this.#stalled) this.end();
  }

  /** Closes after the output so far, once the running request is done. */
  end(): void {
    this.#ending = true;
    if (this.#running) this.session.closeAfterReply = true;
    else this.#finish();
  }

  /** Closes at once; the client gets nothing more. */
  destroy(): void {
    this.#ending = true;
    this.#host.forget(this);
    this.#transport?.destroy();
  }

  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ending = true;
    this.#host.forget(this);
    this.#host.gone();
  }
}

/** The class whose limits on output count. A primary has none of its own. */
function classOf(kind: ClientKind): ClientClass {
  return kind === 'primary' ? 'normal' : kind;
}
