/**
 * What a handler gets: one object per nesting level, filled anew for every request, so that executing a command
 * allocates nothing. Everything in it is valid only until the handler returns; what is kept is copied.
 *
 * Argument `i` is `request.bytes[offsets[i], offsets[i] + lengths[i])`, 0 being the command's name. Helpers decode only
 * what is asked for.
 */
import type { Database, Handle, Keyspace } from '@clone/core-store';
import { parseBigInteger, parseFloat64, parseInteger, ReplyWriter, Request } from '@clone/resp-codec';
import type { BlockedClients, BlockOptions } from './blocking.js';
import type { Command } from './command.js';
import type { EffectArgument } from './effects.js';
import { EffectBuffer } from './effects.js';
import { errors } from './errors.js';
import type { ReplyRest } from './reply-rest.js';
import type { ServerServices } from './services.js';
import { ReplyMode, Session } from './session.js';
import type { Transactions } from './transactions.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** 2^63: what a C `long long` of milliseconds holds. */
const MAX_TIMEOUT = 9223372036854775807;

/** What goes to the feed for the running request. */
export const EffectMode = {
  /** The request itself, if the keyspace changed. */
  request: 0,
  /** What the handler put into `effects`. */
  substitute: 1,
  none: 2,
  /** The request itself. */
  always: 3,
} as const;

/**
 * What a handler is given: arguments decoded on request, the reply to write to, the session, the database. It is filled anew
 * for the next request, so nothing of it may be kept after the handler has returned.
 *
 * ```ts
 * registry.register('echo', (ctx) => ctx.reply.bulk(ctx.bytes, ctx.offset(1), ctx.length(1)));
 * ```
 */
export class CommandContext {
  readonly keyspace: Keyspace;
  readonly server: ServerServices;
  request: Request = new Request();
  reply: ReplyWriter = new ReplyWriter();
  session: Session = new Session({ id: 0 });
  command: Command;
  /** The database that the session has selected. */
  db: Database;
  /** Somebody listens to effects: without, a handler need not make substitutes. */
  feeding = false;

  /** For the dispatcher: the handler has called `block`. */
  blocked = false;
  /** For the dispatcher: one of `EffectMode`. */
  effectMode: number = EffectMode.request;
  /** For the dispatcher: substitutes of the running request. */
  readonly effects: EffectBuffer = new EffectBuffer();
  /** For the dispatcher: `keyspace.dirty` before the handler ran, plus what nested requests have fed on their own. */
  dirtyBefore = 0;

  readonly #blockedClients: BlockedClients | undefined;
  readonly #transactions: Transactions | undefined;

  constructor(
    keyspace: Keyspace,
    server: ServerServices,
    command: Command,
    blockedClients?: BlockedClients,
    transactions?: Transactions,
  ) {
    this.keyspace = keyspace;
    this.server = server;
    this.#blockedClients = blockedClients;
    this.#transactions = transactions;
    this.command = command;
    this.db = keyspace.databases[0]!;
  }

  // ── arguments ─────────────────────────────────────────────────────────────────────────────────────────────────────

  get argc(): number {
    return this.request.argc;
  }

  /** The buffer that holds all arguments. */
  get bytes(): Uint8Array {
    return this.request.bytes;
  }

  offset(i: number): number {
    return this.request.offsets[i]!;
  }

  length(i: number): number {
    return this.request.lengths[i]!;
  }

  /** Whether argument `i` is this word in any case. @param word ASCII in upper case */
  is(i: number, word: string): boolean {
    const request = this.request;
    const length = word.length;
    if (request.lengths[i] !== length) return false;
    const bytes = request.bytes;
    const offset = request.offsets[i]!;
    for (let k = 0; k < length; k++) {
      let c = bytes[offset + k]!;
      if (c >= 97 && c <= 122) c -= 32;
      if (c !== word.charCodeAt(k)) return false;
    }
    return true;
  }

  /** Argument `i` as an integer: exact up to 2^53, the nearest double beyond; NaN when it is no int64. */
  integer(i: number): number {
    const request = this.request;
    return parseInteger(request.bytes, request.offsets[i]!, request.lengths[i]!);
  }

  /** Argument `i` as an exact int64; undefined when it is none. */
  bigInteger(i: number): bigint | undefined {
    const request = this.request;
    return parseBigInteger(request.bytes, request.offsets[i]!, request.lengths[i]!);
  }

  /** Argument `i` as a double, infinities included; NaN when it is none. */
  float(i: number): number {
    const request = this.request;
    return parseFloat64(request.bytes, request.offsets[i]!, request.lengths[i]!);
  }

  /** Argument `i` decoded as UTF-8; invalid bytes become U+FFFD. */
  text(i: number): string {
    const offset = this.request.offsets[i]!;
    return decoder.decode(this.request.bytes.subarray(offset, offset + this.request.lengths[i]!));
  }

  /** Argument `i` with one character per byte, for names and for errors that quote it. */
  latin1(i: number): string {
    const { bytes, offsets, lengths } = this.request;
    return latin1(bytes, offsets[i]!, lengths[i]!);
  }

  /** A copy of argument `i`, the caller's to keep. */
  copy(i: number): Uint8Array {
    const offset = this.request.offsets[i]!;
    return this.request.bytes.slice(offset, offset + this.request.lengths[i]!);
  }

  /** Bytes that a string value may have now (`proto-max-bulk-len`). What was accepted before is not measured by it. */
  get maxStringLength(): number {
    return this.session.mustObey ? Infinity : this.server.maxBulkLength;
  }

  // ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The record of key argument `i` for reading, 0 when missing. Touches it, counts a hit or a miss. */
  lookupRead(i: number): Handle {
    const request = this.request;
    return this.db.lookupRead(request.bytes, request.offsets[i]!, request.lengths[i]!);
  }

  /** The record of key argument `i` for writing, 0 when missing. Touches it. */
  lookupWrite(i: number): Handle {
    const request = this.request;
    return this.db.lookupWrite(request.bytes, request.offsets[i]!, request.lengths[i]!);
  }

  /** The record of key argument `i`, 0 when missing. Counts a hit or miss; does not touch it. */
  lookupNoTouch(i: number): Handle {
    const request = this.request;
    return this.db.lookupNoTouch(request.bytes, request.offsets[i]!, request.lengths[i]!);
  }

  /**
   * Reports that key argument `i` changed: once per event.
   * @param eventClass one of core-store's `EventClass`
   * @param changes as many as Redis counts for INFO: elements as a rule, and none for a second event of the same change
   */
  changed(i: number, eventClass: number, event: string, changes = 1): void {
    const { bytes, offsets, lengths } = this.request;
    this.keyspace.changed(this.db, bytes, offsets[i]!, lengths[i]!, eventClass, event, changes);
  }

  /**
   * As `changed`, but who waits for the key, watches it or has it in a cache is not told: what changed is not what he looks
   * at, such as the groups of a stream.
   */
  changedAside(i: number, eventClass: number, event: string): void {
    const request = this.request;
    this.keyspace.dirty++;
    this.keyspace.event(this.db, request.bytes, request.offsets[i]!, request.lengths[i]!, eventClass, event);
  }

  /** Makes who waits for key argument `i` try again, behind this command. `changed` does so, too. */
  wake(i: number): void {
    const request = this.request;
    this.#blockedClients?.touched(this.db, request.bytes, request.offsets[i]!, request.lengths[i]!);
  }

  /**
   * Makes the client wait, when there is nothing for it yet. True: the handler returns without a reply, and its request will
   * be executed again. False: this session may not wait (a transaction, a script, a replay): the handler replies at once,
   * as if time were over.
   */
  block(options: BlockOptions): boolean {
    if (!this.session.mayBlock || this.#blockedClients === undefined) return false;
    this.blocked = true;
    this.#blockedClients.block(this, options);
    return true;
  }

  /** Whether `replyInSlices` may be called: not in a transaction or a script, whose replies are made at once. */
  get mayReplyInSlices(): boolean {
    return this.session.mayBlock;
  }

  /** What follows the reply so far, in slices. The handler appends nothing after this. */
  replyInSlices(rest: ReplyRest): void {
    // Otherwise the reply is dropped.
    if (this.session.replyMode === ReplyMode.on) this.session.rest = rest;
  }

  /** For MULTI, EXEC and their kind. @throws {Error} in a context that belongs to no dispatcher */
  get transactions(): Transactions {
    if (this.#transactions === undefined) throw new Error('no dispatcher, no transactions');
    return this.#transactions;
  }

  /** Argument `i` as a time to wait, seconds with a fraction, in whole milliseconds (0: for ever); NaN when it is none: then the error is written. */
  timeout(i: number): number {
    const milliseconds = Math.ceil(this.float(i) * 1000);
    if (Number.isNaN(milliseconds)) this.reply.error(errors.timeoutNotFloat);
    else if (milliseconds < 0) this.reply.error(errors.timeoutNegative);
    else if (milliseconds > MAX_TIMEOUT - this.keyspace.now) this.reply.error(errors.timeoutOutOfRange);
    else return Math.abs(milliseconds);
    return NaN;
  }

  // ── effects: how the change is repeated ───────────────────────────────────────────────────────────────────────────
  //
  // By default the request's own bytes go to the feed if the keyspace changed. A handler whose request would not give
  // the same result again (relative times, random choices, floats) says what to repeat instead. Where speed matters it
  // asks `feeding` and builds the substitute piece by piece: `beginEffect(3)`, then three `effect…` calls.

  /** This command goes to the feed instead of the request; forgets substitutes that were given before. */
  replaceEffect(args: readonly EffectArgument[]): void {
    this.effects.clear();
    this.addEffect(args);
  }

  /** One more command goes to the feed instead of the request, after those given before. */
  addEffect(args: readonly EffectArgument[]): void {
    this.beginEffect(args.length);
    for (const argument of args) this.effects.argument(argument);
  }

  /** The request goes to the feed even if the keyspace did not change. */
  feedRequest(): void {
    this.effectMode = EffectMode.always;
  }

  /** Nothing goes to the feed. */
  suppressEffect(): void {
    this.effectMode = EffectMode.none;
  }

  /** Like `addEffect`; exactly `argc` arguments must follow. */
  beginEffect(argc: number): void {
    this.effectMode = EffectMode.substitute;
    this.effects.begin(argc);
  }

  effectText(text: string): void {
    this.effects.text(text);
  }

  effectInteger(n: number | bigint): void {
    this.effects.integer(n);
  }

  effectBytes(bytes: Uint8Array, offset: number, length: number): void {
    this.effects.bytes(bytes, offset, length);
  }

  /** Argument `i` of the request, unchanged. */
  effectArgument(i: number): void {
    this.effects.bytes(this.request.bytes, this.request.offsets[i]!, this.request.lengths[i]!);
  }
}

/** One character per byte. For short texts: errors, names. */
export function latin1(bytes: Uint8Array, offset: number, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += String.fromCharCode(bytes[offset + i]!);
  return text;
}
