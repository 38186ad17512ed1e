import type { ClaimValue } from './audit.fixture.js';
import { SetEncoding } from './sets.js';

/** Claims the blocks of a value; see `audit`. */
export const claimSet: ClaimValue = (space, claims, record) => {
  const value = space.records.word(record, 0);
  if (space.records.encoding(record) !== SetEncoding.dictionary) {
    claims.claim(value, space.sets.encodingName(record));
    return;
  }
  for (const member of claims.dictionary(space.volatile, value, 'members')) claims.claim(member, 'member');
};
