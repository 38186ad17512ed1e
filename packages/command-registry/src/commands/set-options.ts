/**
 * What follows the value of SET and the key of GETEX: when the key shall expire, and the conditions.
 *
 * Filled by `parse`, reused for every request.
 */
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';

/** How the time was given. */
export const ExpiryForm = { none: 0, ex: 1, px: 2, exat: 3, pxat: 4 } as const;

export class SetOptions {
  onlyNew = false;
  onlyExisting = false;
  get = false;
  keepTtl = false;
  persist = false;
  /** One of `ExpiryForm`. */
  form: number = ExpiryForm.none;
  /** Argument with the time. */
  timeArgument = 0;

  /** Reads the options from argument `from` on. False: they are not valid, and the error is written. */
  parse(ctx: CommandContext, from: number, forGetex: boolean): boolean {
    this.#clear();
    for (let i = from; i < ctx.argc; i++) {
      const form = this.#formOf(ctx, i);
      if (form !== ExpiryForm.none) {
        const taken = this.form !== ExpiryForm.none && this.form !== form;
        if (taken || this.keepTtl || this.persist || i + 1 >= ctx.argc) return this.#refuse(ctx);
        this.form = form;
        this.timeArgument = ++i;
      } else if (!(forGetex ? this.#getexWord(ctx, i) : this.#setWord(ctx, i))) {
        return this.#refuse(ctx);
      }
    }
    return true;
  }

  #clear(): void {
    this.onlyNew = false;
    this.onlyExisting = false;
    this.get = false;
    this.keepTtl = false;
    this.persist = false;
    this.form = ExpiryForm.none;
  }

  #formOf(ctx: CommandContext, i: number): number {
    if (ctx.is(i, 'EX')) return ExpiryForm.ex;
    if (ctx.is(i, 'PX')) return ExpiryForm.px;
    if (ctx.is(i, 'EXAT')) return ExpiryForm.exat;
    return ctx.is(i, 'PXAT') ? ExpiryForm.pxat : ExpiryForm.none;
  }

  #setWord(ctx: CommandContext, i: number): boolean {
    if (ctx.is(i, 'NX')) {
      this.onlyNew = true;
      return !this.onlyExisting;
    }
    if (ctx.is(i, 'XX')) {
      this.onlyExisting = true;
      return !this.onlyNew;
    }
    if (ctx.is(i, 'GET')) {
      this.get = true;
      return true;
    }
    if (!ctx.is(i, 'KEEPTTL')) return false;
    this.keepTtl = true;
    return this.form === ExpiryForm.none;
  }

  #getexWord(ctx: CommandContext, i: number): boolean {
    if (!ctx.is(i, 'PERSIST')) return false;
    this.persist = true;
    return this.form === ExpiryForm.none;
  }

  #refuse(ctx: CommandContext): boolean {
    ctx.reply.error(errors.syntax);
    return false;
  }
}

const MAX_INT64 = 9223372036854775807n;

/**
 * The time in argument `i` as ms since epoch, a bigint beyond 2^53; -1 when it is not valid: then the error is written.
 * `relative`: it counts from now; `seconds`: it is given in seconds.
 */
export function expiryTime(ctx: CommandContext, i: number, seconds: boolean, relative: boolean): number | bigint {
  const value = ctx.integer(i);
  if (Number.isNaN(value)) {
    ctx.reply.error(errors.notInteger);
    return -1;
  }
  const base = relative ? ctx.keyspace.now : 0;
  if (value > 0 && value < 4e12) return value * (seconds ? 1000 : 1) + base;
  const exact = (ctx.bigInteger(i) ?? 0n) * (seconds ? 1000n : 1n);
  if (exact <= 0n || exact > MAX_INT64 - BigInt(base)) {
    ctx.reply.error(errors.invalidExpireTime(ctx.command.name));
    return -1;
  }
  return exact + BigInt(base);
}
