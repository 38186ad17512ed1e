import type { ClaimValue } from './audit.fixture.js';
import { StreamDirectory } from './stream-directory.js';

/** Claims the blocks of a value; see `audit`. */
export const claimStream: ClaimValue = (space, claims, record) => {
  const directory = new StreamDirectory(space.arena);
  const header = space.records.word(record, 0);
  claims.claim(header, 'stream: header');
  if (directory.block(header) !== 0) claims.claim(directory.block(header), 'stream: directory');
  for (let index = 0; index < directory.count(header); index++) {
    claims.claim(directory.node(header, index), 'stream: node');
  }
};
