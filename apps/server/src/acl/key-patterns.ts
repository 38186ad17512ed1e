// Which keys may be read and written: glob patterns, or everything.

import { Glob, KeyFlag } from '@clone/command-registry';
import { type Pattern, Patterns } from './patterns.js';
import { hasSpaces, ruleErrors } from './rule-text.js';

const READ = 1;
const WRITE = 2;
const READ_WRITE = READ | WRITE;

const WRITES = KeyFlag.insert | KeyFlag.update | KeyFlag.delete;

interface KeyPattern extends Pattern {
  /** Bits of READ and WRITE. */
  readonly access: number;
}

export class KeyPatterns extends Patterns<KeyPattern> {
  clone(): KeyPatterns {
    return this.copyTo(new KeyPatterns());
  }

  /** @param rule `~pattern` or `%RW~pattern`, any of the two letters. @returns '' or what is wrong with it */
  add(rule: string): string {
    if (this.all) return ruleErrors.keysAfterAll;
    const parsed = parse(rule);
    if (parsed === undefined || hasSpaces(parsed.text)) return ruleErrors.syntax;
    const at = this.patterns.findIndex(({ text }) => text === parsed.text);
    if (at < 0) {
      this.patterns = [...this.patterns, { ...parsed, glob: new Glob(Buffer.from(parsed.text, 'latin1')) }];
    } else {
      this.patterns = this.patterns.map((each, i) =>
        i === at ? { ...each, access: each.access | parsed.access } : each,
      );
    }
    return '';
  }

  /** Whether a key may be used so. @param flags bits of `KeyFlag`: what the command does with it */
  allows(bytes: Uint8Array, offset: number, length: number, flags: number): boolean {
    if (this.all) return true;
    const wanted = ((flags & KeyFlag.access) !== 0 ? READ : 0) | ((flags & WRITES) !== 0 ? WRITE : 0);
    const patterns = this.patterns;
    for (let i = 0; i < patterns.length; i++) {
      const pattern = patterns[i]!;
      if ((pattern.access & wanted) === wanted && pattern.glob.matches(bytes, offset, length)) return true;
    }
    return false;
  }

  /** Whether any key may be read, whatever its name. */
  get readsAll(): boolean {
    return this.all || this.patterns.some(({ text, access }) => text === '*' && (access & READ) !== 0);
  }

  /** Canonical rules, in the order in which they came. */
  describe(): string[] {
    if (this.all) return ['~*'];
    return this.patterns.map(({ text, access }) => PREFIXES[access]! + text);
  }
}

const PREFIXES = ['', '%R~', '%W~', '~'];

function parse(rule: string): { text: string; access: number } | undefined {
  if (rule.startsWith('~')) return { text: rule.slice(1), access: READ_WRITE };
  let access = 0;
  let i = 1;
  for (; i < rule.length && rule[i] !== '~'; i++) {
    const letter = rule[i]!.toUpperCase();
    const bit = letter === 'R' ? READ : letter === 'W' ? WRITE : 0;
    if (bit === 0 || (access & bit) !== 0) return undefined;
    access |= bit;
  }
  // As in Redis, `%R` without a pattern is the empty pattern.
  return access === 0 ? undefined : { text: rule.slice(i + 1), access };
}
