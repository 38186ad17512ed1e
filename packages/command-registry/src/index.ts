/**
 * Commands as data, their dispatch, and the commands that need nothing but the keyspace.
 *
 * In reading order: `command.ts` says what a command is, `table/` holds the facts of all of them, `registry.ts` the
 * commands of one server, found by `command-table.ts`. `dispatcher.ts` takes a request to its handler and its effect
 * to the feed (`effects.ts`); `context.ts` is what the handler sees, `session.ts` who asked. `commands/` has one file
 * per family.
 */
import { registerCommand } from './commands/command.js';
import { registerConnection } from './commands/connection.js';
import { registerCounters } from './commands/counters.js';
import { registerExpire } from './commands/expire.js';
import { registerHashWalks } from './commands/hash-walks.js';
import { registerHashes } from './commands/hashes.js';
import { registerKeys } from './commands/keys.js';
import { registerLcs } from './commands/lcs.js';
import { registerObject } from './commands/object.js';
import { registerScan } from './commands/scan.js';
import { registerStringRanges } from './commands/string-ranges.js';
import { registerStrings } from './commands/strings.js';
import { registerLists } from './commands/lists.js';
import { registerSets } from './commands/sets.js';
import { registerSortedSets } from './commands/sorted-sets.js';
import { registerSortedSetAlgebra } from './commands/sorted-set-algebra.js';
import { registerGeo } from './commands/geo.js';
import { registerStreams } from './commands/streams.js';
import { registerStreamGroups } from './commands/stream-groups.js';
import { registerBitmaps } from './commands/bitmaps.js';
import { registerHyperLogLog } from './commands/hyperloglog.js';
import { registerHashExpiry } from './commands/hash-expiry.js';
import { registerSort } from './commands/sort.js';
import { registerBlockingLists } from './commands/blocking-lists.js';
import { registerTransactions } from './commands/transactions.js';
import { registerWait } from './commands/wait.js';
import type { Registry } from './registry.js';

export { AclCategory, Command, CommandFlag, KeyFlag } from './command.js';
export type { BeginSearch, CommandFacts, FindKeys, Handler, KeySpec } from './command.js';
export { BlockedClients } from './blocking.js';
export type { BlockingHost, BlockOptions } from './blocking.js';
export { CommandContext } from './context.js';
export { copyRequest } from './copy-request.js';
export { Dispatcher } from './dispatcher.js';
export type { DispatcherOptions } from './dispatcher.js';
export { EffectBuffer } from './effects.js';
export type { EffectArgument, EffectFeed } from './effects.js';
export { replyHelp } from './commands/help.js';
export { errors } from './errors.js';
export { Glob, globMatch, matchesEverything } from './glob.js';
export { findKeys, keyFlagNames, KeyPositions } from './keyspecs.js';
export { LatencyHistogram } from './latency-histogram.js';
export { KeyIndex } from './key-index.js';
export { KeyObservers } from './key-observers.js';
export type { Permissions } from './permissions.js';
export { Registry } from './registry.js';
export type { ServerServices } from './services.js';
export type { ReplyRest } from './reply-rest.js';
export { ReplyMode, Session } from './session.js';
export type { KeyTracking, SessionOptions, Subscriptions } from './session.js';
export { commandFacts, commandIndex, parseFacts } from './table/command-facts.js';

/** Registers every command of this package: all that need nothing but the keyspace and `ServerServices`. */
export function registerDataCommands(registry: Registry): void {
  registerConnection(registry);
  registerCommand(registry);
  registerKeys(registry);
  registerExpire(registry);
  registerScan(registry);
  registerObject(registry);
  registerStrings(registry);
  registerCounters(registry);
  registerStringRanges(registry);
  registerLcs(registry);
  registerHashes(registry);
  registerHashWalks(registry);
  registerLists(registry);
  registerSets(registry);
  registerSortedSets(registry);
  registerSortedSetAlgebra(registry);
  registerGeo(registry);
  registerStreams(registry);
  registerStreamGroups(registry);
  registerBitmaps(registry);
  registerHyperLogLog(registry);
  registerHashExpiry(registry);
  registerSort(registry);
  registerBlockingLists(registry);
  registerWait(registry);
  registerTransactions(registry);
}
