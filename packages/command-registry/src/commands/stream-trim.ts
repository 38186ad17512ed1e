/**
 * The trimming of XADD and XTRIM: `MAXLEN|MINID [=|~] threshold [LIMIT count]`.
 */
import { EventClass, StreamId } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import { effectStreamId } from './stream-group-lookup.js';
import { MissingSequence, parseStrictStreamId } from './stream-ids.js';

export const TrimBy = { nothing: 0, length: 1, id: 2 } as const;

const INCOMPATIBLE = 'ERR syntax error, MAXLEN and MINID options at the same time are not compatible';
const NEGATIVE_LENGTH = 'ERR The MAXLEN argument must be >= 0.';
const NEGATIVE_LIMIT = 'ERR The LIMIT argument must be >= 0.';
const LIMIT_WITHOUT_STRATEGY = 'ERR syntax error, LIMIT cannot be used without specifying a trimming strategy';
const NO_STRATEGY = 'ERR syntax error, XTRIM must be called with a trimming strategy';
const LIMIT_WITHOUT_TILDE = 'ERR syntax error, LIMIT cannot be used without the special ~ option';

/** Nodes that approximate trimming takes at most when no limit is given, and what bounds their entries. */
const DEFAULT_NODES = 100;
const DEFAULT_ENTRIES = 10_000;
const MOST_ENTRIES = 1_000_000;

/** What was asked for; one object, reused for every request. */
export class TrimOptions {
  /** One of `TrimBy`. */
  by = 0;
  maxLength = 0;
  readonly minId: StreamId = new StreamId();
  /** Whole nodes only. */
  approximate = false;
  /** Argument of the length or the id. */
  #threshold = 0;
  /** Entries at most; NaN: not given. */
  #limit = NaN;

  reset(): void {
    this.by = TrimBy.nothing;
    this.approximate = false;
    this.#limit = NaN;
  }

  /**
   * Reads the option at argument `i`: answers the last argument that belongs to it, `i - 1` when it is no option of
   * trimming, -1 when it is wrong: then the error is written.
   */
  parse(ctx: CommandContext, i: number): number {
    if (i + 1 >= ctx.argc) return i - 1;
    if (ctx.is(i, 'MAXLEN')) return this.#parseThreshold(ctx, i, TrimBy.length);
    if (ctx.is(i, 'MINID')) return this.#parseThreshold(ctx, i, TrimBy.id);
    if (!ctx.is(i, 'LIMIT')) return i - 1;
    this.#limit = ctx.integer(i + 1);
    if (this.#limit >= 0) return i + 1;
    ctx.reply.error(Number.isNaN(this.#limit) ? errors.notInteger : NEGATIVE_LIMIT);
    return -1;
  }

  #parseThreshold(ctx: CommandContext, option: number, by: number): number {
    if (this.by !== TrimBy.nothing) {
      ctx.reply.error(INCOMPATIBLE);
      return -1;
    }
    this.by = by;
    let i = option + 1;
    this.approximate = false;
    if (i + 1 < ctx.argc && ctx.length(i) === 1) {
      const operator = ctx.bytes[ctx.offset(i)];
      this.approximate = operator === 0x7e;
      if (operator === 0x7e || operator === 0x3d) i++;
    }
    this.#threshold = i;
    if (by === TrimBy.id) return parseStrictStreamId(ctx, i, this.minId, MissingSequence.zero) ? i : -1;
    this.maxLength = ctx.integer(i);
    if (this.maxLength >= 0) return i;
    ctx.reply.error(Number.isNaN(this.maxLength) ? errors.notInteger : NEGATIVE_LENGTH);
    return -1;
  }

  /** Whether the options go together; else the error is written. @param required there must be one (XTRIM) */
  check(ctx: CommandContext, required: boolean): boolean {
    if (this.by === TrimBy.nothing && (this.#limit > 0 || required)) {
      ctx.reply.error(this.#limit > 0 ? LIMIT_WITHOUT_STRATEGY : NO_STRATEGY);
      return false;
    }
    // What is loaded was exact when it was logged, and still carries its limit.
    if (!Number.isNaN(this.#limit) && !this.approximate && !ctx.keyspace.loading) {
      ctx.reply.error(LIMIT_WITHOUT_TILDE);
      return false;
    }
    return true;
  }

  /** Trims the stream of key argument 1; answers how many entries went. @param counts whether they count as changes */
  run(ctx: CommandContext, h: number, counts: boolean): number {
    const { streams } = ctx.keyspace;
    const limit = this.#entriesAtMost(ctx);
    const deleted =
      this.by === TrimBy.length
        ? streams.trimToLength(h, this.maxLength, this.approximate, limit)
        : streams.trimToId(h, this.minId, this.approximate, limit);
    if (deleted > 0) ctx.changed(1, EventClass.stream, 'xtrim', counts ? deleted : 0);
    return deleted;
  }

  #entriesAtMost(ctx: CommandContext): number {
    if (!this.approximate || ctx.keyspace.loading) return 0;
    if (!Number.isNaN(this.#limit)) return this.#limit;
    const entries = DEFAULT_NODES * ctx.keyspace.streamNodeMaxEntries;
    return entries <= 0 ? DEFAULT_ENTRIES : Math.min(entries, MOST_ENTRIES);
  }

  /**
   * Writes argument `i` of the request as part of an effect: where trimming was approximate, it is repeated exactly, down to
   * what is left in the stream.
   */
  effectArgument(ctx: CommandContext, h: number, i: number): void {
    if (this.by === TrimBy.nothing || !this.approximate || i < this.#threshold - 1 || i > this.#threshold) {
      ctx.effectArgument(i);
    } else if (i < this.#threshold) {
      ctx.effectText('=');
    } else if (this.by === TrimBy.length) {
      ctx.effectInteger(ctx.keyspace.streams.length(h));
    } else {
      if (ctx.keyspace.streams.length(h) === 0) first.setMax();
      else ctx.keyspace.streams.firstWrittenId(h, first);
      effectStreamId(ctx, first);
    }
  }
}

const first = new StreamId();
