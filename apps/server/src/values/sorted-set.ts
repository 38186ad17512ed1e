import type { ServerValue } from './value.js';

const missing = (): never => {
  throw new Error('not there yet');
};

export const sortedSetValue: ServerValue = { write: missing, digest: missing };
