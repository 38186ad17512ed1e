/**
 * `maxmemory-clients`: when all clients together hold too much, those that hold most are closed until they do not. Clients
 * with CLIENT NO-EVICT count, but stay.
 */
import type { Client } from './server-context.js';

/** Clients to close, the largest first. @param limit bytes */
export function clientsToEvict<C extends Client>(clients: Iterable<C>, limit: number): readonly C[] {
  let total = 0;
  const sizes: { readonly client: C; readonly memory: number }[] = [];
  for (const client of clients) {
    const { memory } = client;
    total += memory;
    if (!client.session.noEvict) sizes.push({ client, memory });
  }
  if (total <= limit) return [];
  sizes.sort((a, b) => b.memory - a.memory);
  const evicted: C[] = [];
  for (const { client, memory } of sizes) {
    if (total <= limit) break;
    evicted.push(client);
    total -= memory;
  }
  return evicted;
}

/** @param text as the parameter is kept, bytes or a percentage of `maxMemory`; @returns bytes, Infinity for no limit */
export function clientMemoryLimit(text: string, maxMemory: number): number {
  const bytes = text.endsWith('%') ? Math.floor((maxMemory * Number(text.slice(0, -1))) / 100) : Number(text);
  return bytes === 0 ? Infinity : bytes;
}
