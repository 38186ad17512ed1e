/*
 * RESP2 and RESP3, for both ends of a connection. Where to begin reading:
 *   a server's side: request-parser.ts (bytes to `Request`s, with inline-command.ts) and reply-writer.ts, on numbers.ts;
 *   a client's side: encoder.ts, and decoder.ts, which stands on line-reader.ts, chunk-strings.ts (where the time goes),
 *     cut-payload.ts and open-aggregates.ts; reply.ts has the values and options;
 *   between them: frame-scanner.ts.
 */
export { DEFAULT_REQUEST_LIMITS, NEED_MORE, PROTOCOL_ERROR, REQUEST, RequestParser } from './request-parser.js';
export type { RequestLimits } from './request-parser.js';
export { Request } from './request.js';
export { splitInlineCommand } from './inline-command.js';
export { type ByteSource, REPLY_PIECE, type ReplyLimit, type ReplyPiece, ReplyWriter } from './reply-writer.js';
export { formatDouble } from './format-double.js';
export { formatDouble17, integerLength, parseBigInteger, parseFloat64, parseInteger, writeInteger } from './numbers.js';
export { encodeCommand, CommandEncoder } from './encoder.js';
export type { CommandArgument } from './encoder.js';
export { ReplyDecoder } from './decoder.js';
export { VerbatimString } from './reply.js';
export type { Reply, ReplyDecoderOptions, ReplyFormat } from './reply.js';
export { ProtocolError, ReplyError, StringTooLongError } from './errors.js';
export type { ProtocolErrorReason } from './errors.js';
export { FrameScanner } from './frame-scanner.js';
export type { FrameScannerOptions } from './frame-scanner.js';
export { addLongDoubles, formatLongDouble, longDoubleAdd, longDoubleOf, parseLongDouble } from './long-double.js';
export type { LongDouble } from './long-double.js';
