import type { ClaimValue } from './audit.fixture.js';

/** Claims the blocks of a value; see `audit`. */
export const claimStream: ClaimValue = () => {
  throw new Error('not there yet');
};
