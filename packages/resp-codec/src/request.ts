const EMPTY = new Uint8Array(0);

/**
 * One request as the server sees it: argument positions in a buffer that somebody else owns.
 *
 * The bytes stay where they arrived. Whoever wants to keep an argument past the call copies it.
 * One object serves all requests of a connection: reading it costs no allocation.
 *
 * While a request is still incomplete the parser keeps its progress in here: fields mean something
 * only between a `next()` that answered `REQUEST` and the following call to the parser.
 */
export class Request {
  /** The buffer that `offsets` point into. Valid until the parser is asked for the next request. */
  bytes: Uint8Array = EMPTY;
  /** Number of arguments, the command name included. */
  argc = 0;
  /** Offset of each argument in `bytes`; entries from `argc` on are stale. */
  offsets: Int32Array = new Int32Array(16);
  /** Length in bytes of each argument. */
  lengths: Int32Array = new Int32Array(16);
  /** The request as it stood on the wire is `bytes[start, end)`. */
  start = 0;
  end = 0;
  /** True when it came as an inline command: then `bytes[start, end)` is not RESP. */
  inline = false;
}

/** Doubles the room for argument positions, keeping the first `argc`. */
export function growArguments(request: Request): void {
  const offsets = new Int32Array(request.offsets.length * 2);
  offsets.set(request.offsets);
  request.offsets = offsets;
  const lengths = new Int32Array(request.lengths.length * 2);
  lengths.set(request.lengths);
  request.lengths = lengths;
}
