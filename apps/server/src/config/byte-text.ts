// Values of parameters are bytes: a password may be anything. They are kept as text, so that names, paths and messages
// need no second form; a byte that is no UTF-8 becomes a lone surrogate (U+DC80 to U+DCFF), which no decoded text has,
// and goes back to the same byte.

const LONE = 0xdc00;
const REPLACEMENT = '\ufffd';
/** With the flag `u`, the halves of a pair do not match. */
const LONE_SURROGATE = /([\udc80-\udcff])/u;

/** UTF-8, and what is none of it as lone surrogates. */
export function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = buffer.toString('utf8');
  if (!text.includes(REPLACEMENT)) return text;
  let result = '';
  for (let i = 0; i < buffer.length;) {
    const sequence = buffer.subarray(i, i + sequenceLength(buffer[i]!));
    const decoded = sequence.toString('utf8');
    const isText = sequence.equals(Buffer.from(decoded, 'utf8'));
    result += isText ? decoded : String.fromCharCode(LONE + buffer[i]!);
    i += isText ? sequence.length : 1;
  }
  return result;
}

/** The bytes that `textOf` made a text of. */
export function bytesOf(text: string): Buffer {
  if (!LONE_SURROGATE.test(text)) return Buffer.from(text, 'utf8');
  const parts = text.split(LONE_SURROGATE);
  const isByte = (i: number): boolean => i % 2 === 1;
  return Buffer.concat(
    parts.map((part, i) => (isByte(i) ? Buffer.from([part.charCodeAt(0) - LONE]) : Buffer.from(part, 'utf8'))),
  );
}

/** Bytes of a character that begins with `lead`; 1 for what begins none. */
function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}
