/**
 * Streams.
 */
import type { Handle } from './arena.js';
import type { ValueHost } from './value-host.js';
import type { ValueOperations } from './value-type.js';

const missing = (): never => {
  throw new Error('streams are not there yet');
};

export class Streams implements ValueOperations {
  constructor(host: ValueHost) {
    void host;
  }

  encodingName(): string {
    return 'stream';
  }

  freeValue: (record: Handle) => void = missing;

  detachCopy: (record: Handle) => void = missing;

  memory: (record: Handle) => number = missing;
}
