/**
 * Ranges of sorted sets: how requests name them (by rank, by score, by member, with LIMIT), and which ranks those are in
 * a given set. All ranges become ranks, for which the store needs O(log n), so that the length of a reply is known before
 * its first element.
 */
import type { ByteView, SortedSetCursor } from '@clone/core-store';
import { type ReplyWriter, parseFloat64 } from '@clone/resp-codec';
import type { CommandContext } from '../context.js';
import { latin1 } from '../context.js';
import { errors } from '../errors.js';

const NOT_A_FLOAT = 'ERR min or max is not a float';
const NOT_A_LEX_ITEM = 'ERR min or max not valid string range item';
const LIMIT_BY_RANK = 'ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX';
const WITHSCORES_BY_LEX = 'ERR syntax error, WITHSCORES not supported in combination with BYLEX';

const OPEN_PARENTHESIS = 0x28;
const OPEN_BRACKET = 0x5b;
const MINUS = 0x2d;
const PLUS = 0x2b;

/** Replies with a score. Integers, the usual ones, do not become strings on the way. */
export function replyScore(reply: ReplyWriter, score: number): void {
  if (reply.protocol === 2 && Number.isSafeInteger(score) && (score !== 0 || 1 / score > 0)) reply.bulkInteger(score);
  else reply.double(score);
}

/** Replies with a member, or with it and its score: RESP3 nests such a pair in an array. */
export function replyMember(
  reply: ReplyWriter,
  member: Parameters<ReplyWriter['bulkFrom']>[0],
  score: number,
  withScores: boolean,
): void {
  if (withScores && reply.protocol === 3) reply.array(2);
  reply.bulkFrom(member);
  if (withScores) replyScore(reply, score);
}

/**
 * One end of a range of scores as C's `strtod` reads it, from `offset` on; NaN when it is none. More is a number here
 * than in ZADD: nothing at all is 0, blanks may come first, what is too great is infinite, a zero byte ends the text.
 */
function boundOf(bytes: Uint8Array, offset: number, length: number): number {
  const plain = parseFloat64(bytes, offset, length);
  if (plain === plain) return plain;
  const text = latin1(bytes, offset, length).split('\0', 1)[0]!;
  if (text === '') return 0;
  const number = text.replace(/^[ \t-\r]+/, '');
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(number)) return Number(number);
  const trimmed = Uint8Array.from(number, (c) => c.charCodeAt(0));
  return parseFloat64(trimmed, 0, trimmed.length);
}

/** Members that are counted one by one rather than by their ranks. */
const FEW = 64;

/** What a range is measured in. */
export const RangeBy = { auto: 0, rank: 1, score: 2, lex: 3 } as const;

/**
 * A range as a request gives it; an object is reused for every request. After `parse…` and `resolve`, the range has
 * `count` members: the one with rank `first` and those after it or, if `reverse`, before it.
 */
export class SortedSetRange {
  by = 0;
  reverse = false;
  withScores = false;

  first = 0;
  count = 0;

  #start = 0;
  #end = 0;
  #offset = 0;
  #limit = -1;
  #min = 0;
  #max = 0;
  #minExclusive = false;
  #maxExclusive = false;
  /** Arguments with the ends of a range of members. */
  #minArgument = 0;
  #maxArgument = 0;

