import { describe } from 'vitest';
import { families } from './cases/index.js';
import { protocolRaw } from './cases/protocol.js';
import { describeMasks, runCases, runRawCases, withServers } from './kit.js';

console.info(describeMasks());

withServers(
  'the reference and our server give the same replies',
  (pair) => {
    for (const [family, cases] of Object.entries(families)) {
      describe(family, () => runCases(pair, cases));
    }
    describe('bytes on the wire', () => runRawCases(pair, protocolRaw));
  },
  {},
  ['7.0', '8.0'],
);
