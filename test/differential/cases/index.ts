// All families of cases. A new family is a file beside this one and a line here.
import type { Case } from '../steps.js';
import { connection } from './connection.js';
import { generic } from './generic.js';
import { hashes } from './hashes.js';
import { protocol } from './protocol.js';
import { server } from './server.js';
import { strings } from './strings.js';

export const families = {
  strings,
  hashes,
  generic,
  connection,
  server,
  protocol,
} as const satisfies Record<string, readonly Case[]>;
