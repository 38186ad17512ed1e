/**
 * Entries of streams as replies: `[id, [field, value, …]]`.
 */
import type { StreamIterator } from '@clone/core-store';
import type { ReplyWriter } from '@clone/resp-codec';
import { replyStreamId } from './stream-ids.js';

/** The entry that the iterator stands on. */
export function replyEntry(reply: ReplyWriter, entry: StreamIterator): void {
  const { field, value } = entry;
  reply.array(2);
  replyStreamId(reply, entry.id);
  reply.array(entry.fields * 2);
  while (entry.nextField()) {
    reply.bulkFrom(field);
    reply.bulkFrom(value);
  }
}

/** An array of the entries to come, at most `count` (0: all); answers how many. */
export function replyEntries(reply: ReplyWriter, entries: StreamIterator, count: number): number {
  const token = reply.beginDeferred();
  let n = 0;
  while ((count === 0 || n < count) && entries.next()) {
    replyEntry(reply, entries);
    n++;
  }
  reply.endDeferredArray(token, n);
  return n;
}
