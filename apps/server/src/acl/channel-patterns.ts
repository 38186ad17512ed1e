// Which channels may be published to and subscribed to: glob patterns, or everything. Who subscribes to a pattern needs
// that very pattern among his own: whether one pattern covers another is not decided.

import { Glob } from '@clone/command-registry';
import { latin1 } from '../latin1.js';
import { type Pattern, Patterns } from './patterns.js';
import { hasSpaces, ruleErrors } from './rule-text.js';

export class ChannelPatterns extends Patterns<Pattern> {
  constructor(all: boolean) {
    super();
    this.all = all;
  }

  clone(): ChannelPatterns {
    return this.copyTo(new ChannelPatterns(false));
  }

  /** @param rule `&pattern`. @returns '' or what is wrong with it */
  add(rule: string): string {
    if (this.all) return ruleErrors.channelsAfterAll;
    if (hasSpaces(rule)) return ruleErrors.syntax;
    const text = rule.slice(1);
    if (!this.#has(text)) this.patterns = [...this.patterns, { text, glob: new Glob(Buffer.from(text, 'latin1')) }];
    return '';
  }

  /** @param isPattern the channel is a pattern that somebody wants to subscribe to */
  allows(bytes: Uint8Array, offset: number, length: number, isPattern: boolean): boolean {
    if (this.all) return true;
    const patterns = this.patterns;
    for (let i = 0; i < patterns.length; i++) {
      const { text, glob } = patterns[i]!;
      if (isPattern ? text === latin1(bytes, offset, length) : glob.matches(bytes, offset, length)) return true;
    }
    return false;
  }

  /** Whether all rules of another are among these: then nobody lost a channel. */
  includes(other: ChannelPatterns): boolean {
    if (this.all) return true;
    return !other.all && other.patterns.every(({ text }) => this.#has(text));
  }

  /** Canonical patterns, without what takes earlier ones away. */
  describe(): string[] {
    return this.all ? ['&*'] : this.patterns.map(({ text }) => `&${text}`);
  }

  #has(text: string): boolean {
    return this.patterns.some((each) => each.text === text);
  }
}
