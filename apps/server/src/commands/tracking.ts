// Client-side caching: CLIENT TRACKING and what belongs to it. `tracking/` does the work.

import { errors, type CommandContext, type Registry } from '@clone/command-registry';
import { latin1 } from '../latin1.js';
import type { ServerContext } from '../server-context.js';
import { findOverlap } from '../tracking/prefixes.js';
import type { Tracker, TrackingOptions } from '../tracking/tracker.js';

const OTHER_MODE = 'before disabling tracking for this client, and then re-enabling it with a different mode.';
const MUST_NOT_OVERLAP = 'Prefixes for a single client must not overlap.';

export function register(registry: Registry, server: ServerContext): void {
  registry.register('client|tracking', (ctx) => switchTracking(ctx, server));
  registry.register('client|caching', (ctx) => caching(ctx, server.tracking.trackerOf(ctx.session)));
  registry.register('client|trackinginfo', (ctx) => info(ctx, server.tracking.trackerOf(ctx.session)));
  registry.register('client|getredir', (ctx) => ctx.reply.integer(ctx.session.tracking?.redirection ?? -1));
}

interface Wanted {
  readonly options: TrackingOptions;
  readonly prefixes: readonly string[];
}

function switchTracking(ctx: CommandContext, server: ServerContext): void {
  const { reply, session } = ctx;
  const wanted = readOptions(ctx, server);
  if (wanted === undefined) return;
  if (ctx.is(2, 'ON')) {
    const refusal = refusalOf(wanted, server.tracking.trackerOf(session));
    if (refusal !== '') {
      reply.error(refusal);
      return;
    }
    const client = server.clients.get(session.id);
    if (client !== undefined) server.tracking.switchOn(client, wanted.options, wanted.prefixes);
  } else if (ctx.is(2, 'OFF')) {
    server.tracking.switchOff(session);
  } else {
    reply.error(errors.syntax);
    return;
  }
  reply.ok();
}

/** What the arguments ask for; undefined after an error reply. */
function readOptions(ctx: CommandContext, server: ServerContext): Wanted | undefined {
  let isBroadcast = false;
  let optIn = false;
  let optOut = false;
  let noLoop = false;
  let redirection = 0;
  const prefixes: string[] = [];
  for (let i = 3; i < ctx.argc; i++) {
    const hasMore = i + 1 < ctx.argc;
    if (ctx.is(i, 'REDIRECT') && hasMore) {
      i++;
      const id = ctx.bigInteger(i);
      let refusal = '';
      if (redirection !== 0) refusal = 'ERR A client can only redirect to a single other client';
      else if (id === undefined) refusal = errors.notInteger;
      else if (!server.clients.has(Number(id))) refusal = 'ERR The client ID you want redirect to does not exist';
      if (refusal !== '') {
        ctx.reply.error(refusal);
        return undefined;
      }
      redirection = Number(id);
    } else if (ctx.is(i, 'PREFIX') && hasMore) {
      i++;
      prefixes.push(latin1(ctx.bytes, ctx.offset(i), ctx.length(i)));
    } else if (ctx.is(i, 'BCAST')) isBroadcast = true;
    else if (ctx.is(i, 'OPTIN')) optIn = true;
    else if (ctx.is(i, 'OPTOUT')) optOut = true;
    else if (ctx.is(i, 'NOLOOP')) noLoop = true;
    else {
      ctx.reply.error(errors.syntax);
      return undefined;
    }
  }
  return { options: { isBroadcast, optIn, optOut, noLoop, redirection }, prefixes };
}

/** Why a client cannot track in this way; '': it can. */
function refusalOf({ options, prefixes }: Wanted, tracker: Tracker | undefined): string {
  const { isBroadcast, optIn, optOut } = options;
  if (!isBroadcast && prefixes.length > 0) return 'ERR PREFIX option requires BCAST mode to be enabled';
  if (tracker !== undefined && tracker.isBroadcast !== isBroadcast) {
    return `ERR You can't switch BCAST mode on/off ${OTHER_MODE}`;
  }
  if (isBroadcast && (optIn || optOut)) return 'ERR OPTIN and OPTOUT are not compatible with BCAST';
  if (optIn && optOut) return "ERR You can't specify both OPTIN mode and OPTOUT mode";
  if (tracker !== undefined && ((optIn && tracker.optOut) || (optOut && tracker.optIn))) {
    return `ERR You can't switch OPTIN/OPTOUT mode ${OTHER_MODE}`;
  }
  const overlap = findOverlap(tracker?.prefixes ?? new Set(), prefixes);
  if (overlap === undefined) return '';
  const which = overlap.isExisting ? 'an existing' : 'another provided';
  return `ERR Prefix '${shown(overlap.prefix)}' overlaps with ${which} prefix '${shown(overlap.other)}'. ${MUST_NOT_OVERLAP}`;
}

/** As Redis shows it: up to a zero byte. */
function shown(prefix: string): string {
  const zero = prefix.indexOf('\0');
  return zero < 0 ? prefix : prefix.slice(0, zero);
}

function caching(ctx: CommandContext, tracker: Tracker | undefined): void {
  const { reply } = ctx;
  if (tracker === undefined) {
    reply.error(
      'ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled',
    );
    return;
  }
  const yes = ctx.is(2, 'YES');
  if (!yes && !ctx.is(2, 'NO')) {
    reply.error(errors.syntax);
  } else if (yes && !tracker.optIn) {
    reply.error('ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.');
  } else if (!yes && !tracker.optOut) {
    reply.error('ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.');
  } else {
    tracker.isExceptional = true;
    reply.ok();
  }
}

function info(ctx: CommandContext, tracker: Tracker | undefined): void {
  const { reply } = ctx;
  const flags = tracker === undefined ? ['off'] : flagsOf(tracker);
  reply.map(3);
  reply.bulkLatin1('flags');
  reply.set(flags.length);
  for (const flag of flags) reply.bulkLatin1(flag);
  reply.bulkLatin1('redirect');
  reply.integer(tracker?.redirection ?? -1);
  reply.bulkLatin1('prefixes');
  const prefixes = [...(tracker?.prefixes ?? [])].sort();
  reply.array(prefixes.length);
  for (const prefix of prefixes) reply.bulkLatin1(prefix);
}

function flagsOf(tracker: Tracker): string[] {
  const flags = ['on'];
  if (tracker.isBroadcast) flags.push('bcast');
  if (tracker.optIn) flags.push('optin');
  if (tracker.optIn && tracker.isExceptional) flags.push('caching-yes');
  if (tracker.optOut) flags.push('optout');
  if (tracker.optOut && tracker.isExceptional) flags.push('caching-no');
  if (tracker.noLoop) flags.push('noloop');
  if (tracker.isBroken) flags.push('broken_redirect');
  return flags;
}
