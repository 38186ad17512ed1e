import type { ClaimValue } from './audit.fixture.js';
import { entryBytes } from './listpack.js';

/** Claims the blocks of a value, and checks links, counts and bounds; see `audit`. */
export const claimList: ClaimValue = ({ arena, records }, claims, record) => {
  const word = (h: number, index: number): number => arena.i32[h >>> 19]![((h & 0x7ffff) << 1) + index]!;
  let previous = 0;
  let count = 0;
  for (let node = records.word(record, 0); node !== 0; node = word(node, 0)) {
    claims.claim(node, 'list node');
    const [start, end, capacity] = [word(node, 3), word(node, 4), word(node, 5)];
    if (word(node, 1) !== previous) throw new Error('list node: wrong previous');
    if (capacity !== arena.sizeOf(node)) throw new Error('list node: wrong capacity');
    if (start < 24 || end > capacity) throw new Error('list node: entries out of bounds');
    const at = (node & 0x7ffff) << 3;
    let entries = 0;
    let p = at + start;
    for (; p < at + end; entries++) p += entryBytes(arena.u8[node >>> 19]!, p);
    if (p !== at + end) throw new Error('list node: the last entry is cut');
    if (entries === 0 || entries !== word(node, 2)) throw new Error(`list node: counts ${word(node, 2)} of ${entries}`);
    count += entries;
    previous = node;
  }
  if (records.word(record, 1) !== previous) throw new Error('list: wrong tail');
  if (records.word(record, 2) !== count) throw new Error(`list: counts ${records.word(record, 2)} of ${count}`);
  if (records.encoding(record) === 0 && records.word(record, 0) !== previous) throw new Error('listpack of two nodes');
};
