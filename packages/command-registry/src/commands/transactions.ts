/** MULTI, EXEC, DISCARD, WATCH, UNWATCH; what they do is in `transactions.ts` of this package. */
import type { Registry } from '../registry.js';

export function registerTransactions(registry: Registry): void {
  registry.register('multi', (ctx) => ctx.transactions.begin(ctx));
  registry.register('exec', (ctx) => ctx.transactions.exec(ctx));
  registry.register('discard', (ctx) => ctx.transactions.discard(ctx));
  registry.register('watch', (ctx) => ctx.transactions.watch(ctx));
  registry.register('unwatch', (ctx) => {
    ctx.transactions.watched.unwatch(ctx.session);
    ctx.reply.ok();
  });
}
