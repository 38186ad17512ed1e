/**
 * Inline commands: a line of text, as a person types it into `nc`, split into arguments.
 *
 * The quoting rules are those of Redis's `sdssplitargs` (7.0), which its configuration file uses too:
 * - blanks (space, \t \n \v \f \r) part arguments; inside an argument \v and \f are ordinary;
 * - "…" knows \n \r \t \b \a \xHH, and backslash before any other byte is that byte;
 * - '…' knows only \';
 * - quotes may open in the middle of an argument, but end it when they close: a closing quote
 *   must be followed by a blank or by the end of the line.
 *
 * A line without quotes is not copied: its arguments are offsets into the line itself.
 */
import { growArguments, type Request } from './request.js';

const BACKSLASH = 0x5c;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;

/**
 * Splits `bytes[start, end)` (one line without its line end) into the arguments of `request`.
 *
 * Fills `bytes`, `argc`, `offsets`, `lengths`; `argc` is 0 for a blank line. Unescaped arguments lie in a
 * buffer made for this line.
 *
 * @returns false when the quotes are unbalanced: then `request` has no meaning.
 */
export function splitInlineCommand(bytes: Uint8Array, start: number, end: number, request: Request): boolean {
  for (let i = start; i < end; i++) {
    const c = bytes[i]!;
    if (c === DOUBLE_QUOTE || c === SINGLE_QUOTE) return splitQuoted(bytes, start, end, request);
  }
  request.bytes = bytes;
  request.argc = 0;
  let i = start;
  for (;;) {
    while (i < end && isSpace(bytes[i]!)) i++;
    if (i >= end) return true;
    const from = i;
    while (i < end && !endsArgument(bytes[i]!)) i++;
    addArgument(request, from, i - from);
  }
}

/** The same where quotes occur: arguments are unescaped into a buffer as long as the line, which they cannot outgrow. */
function splitQuoted(bytes: Uint8Array, start: number, end: number, request: Request): boolean {
  const out = new Uint8Array(end - start);
  request.bytes = out;
  request.argc = 0;
  let at = 0;
  let i = start;
  for (;;) {
    while (i < end && isSpace(bytes[i]!)) i++;
    if (i >= end) return true;
    const from = at;
    let open = 0;
    for (;;) {
      if (i >= end) {
        if (open !== 0) return false;
        break;
      }
      const c = bytes[i++]!;
      if (open === 0) {
        if (endsArgument(c)) break;
        if (c === DOUBLE_QUOTE || c === SINGLE_QUOTE) open = c;
        else out[at++] = c;
      } else if (c === open) {
        if (i < end && !isSpace(bytes[i]!)) return false;
        break;
      } else if (c !== BACKSLASH || i >= end) {
        out[at++] = c;
      } else if (open === SINGLE_QUOTE) {
        if (bytes[i] === SINGLE_QUOTE) out[at++] = bytes[i++]!;
        else out[at++] = c;
      } else {
        const escaped = bytes[i++]!;
        const high = escaped === 0x78 && i + 1 < end ? hexDigit(bytes[i]!) : -1;
        const low = high >= 0 ? hexDigit(bytes[i + 1]!) : -1;
        if (low >= 0) {
          out[at++] = (high << 4) | low;
          i += 2;
        } else {
          out[at++] = unescape(escaped);
        }
      }
    }
    addArgument(request, from, at - from);
  }
}

function addArgument(request: Request, offset: number, length: number): void {
  if (request.argc === request.offsets.length) growArguments(request);
  request.offsets[request.argc] = offset;
  request.lengths[request.argc] = length;
  request.argc++;
}

/** C's `isspace` in the C locale. */
function isSpace(c: number): boolean {
  return c === 0x20 || (c >= 0x09 && c <= 0x0d);
}

function endsArgument(c: number): boolean {
  return c === 0x20 || c === 0x0d || c === 0x0a || c === 0x09 || c === 0;
}

function hexDigit(c: number): number {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const lower = c | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function unescape(c: number): number {
  switch (c) {
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    case 0x62:
      return 0x08;
    case 0x61:
      return 0x07;
    default:
      return c;
  }
}
