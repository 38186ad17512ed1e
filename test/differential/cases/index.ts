// All families of cases. A new family is a file beside this one and a line here.
import type { Case } from '../steps.js';
import { subjectIsReference } from '../subject.js';
import { config } from './config.js';
import { connection } from './connection.js';
import { generic } from './generic.js';
import { hashes } from './hashes.js';
import { protocol } from './protocol.js';
import { command } from './command.js';
import { debug } from './debug.js';
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
import { acl } from './acl.js';
import { slowlogLatency } from './slowlog-latency.js';
import { standalone } from './standalone.js';
import { sort } from './sort.js';
import { transactions, watchedExpiry } from './transactions.js';
import { pubsub } from './pubsub.js';
import { keyspaceNotifications } from './keyspace-notifications.js';
import { monitor } from './monitor.js';
import { clientLimits } from './client-limits.js';
import { tracking } from './tracking.js';
import { hugeCounts } from './huge-counts.js';

type Families = Readonly<Record<string, readonly Case[]>>;

/**
 * Written, and known to be deterministic, before our server has what they ask for: not compared with it until their
 * names are taken off here. `DIFFERENTIAL_FAMILIES=all` runs them too.
 */
const waiting: readonly string[] = [];
const nobodyWaits = subjectIsReference || process.env.DIFFERENTIAL_FAMILIES === 'all';

const allDataFamilies: Families = {
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
  transactions,
};

export const allFamilies: Families = {
  ...allDataFamilies,
  watchedExpiry,
  // Not for effects and events: the reference has none of these.
  hashExpiry,
  pubsub,
  keyspaceNotifications,
  monitor,
  clientLimits,
  tracking,
  hugeCounts,
  config,
  connection,
  acl,
  slowlogLatency,
  command,
  standalone,
  debug,
  server,
  protocol,
};

const thatAreThere = (all: Families): Families =>
  Object.fromEntries(Object.entries(all).filter(([name]) => nobodyWaits || !waiting.includes(name)));

/** What tells of data: its effects and events are compared too. */
export const dataFamilies = thatAreThere(allDataFamilies);

export const families = thatAreThere(allFamilies);
