// redis.conf splits and quotes its lines by the rules of inline commands; this is their form for text.

import { Request, splitInlineCommand } from '@clone/resp-codec';
import { bytesOf, textOf } from './byte-text.js';

/** The words of `line`, or undefined when its quotes are unbalanced. */
export function splitArguments(line: string): string[] | undefined {
  const bytes = bytesOf(line);
  const request = new Request();
  if (!splitInlineCommand(bytes, 0, bytes.length, request)) return undefined;
  return Array.from({ length: request.argc }, (_, i) => {
    const offset = request.offsets[i]!;
    return textOf(request.bytes.subarray(offset, offset + request.lengths[i]!));
  });
}

const ESCAPES: Readonly<Record<number, string>> = {
  0x07: '\\a',
  0x08: '\\b',
  0x09: '\\t',
  0x0a: '\\n',
  0x0d: '\\r',
  0x22: '\\"',
  0x5c: '\\\\',
};

/** `text` in double quotes so that `splitArguments` reads it back; bytes outside printable ASCII become \xHH. */
export function quoteArgument(text: string): string {
  let quoted = '"';
  for (const byte of bytesOf(text)) {
    const printable =
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
    quoted += ESCAPES[byte] ?? printable;
  }
  return quoted + '"';
}
