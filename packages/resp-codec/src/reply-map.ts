/*
 * RESP3 maps arrive as keys and values in turn; here they take the shape that the client asked for.
 */
import { decodeUtf8 } from './platform.js';
import { type Reply, type ReplyFormat, VerbatimString } from './reply.js';

/** @param items keys and values in turn; taken over, not copied, where the shape is `array`. */
export function mapOf(items: Reply[], shape: ReplyFormat['map']): Reply {
  if (shape === 'array') return items;
  if (shape === 'map') return asMap(items);
  const object = Object.create(null) as Record<string, Reply>;
  for (let i = 0; i < items.length; i += 2) {
    const key = keyText(items[i]!);
    if (key === undefined) return asMap(items);
    object[key] = items[i + 1]!;
  }
  return object;
}

function asMap(items: readonly Reply[]): Map<Reply, Reply> {
  const map = new Map<Reply, Reply>();
  for (let i = 0; i < items.length; i += 2) map.set(items[i]!, items[i + 1]!);
  return map;
}

/** The property name for a key; undefined for an aggregate, which has none. */
function keyText(key: Reply): string | undefined {
  if (typeof key === 'string') return key;
  if (key instanceof Uint8Array) return decodeUtf8(key, 0, key.length);
  if (key instanceof VerbatimString) return keyText(key.value);
  return typeof key === 'object' && key !== null ? undefined : String(key);
}
