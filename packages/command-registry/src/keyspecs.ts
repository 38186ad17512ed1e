/**
 * Which arguments of a request are keys, derived from the command's key specs: for COMMAND GETKEYS, ACL, cluster slots
 * and scripts.
 *
 * Most commands are described by their specs. Five are not, because keywords may stand anywhere or the options decide
 * what happens to the key; they have a function of their own (`OVERRIDES`).
 *
 * An ACL user's key patterns are looked at for every request, so finding keys allocates nothing: the caller brings the
 * list that they go into, and there is one `Arguments`, since nothing here calls back.
 */
import type { Command, CommandFacts, KEYS_BY_OPTIONS, KeySpec } from './command.js';
import { CommandFlag, KeyFlag } from './command.js';
import { parseInteger, Request } from '@clone/resp-codec';
import { FOLD } from './command-table.js';

const READ = KeyFlag.RO | KeyFlag.access;
const OVERWRITE = KeyFlag.OW | KeyFlag.update;
const READ_WRITE = KeyFlag.RW | KeyFlag.access | KeyFlag.update;
const MOVE = KeyFlag.RW | KeyFlag.access | KeyFlag.delete;

/** A command inside a request: its name is argument `first`, so that COMMAND GETKEYS can look at its own arguments. */
class Arguments {
  argc = 0;
  #request: Request = new Request();
  #first = 0;

  set(request: Request, first: number): void {
    this.#request = request;
    this.#first = first;
    this.argc = request.argc - first;
  }

  length(i: number): number {
    return this.#request.lengths[this.#first + i]!;
  }

