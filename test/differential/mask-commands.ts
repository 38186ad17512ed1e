// COMMAND INFO and COMMAND DOCS, made comparable: what has no order is sorted, texts are hidden, and so is by name what
// Redis 7.2 says otherwise than 7.0.
import { pairsOf, shape, sorted, sortedPairs, textOf, withoutPairs } from './frame-parts.js';
import { withItems, withText, type Frame } from './raw-frame.js';

const subcommandsOf72 = new Set(['client|setinfo', 'client|no-touch', 'cluster|myshardid']);

// ── COMMAND INFO ──────────────────────────────────────────────────────────────────────────────────────────────────────

const arityOf72 = new Set(['command|getkeys', 'command|getkeysandflags', 'zrank', 'zrevrank']);
const flagsOf72 = new Set([
  // Scripts may call them: they do not block there.
  ...['blmove', 'blpop', 'brpop', 'brpoplpush', 'bzpopmax', 'bzpopmin', 'wait'],
  ...['cluster|shards', 'cluster|slots'],
]);
const tipsOf72 = new Set([
  ...['acl|deluser', 'acl|save', 'acl|setuser', 'client|setname', 'config|resetstat', 'config|rewrite'],
  ...['latency|reset', 'msetnx', 'randomkey', 'scan'],
]);

/** One entry of COMMAND INFO: flags, categories, tips and subcommands have no order; subcommands are entries too. */
export function commandEntry(frame: Frame): Frame {
  if (!frame.items) return frame;
  const name = textOf(frame.items[0] ?? frame);
  const items = frame.items.map((item, i): Frame => {
    if (i === 1) return arityOf72.has(name) ? shape(item) : item;
    if (i === 2) return flagsOf72.has(name) ? shape(withItems(item, [])) : sorted(item);
    if (i === 6) return sorted(item);
    if (i === 7) return tipsOf72.has(name) ? withItems(item, []) : sorted(item);
    if (i === 8) return withItems(item, (item.items ?? []).map(keySpec));
    return i === 9 ? sorted(withItems(item, commonSubcommands(item))) : item;
  });
  return withItems(frame, items);
}

function commonSubcommands(frame: Frame): Frame[] {
  const entries = (frame.items ?? []).filter((entry) => !subcommandsOf72.has(textOf(entry.items?.[0] ?? entry)));
  return entries.map(commandEntry);
}

function keySpec(frame: Frame): Frame {
  const plain = withoutPairs(frame, new Set(['notes']));
  const items = pairsOf(plain).flatMap(([key, value]) => [key, textOf(key) === 'flags' ? sorted(value) : value]);
  return withItems(plain, items);
}

// ── COMMAND DOCS ──────────────────────────────────────────────────────────────────────────────────────────────────────

// Arguments that 7.2 groups in another way, that are new, or that 7.0 forgot.
const argumentsOf72 = new Set([
  ...['bgsave', 'bitop', 'client|kill', 'client|list', 'command|getkeys', 'command|getkeysandflags', 'config|get'],
  ...['geohash', 'geopos', 'georadius', 'georadiusbymember', 'hscan', 'migrate', 'module|loadex', 'pfmerge'],
  ...['psubscribe', 'shutdown', 'xinfo|stream', 'zrank', 'zrevrank'],
]);
// 7.0 says 2.9.50, which was no release.
const versionOf72 = new Set(['client|pause']);
const historyOf72 = new Set([
  ...['acl|log', 'georadius_ro', 'georadiusbymember', 'georadiusbymember_ro', 'xinfo|consumers', 'xinfo|stream'],
  ...['zrank', 'zrevrank'],
]);
const deprecatedOnlyIn72 = new Set(['setnx', 'setex', 'psetex', 'quit']);
const deprecation = new Set(['doc_flags', 'deprecated_since', 'replaced_by']);

/** COMMAND DOCS: a map from commands to what is said of them. */
export function docs(frame: Frame): Frame {
  if (!frame.items) return frame;
  const items = pairsOf(frame).flatMap(([key, value]) => {
    const command = textOf(key);
    if (subcommandsOf72.has(command)) return [];
    return [
      key,
      withItems(
        value,
        pairsOf(value).flatMap(([name, fact]) => documented(command, name, fact)),
      ),
    ];
  });
  return sortedPairs(withItems(frame, items));
}

function documented(command: string, name: Frame, fact: Frame): Frame[] {
  const what = textOf(name);
  if (deprecatedOnlyIn72.has(command) && deprecation.has(what)) return [];
  switch (what) {
    case 'summary':
    case 'complexity':
      return [name, shape(fact)];
    case 'since':
      return [name, versionOf72.has(command) ? shape(fact) : fact];
    case 'history':
      return historyOf72.has(command) ? [] : [name, versionsOf(fact)];
    case 'arguments':
      return argumentsOf72.has(command) ? [] : [name, argumentsOf(fact)];
    case 'subcommands':
      return [name, sortedPairs(docs(fact))];
    default:
      return [name, fact];
  }
}

/** A history without what changed: versions alone. */
function versionsOf(history: Frame): Frame {
  const versionOf = (entry: Frame): Frame => {
    const [version, ...change] = entry.items ?? [];
    return withItems(entry, [...(version ? [version] : []), ...change.map(shape)]);
  };
  return withItems(history, (history.items ?? []).map(versionOf));
}

/** Many names, and the case of tokens, are others in 7.2; `display_text` is new there. */
function argumentsOf(args: Frame): Frame {
  const items = (args.items ?? []).map((arg) => {
    const plain = withoutPairs(arg, new Set(['display_text']));
    const facts = pairsOf(plain).flatMap(([name, fact]) => {
      switch (textOf(name)) {
        case 'name':
          return [name, shape(fact)];
        case 'token':
          return [name, withText(fact, textOf(fact).toUpperCase())];
        case 'arguments':
          return [name, argumentsOf(fact)];
        default:
          return [name, fact];
      }
    });
    return withItems(plain, facts);
  });
  return withItems(args, items);
}
