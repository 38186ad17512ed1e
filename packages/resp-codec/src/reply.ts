/*
 * What a reply becomes in JavaScript, and the choices that a client has.
 */
import type { ReplyError, StringTooLongError } from './errors.js';

/** A decoded reply. Which members occur is decided by `ReplyFormat`. */
export type Reply =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | VerbatimString
  | ReplyError
  | StringTooLongError
  | Reply[]
  | Set<Reply>
  | Map<Reply, Reply>
  | { [key: string]: Reply };

/** How replies become values. The defaults are named first. */
export interface ReplyFormat {
  /**
   * Bulk and verbatim strings: `string` (UTF-8), `bytes` (a Uint8Array of their own), or `view`: a Uint8Array into the chunk
   * itself, without a copy, for callers that never reuse a chunk (Node's `'data'` events do not). Simple strings and errors are always text.
   */
  readonly bulk: 'string' | 'bytes' | 'view';
  /**
   * RESP3 maps: a `Map`; an `object` without prototype, whose keys are text even when bulk strings are bytes, and which keeps the
   * last of equal keys (a map that has an aggregate as a key, which no Redis sends, is a `Map` then too); or a flat `array` of keys and values as RESP2 has it.
   */
  readonly map: 'map' | 'object' | 'array';
  /** RESP3 sets. */
  readonly set: 'array' | 'set';
  /** Big numbers, and integers outside ±(2^53 − 1): those inside are always numbers. */
  readonly bigInteger: 'bigint' | 'string';
  /** Verbatim strings: as a bulk string, their format dropped, or as a `VerbatimString`. */
  readonly verbatim: 'plain' | 'tagged';
}

/** Options of a `ReplyDecoder`: who takes the values, what they look like, and limits. */
export interface ReplyDecoderOptions extends Partial<ReplyFormat> {
  /** Takes every reply, errors included, in order. */
  readonly onReply: (reply: Reply) => void;
  /** Takes RESP3 pushes, which answer no command. Without it they are dropped. */
  readonly onPush?: ((push: Reply[]) => void) | undefined;
  /**
   * Takes RESP3 attributes, in the shape of maps. One comes before the reply that it annotates; one that stands
   * inside an aggregate comes before that aggregate. Without it they are dropped.
   */
  readonly onAttribute?: ((attribute: Reply) => void) | undefined;
  /** How deep aggregates may nest. Default 128. */
  readonly maxDepth?: number;
  /** How many bytes an incomplete reply may have on the wire while the decoder waits for the rest. Default 1 GiB. */
  readonly maxBuffered?: number;
}

/** A RESP3 verbatim string with its format, `txt` or `mkd`. */
export class VerbatimString {
  readonly format: string;
  readonly value: string | Uint8Array | StringTooLongError;

  constructor(format: string, value: string | Uint8Array | StringTooLongError) {
    this.format = format;
    this.value = value;
  }
}