  /** NaN when it is not an integer. */
  integer(i: number): number {
    return parseInteger(this.#request.bytes, this.#request.offsets[this.#first + i]!, this.length(i));
  }

  /** Whether argument `i` is this word in any case. */
  is(i: number, word: string): boolean {
    if (this.length(i) !== word.length) return false;
    const offset = this.#request.offsets[this.#first + i]!;
    for (let k = 0; k < word.length; k++) {
      if (FOLD[this.#request.bytes[offset + k]!] !== FOLD[word.charCodeAt(k)]) return false;
    }
    return true;
  }
}

const args = new Arguments();

/** The keys of a request; to be used again for the next one. */
export class KeyPositions {
  count = 0;
  /** Argument indexes in the request; the first `count` are valid. */
  readonly indexes: number[] = [];
  /** Bits of `KeyFlag` of each. */
  readonly flags: number[] = [];

  clear(): void {
    this.count = 0;
  }

  add(index: number, flags: number): void {
    this.indexes[this.count] = index;
    this.flags[this.count] = flags;
    this.count++;
  }
}

/**
 * Puts the keys of a request into `keys`, in the order of the specs; none when it has none, or when its arguments do not fit.
 *
 * @param first index of the argument that is the command's name: 0, unless the request quotes another command
 */
export function findKeys(command: Command, request: Request, keys: KeyPositions, first = 0): void {
  const only = first + command.onlyKey;
  if (only === first || only >= request.argc) {
    searchKeys(command.facts, request, keys, first);
    return;
  }
  // Nearly all commands: the key is where it always is.
  keys.clear();
  keys.add(only, command.facts.keySpecs[0]!.flags);
}

/** The same by the key specs and the options, for any command. */
export function searchKeys(facts: CommandFacts, request: Request, keys: KeyPositions, first = 0): void {
  keys.clear();
  args.set(request, first);
  const override = OVERRIDES[facts.name];
  const fits = override === undefined ? findBySpecs(facts, keys) : override(keys);
  if (!fits) keys.clear();
  if (first !== 0) for (let i = 0; i < keys.count; i++) keys.indexes[i]! += first;
}

/** Names of the bits of `KeyFlag`, in their order. */
export function keyFlagNames(flags: number): string[] {
  return Object.entries(KeyFlag)
    .filter(([, bit]) => (flags & bit) !== 0)
    .map(([name]) => name);
}

function findBySpecs(facts: CommandFacts, keys: KeyPositions): boolean {
  for (const spec of facts.keySpecs) {
    if ((spec.flags & KeyFlag.not_key) !== 0) continue;
    const begin = beginOf(spec);
    if (begin === 0) continue;
    if (begin < 0 || !addKeys(spec, begin, keys)) return false;
  }
  return keys.count > 0 || (facts.flags & CommandFlag.no_mandatory_keys) !== 0;
}

/** First argument to look at: 0 when the keyword is not there, -1 when it cannot be known. */
function beginOf({ begin }: KeySpec): number {
  switch (begin.type) {
    case 'index':
      return begin.index;
    case 'keyword': {
      const forward = begin.startFrom > 0;
      const last = args.argc - 1;
      // The keyword cannot be the last argument, seen in the direction of the search.
      if (forward) {
        for (let i = begin.startFrom; i < last; i++) if (args.is(i, begin.keyword)) return i + 1;
      } else {
        for (let i = args.argc + begin.startFrom; i > 1; i--) if (args.is(i, begin.keyword)) return i + 1;
      }
      return 0;
    }
    case 'unknown':
      return -1;
  }
}

function addKeys({ find, flags }: KeySpec, begin: number, keys: KeyPositions): boolean {
  const { argc } = args;
  let first = begin;
  let last: number;
  switch (find.type) {
    case 'range':
      if (find.lastKey >= 0) last = first + find.lastKey;
      else if (find.limit === 0) last = argc + find.lastKey;
      else last = first + Math.floor((argc - first) / find.limit) + find.lastKey;
      break;
    case 'keynum': {
      const at = first + find.keyNumIndex;
      const count = at < argc ? args.integer(at) : NaN;
      if (!(count >= 0)) return false;
      first += find.firstKey;
      last = first + (count - 1) * find.step;
      if (count === 0) return true;
      break;
    }
    case 'unknown':
      return false;
  }
  if (last >= argc || last < first || first >= argc) return false;
  for (let i = first; i <= last; i += find.step) keys.add(i, flags);
  return true;
}

/** Fills in the keys; answers whether the arguments made sense. */
type Override = (keys: KeyPositions) => boolean;

const BY_OPTIONS: Readonly<Record<(typeof KEYS_BY_OPTIONS)[number], Override>> = {
  set: (keys) => {
    let reads = false;
    for (let i = 3; i < args.argc; i++) reads ||= args.is(i, 'get');
    keys.add(1, reads ? READ_WRITE : OVERWRITE);
    return true;
  },

  bitfield: (keys) => {
    keys.add(1, bitfieldOnlyReads() ? READ : READ_WRITE);
    return true;
  },

  // BY and GET take key patterns, which are no keys that could be named beforehand; of several STORE the last counts.
  sort: (keys) => {
    keys.add(1, READ);
    let store = 0;
    for (let i = 2; i < args.argc; i++) {
      if (args.is(i, 'limit')) i += 2;
      else if (args.is(i, 'by') || args.is(i, 'get')) i += 1;
      else if (args.is(i, 'store') && i + 1 < args.argc) store = i + 1;
    }
    if (store > 0) keys.add(store, OVERWRITE);
    return true;
  },

  sort_ro: (keys) => {
    keys.add(1, READ);
    return true;
  },

  // Either the key in its place or, with an empty string there, all after KEYS.
  migrate: (keys) => {
    for (let i = 6; i < args.argc; i++) {
      if (args.is(i, 'auth')) i += 1;
      else if (args.is(i, 'auth2')) i += 2;
      else if (args.is(i, 'keys')) {
        if (args.length(3) > 0) return false;
        for (let k = i + 1; k < args.argc; k++) keys.add(k, MOVE);
        return true;
      }
    }
    keys.add(3, MOVE);
    return true;
  },
};

const OVERRIDES: Readonly<Record<string, Override | undefined>> = BY_OPTIONS;

function bitfieldOnlyReads(): boolean {
  for (let i = 2; i < args.argc;) {
    const left = args.argc - i - 1;
    if (args.is(i, 'get') && left >= 2) i += 3;
    else if (args.is(i, 'overflow') && left >= 1) i += 2;
    else return false;
  }
  return true;
}
