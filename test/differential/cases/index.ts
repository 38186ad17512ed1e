// All families of cases. A new family is a file beside this one and a line here.
import type { Case } from '../steps.js';
import { connection } from './connection.js';
import { generic } from './generic.js';
import { hashes } from './hashes.js';
import { protocol } from './protocol.js';
import { server } from './server.js';
import { strings } from './strings.js';
import { lists } from './lists.js';
import { blocking } from './blocking.js';
import { sets } from './sets.js';
import { sortedSets } from './sorted-sets.js';
import { sortedSetAlgebra } from './sorted-set-algebra.js';
import { geo } from './geo.js';
import { streams } from './streams.js';
import { streamGroups } from './stream-groups.js';
import { bitmaps } from './bitmaps.js';
import { hyperLogLog } from './hyperloglog.js';
import { hashExpiry } from './hash-expiry.js';
import { sort } from './sort.js';

/** What tells of data: its effects and events are compared too. */
export const dataFamilies = {
  strings,
  hashes,
  lists,
  blocking,
  sets,
  sortedSets,
  sortedSetAlgebra,
  geo,
  streams,
  streamGroups,
  bitmaps,
  hyperLogLog,
  sort,
  generic,
} as const satisfies Record<string, readonly Case[]>;

export const families = {
  ...dataFamilies,
  // Not for effects and events: the reference has none of these.
  hashExpiry,
  connection,
  server,
  protocol,
} as const satisfies Record<string, readonly Case[]>;
