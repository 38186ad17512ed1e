import type { ClaimValue } from './audit.fixture.js';
import { OrderedIndex } from './ordered-index.js';
import { SortedSetEncoding } from './sorted-sets.js';

/** Claims the blocks of a value; see `audit`. */
export const claimSortedSet: ClaimValue = (space, claims, record) => {
  const value = space.records.word(record, 0);
  if (space.records.encoding(record) === SortedSetEncoding.listpack) {
    claims.claim(value, 'listpack');
    return;
  }
  const index = new OrderedIndex(space.arena, space.records);
  claims.claim(value, 'index');
  const members = new Set(
    claims.dictionary(space.volatile, space.arena.i32[value >>> 19]![(value & 0x7ffff) << 1]!, 'members'),
  );
  for (const member of members) claims.claim(member, 'member');
  index.forEachNode(value, (node, height) => {
    claims.claim(node, 'node of an index');
    if (height > 0) return;
    for (let i = 0; i < index.entries(node); i++) {
      if (!members.delete(index.record(node, i))) throw new Error('the index has what the dictionary has not');
    }
  });
  if (members.size > 0) throw new Error('the dictionary has what the index has not');
};
