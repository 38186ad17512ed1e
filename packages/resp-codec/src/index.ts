export { DEFAULT_REQUEST_LIMITS, NEED_MORE, PROTOCOL_ERROR, REQUEST, RequestParser } from './request-parser.js';
export type { RequestLimits } from './request-parser.js';
export { Request } from './request.js';
export { splitInlineCommand } from './inline-command.js';
export { ReplyWriter } from './reply-writer.js';
export { formatDouble, integerLength, parseBigInteger, parseFloat64, parseInteger, writeInteger } from './numbers.js';
