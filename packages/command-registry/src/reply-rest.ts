import type { ReplyWriter } from '@clone/resp-codec';

/**
 * What is left of a reply that may be far longer than its request and the data: it is made in slices, each once the client has taken
 * those before it, so that neither other clients nor the memory feel its length.
 *
 * It owns all that it needs: between two slices others change the data, and the reply is what it would have been at once.
 */
export interface ReplyRest {
  /** Bytes that it holds. */
  readonly memory: number;
  /** Appends some of what is left, one element at least. @returns whether that was all */
  write(reply: ReplyWriter): boolean;
}

/** A slice ends when it has so many bytes. */
export const REPLY_SLICE = 256 * 1024;