  /**
   * Reads `min max [BYSCORE|BYLEX] [REV] [LIMIT offset count] [WITHSCORES]` from argument `from` on. False: they are not
   * valid, and the error is written.
   * @param by one of `RangeBy`; `auto`: the options say, else it is by rank
   * @param reverse undefined: the options say
   * @param store there is no WITHSCORES
   */
  parse(ctx: CommandContext, from: number, by: number, reverse: boolean | undefined, store: boolean): boolean {
    this.by = by;
    this.reverse = reverse ?? false;
    this.withScores = false;
    this.#offset = 0;
    this.#limit = -1;
    for (let i = from + 2; i < ctx.argc; i++) {
      if (!store && ctx.is(i, 'WITHSCORES')) {
        this.withScores = true;
      } else if (i + 2 < ctx.argc && ctx.is(i, 'LIMIT')) {
        this.#offset = ctx.integer(i + 1);
        this.#limit = ctx.integer(i + 2);
        if (Number.isNaN(this.#offset + this.#limit)) return refuse(ctx, errors.notInteger);
        i += 2;
      } else if (reverse === undefined && !this.reverse && ctx.is(i, 'REV')) {
        this.reverse = true;
      } else if (this.by === RangeBy.auto && ctx.is(i, 'BYLEX')) {
        this.by = RangeBy.lex;
      } else if (this.by === RangeBy.auto && ctx.is(i, 'BYSCORE')) {
        this.by = RangeBy.score;
      } else {
        return refuse(ctx, errors.syntax);
      }
    }
    if (this.by === RangeBy.auto) this.by = RangeBy.rank;
    if (this.#limit !== -1 && this.by === RangeBy.rank) return refuse(ctx, LIMIT_BY_RANK);
    if (this.withScores && this.by === RangeBy.lex) return refuse(ctx, WITHSCORES_BY_LEX);
    if (this.by === RangeBy.rank) return this.#parseRanks(ctx, from);
    const min = this.reverse ? from + 1 : from;
    return this.#parseEnds(ctx, min, from + from + 1 - min);
  }

  /** Reads `min max` from argument `from` on, as above. @param by one of `RangeBy`, not `auto` */
  parseEnds(ctx: CommandContext, from: number, by: number): boolean {
    this.by = by;
    this.reverse = false;
    this.#offset = 0;
    this.#limit = -1;
    return by === RangeBy.rank ? this.#parseRanks(ctx, from) : this.#parseEnds(ctx, from, from + 1);
  }

  #parseRanks(ctx: CommandContext, from: number): boolean {
    this.#start = ctx.integer(from);
    this.#end = ctx.integer(from + 1);
    return Number.isNaN(this.#start + this.#end) ? refuse(ctx, errors.notInteger) : true;
  }

  #parseEnds(ctx: CommandContext, min: number, max: number): boolean {
    const { bytes, offsets, lengths } = ctx.request;
    if (this.by === RangeBy.lex) {
      this.#minArgument = min;
      this.#maxArgument = max;
      return isLexItem(ctx, min) && isLexItem(ctx, max) ? true : refuse(ctx, NOT_A_LEX_ITEM);
    }
    const minOpen = lengths[min]! > 0 && bytes[offsets[min]!] === OPEN_PARENTHESIS ? 1 : 0;
    const maxOpen = lengths[max]! > 0 && bytes[offsets[max]!] === OPEN_PARENTHESIS ? 1 : 0;
    this.#min = boundOf(bytes, offsets[min]! + minOpen, lengths[min]! - minOpen);
    this.#max = boundOf(bytes, offsets[max]! + maxOpen, lengths[max]! - maxOpen);
    this.#minExclusive = minOpen === 1;
    this.#maxExclusive = maxOpen === 1;
    return Number.isNaN(this.#min) || Number.isNaN(this.#max) ? refuse(ctx, NOT_A_FLOAT) : true;
  }

  /** Says which members of this set are meant: sets `first` and `count`. */
  resolve(ctx: CommandContext, h: number): void {
    const { sortedSets } = ctx.keyspace;
    const length = sortedSets.length(h);
    let start: number;
    let end: number;
    if (this.by === RangeBy.rank) {
      start = Math.max(0, this.#start < 0 ? this.#start + length : this.#start);
      end = Math.min(length, (this.#end < 0 ? this.#end + length : this.#end) + 1);
      this.count = Math.max(0, end - start);
      this.first = this.reverse ? length - 1 - start : start;
      return;
    }
    if (this.by === RangeBy.score) {
      start = sortedSets.countBelow(h, this.#min, this.#minExclusive);
      end = sortedSets.countBelow(h, this.#max, !this.#maxExclusive);
    } else if (isWalked(ctx, h, length)) {
      this.#walkTo(ctx, h, length);
      return;
    } else {
      start = membersBefore(ctx, h, this.#minArgument, length, false);
      end = membersBefore(ctx, h, this.#maxArgument, length, true);
    }
    const offset = this.#offset;
    const most = offset < 0 ? 0 : Math.max(0, end - start - offset);
    this.count = this.#limit < 0 ? most : Math.min(most, this.#limit);
    this.first = this.reverse ? end - 1 - offset : start + offset;
  }

  /**
   * A range of members in a small set with several scores, where members are not in their own order. Nothing is promised
   * then, but what Redis does with a listpack can be told, and applications lean on it: from the first member that is not
   * below the range it goes on as long as members are not above it, and backwards likewise.
   */
  #walkTo(ctx: CommandContext, h: number, length: number): void {
    const near = this.reverse ? this.#maxArgument : this.#minArgument;
    const far = this.reverse ? this.#minArgument : this.#maxArgument;
    const step = this.reverse ? -1 : 1;
    const walk = ctx.keyspace.sortedSets.walker(h);
    const isWithin = (rank: number, end: number): boolean =>
      walk.seek(rank) && isOnSide(ctx, end, end === this.#maxArgument, walk.member);
    this.count = 0;
    this.first = 0;
    if (isEmptyLexRange(ctx, this.#minArgument, this.#maxArgument)) return;
    if (!isWithin(length - 1, this.#minArgument) || !isWithin(0, this.#maxArgument)) return;
    let rank = this.reverse ? length - 1 : 0;
    while (!isWithin(rank, near)) rank += step;
    if (!isWithin(rank, far) || this.#offset < 0) return;
    rank += step * this.#offset;
    this.first = rank;
    const most = this.#limit < 0 ? length : this.#limit;
    for (; this.count < most && isWithin(rank, far); rank += step) this.count++;
  }

  /**
   * Which members the range has is a matter of how the set is stored: it is one of members, whose scores differ. What it
   * does to the data is then logged by rank, since ranks are the same under any encoding.
   */
  isUncertain(ctx: CommandContext, h: number): boolean {
    return this.by === RangeBy.lex && hasSeveralScores(ctx, h, ctx.keyspace.sortedSets.length(h));
  }

  /** The range by rank, as the last two arguments of an effect. Without members it is one that no set has. */
  effectRanks(ctx: CommandContext): void {
    ctx.effectInteger(this.count > 0 ? this.lowest : 1);
    ctx.effectInteger(this.count > 0 ? this.lowest + this.count - 1 : 0);
  }

  /** The range is by score, from its first member on and of a few: then `seek` finds it without ranks. */
  get isShort(): boolean {
    return this.by === RangeBy.score && this.#offset === 0 && this.#limit >= 0 && this.#limit <= FEW;
  }

  /** Goes to the first member of a short range in a set that is indexed; answers how many there are. */
  seek(walk: SortedSetCursor): number {
    return walk.seekScores(this.#min, this.#minExclusive, this.#max, this.#maxExclusive, this.reverse, this.#limit);
  }

  /** The lowest rank of the range: it is `[lowest, lowest + count)`. */
  get lowest(): number {
    return this.reverse ? this.first - this.count + 1 : this.first;
  }
}

function refuse(ctx: CommandContext, error: string): boolean {
  ctx.reply.error(error);
  return false;
}

/** `-`, `+`, `[member` or `(member`. */
function isLexItem(ctx: CommandContext, i: number): boolean {
  const length = ctx.length(i);
  if (length === 0) return false;
  const offset = ctx.offset(i);
  const c = ctx.bytes[offset];
  if (c === MINUS || c === PLUS) return length === 1 || ctx.bytes[offset + 1] === 0;
  return c === OPEN_BRACKET || c === OPEN_PARENTHESIS;
}

/** How many members come before the end of a range that argument `i` names. */
function membersBefore(ctx: CommandContext, h: number, i: number, length: number, upper: boolean): number {
  const offset = ctx.offset(i);
  const c = ctx.bytes[offset];
  if (c === MINUS) return 0;
  if (c === PLUS) return length;
  const inclusive = c === OPEN_BRACKET;
  return ctx.keyspace.sortedSets.countBefore(h, ctx.bytes, offset + 1, ctx.length(i) - 1, upper === inclusive);
}

/** Whether this is a small set whose members do not all have the same score. */
function isWalked(ctx: CommandContext, h: number, length: number): boolean {
  return !ctx.keyspace.sortedSets.walker(h).isIndexed && hasSeveralScores(ctx, h, length);
}

function hasSeveralScores(ctx: CommandContext, h: number, length: number): boolean {
  const walk = ctx.keyspace.sortedSets.walker(h);
  if (!walk.seek(0)) return false;
  const { score } = walk;
  return walk.seek(length - 1) && walk.score !== score;
}

/** Whether a member is not below the lower end, or not above the upper end, which argument `i` names. */
function isOnSide(ctx: CommandContext, i: number, upper: boolean, member: ByteView): boolean {
  const offset = ctx.offset(i);
  const c = ctx.bytes[offset];
  if (c === MINUS || c === PLUS) return (c === PLUS) === upper;
  const order = compareBytes(member.bytes, member.offset, member.length, ctx.bytes, offset + 1, ctx.length(i) - 1);
  if (order === 0) return c === OPEN_BRACKET;
  return upper ? order < 0 : order > 0;
}

function isEmptyLexRange(ctx: CommandContext, min: number, max: number): boolean {
  const { bytes } = ctx;
  const low = bytes[ctx.offset(min)];
  const high = bytes[ctx.offset(max)];
  if (low === MINUS || high === PLUS) return low === high;
  if (low === PLUS || high === MINUS) return true;
  const at = ctx.offset(min) + 1;
  const order = compareBytes(bytes, at, ctx.length(min) - 1, bytes, ctx.offset(max) + 1, ctx.length(max) - 1);
  return order > 0 || (order === 0 && (low === OPEN_PARENTHESIS || high === OPEN_PARENTHESIS));
}

function compareBytes(a: Uint8Array, ao: number, an: number, b: Uint8Array, bo: number, bn: number): number {
  const common = Math.min(an, bn);
  for (let i = 0; i < common; i++) {
    const difference = a[ao + i]! - b[bo + i]!;
    if (difference !== 0) return difference;
  }
  return an - bn;
}
