// Whether a user's selectors allow a request: its command, its keys by the command's key specs, its channels.
//
// This runs before every request of a user with limits, so it allocates nothing: keys are found at most once per
// request, into a list that is used again. One object serves all users, since nothing in here calls back.

import { type Command, commandIndex, findKeys, KeyPositions } from '@clone/command-registry';
import type { Request } from '@clone/resp-codec';
import type { Selector } from './selector.js';

/** What is denied; of several selectors the one that came farthest is reported, as in Redis. */
export const Verdict = {
  allowed: 0,
  command: 1,
  key: 2,
  channel: 3,
} as const;

/** Which arguments are channels. */
const Channels = {
  none: 0,
  first: 1,
  all: 2,
  allPatterns: 3,
} as const;

/** By command index. Leaving channels is always allowed. */
const channelsOf = new Uint8Array(1024);
channelsOf[commandIndex('publish')] = Channels.first;
channelsOf[commandIndex('spublish')] = Channels.first;
channelsOf[commandIndex('subscribe')] = Channels.all;
channelsOf[commandIndex('ssubscribe')] = Channels.all;
channelsOf[commandIndex('psubscribe')] = Channels.allPatterns;

export class AccessCheck {
  /** Index of the argument that was denied, when it was a key or a channel. */
  deniedAt = 0;
  readonly #keys = new KeyPositions();
  #keysFound = false;

  /**
   * @param first index of the argument that is the command's name: 0, unless the request quotes another command
   * @returns one of `Verdict`
   */
  check(selectors: readonly Selector[], command: Command, request: Request, first = 0): number {
    this.#keysFound = false;
    let verdict: number = Verdict.command;
    let at = 0;
    for (let i = 0; i < selectors.length; i++) {
      this.deniedAt = 0;
      const each = this.#checkOne(selectors[i]!, command, request, first);
      if (each === Verdict.allowed) return each;
      if (each > verdict || (each === verdict && this.deniedAt > at)) {
        verdict = each;
        at = this.deniedAt;
      }
    }
    this.deniedAt = at;
    return verdict;
  }

  /** Whether one of the selectors allows a request and, besides, reading keys of any name. */
  readsAllKeys(selectors: readonly Selector[], command: Command, request: Request): boolean {
    this.#keysFound = false;
    return selectors.some(
      (selector) => selector.keys.readsAll && this.#checkOne(selector, command, request, 0) === Verdict.allowed,
    );
  }

  #checkOne(selector: Selector, command: Command, request: Request, first: number): number {
    if (!selector.commands.allows(command, request, first)) return Verdict.command;
    if (!selector.keys.all && command.hasKeys && !this.#checkKeys(selector, command, request, first))
      return Verdict.key;
    if (!selector.channels.all) {
      const channels = channelsOf[command.index]!;
      if (channels > Channels.none && !this.#checkChannels(selector, channels, request, first)) return Verdict.channel;
    }
    return Verdict.allowed;
  }

  #checkKeys(selector: Selector, command: Command, request: Request, first: number): boolean {
    const keys = this.#keys;
    if (!this.#keysFound) findKeys(command, request, keys, first);
    this.#keysFound = true;
    for (let i = 0; i < keys.count; i++) {
      const at = keys.indexes[i]!;
      if (selector.keys.allows(request.bytes, request.offsets[at]!, request.lengths[at]!, keys.flags[i]!)) continue;
      this.deniedAt = at;
      return false;
    }
    return true;
  }

  #checkChannels(selector: Selector, channels: number, request: Request, first: number): boolean {
    const end = channels === Channels.first ? first + 2 : request.argc;
    const arePatterns = channels === Channels.allPatterns;
    for (let at = first + 1; at < end; at++) {
      if (selector.channels.allows(request.bytes, request.offsets[at]!, request.lengths[at]!, arePatterns)) continue;
      this.deniedAt = at;
      return false;
    }
    return true;
  }
}
