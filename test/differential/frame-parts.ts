// What masks take replies apart with.
import { encodeFrame, withItems, withText, type Frame } from './raw-frame.js';

export const sorted = (frame: Frame): Frame =>
  withItems(
    frame,
    [...(frame.items ?? [])].sort((a, b) => (encodeFrame(a) < encodeFrame(b) ? -1 : 1)),
  );

/** Neighbors of a map, or of a flat array of pairs. */
export function pairsOf(frame: Frame): (readonly [Frame, Frame])[] {
  const items = frame.items ?? [];
  return items.flatMap((item, i) => {
    const value = items[i + 1];
    return i % 2 === 0 && value ? [[item, value] as const] : [];
  });
}

/** The text of a reply, or its line. */
export const textOf = (frame: Frame): string => frame.body ?? frame.header;

/** Removes the pairs of a map (or flat array of pairs) whose key is listed. */
export function withoutPairs(frame: Frame, names: ReadonlySet<string>): Frame {
  if (!frame.items) return frame;
  return withItems(
    frame,
    pairsOf(frame)
      .filter(([key]) => !names.has(textOf(key)))
      .flat(),
  );
}

/** Keeps the shape of a reply: types and counts, every text and number replaced. */
export function shape(frame: Frame): Frame {
  if (frame.items) return { ...frame, items: frame.items.map(shape) };
  if (frame.body !== undefined) return withText(frame, '?');
  return ':,(+-'.includes(frame.type) ? { ...frame, header: '?' } : frame;
}

/** Pairs in the order of their bytes. */
export function sortedPairs(frame: Frame): Frame {
  const pairs = pairsOf(frame).sort(([a], [b]) => (encodeFrame(a) < encodeFrame(b) ? -1 : 1));
  return withItems(frame, pairs.flat());
}

export function sortedElements(frame: Frame): Frame {
  return frame.items ? sorted(frame) : frame;
}
