const encoder = new TextEncoder();

/**
 * Text as the three arguments that methods take for bytes: `db.setString(...utf8('key'), ...utf8('value'), false)`.
 * Allocates: for callers that have strings. Who has bytes passes them as they are.
 */
export function utf8(text: string): readonly [bytes: Uint8Array, offset: number, length: number] {
  const bytes = encoder.encode(text);
  return [bytes, 0, bytes.length];
}
