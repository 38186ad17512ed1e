// Which channels may be published to and subscribed to: glob patterns, or everything. Who subscribes to a pattern needs
// that very pattern among his own: whether one pattern covers another is not decided.

import { globMatch } from '@clone/command-registry';
import { hasSpaces, ruleErrors } from './rule-text.js';

export class ChannelPatterns {
  all: boolean;
  #patterns: readonly Buffer[] = [];

  constructor(all: boolean) {
    this.all = all;
  }

  clone(): ChannelPatterns {
    const copy = new ChannelPatterns(this.all);
    copy.#patterns = this.#patterns;
    return copy;
  }

  allowAll(): void {
    this.all = true;
    this.#patterns = [];
  }

  allowNone(): void {
    this.all = false;
    this.#patterns = [];
  }

  /** @param rule `&pattern`. @returns '' or what is wrong with it */
  add(rule: string): string {
    if (this.all) return ruleErrors.channelsAfterAll;
    if (hasSpaces(rule)) return ruleErrors.syntax;
    const pattern = Buffer.from(rule.slice(1), 'latin1');
    if (!this.#has(pattern)) this.#patterns = [...this.#patterns, pattern];
    return '';
  }

  /** @param isPattern the channel is a pattern that somebody wants to subscribe to */
  allows(bytes: Uint8Array, offset: number, length: number, isPattern: boolean): boolean {
    if (this.all) return true;
    const patterns = this.#patterns;
    for (let i = 0; i < patterns.length; i++) {
      const pattern = patterns[i]!;
      if (isPattern) {
        if (pattern.length === length && pattern.compare(bytes, offset, offset + length) === 0) return true;
      } else if (globMatch(pattern, 0, pattern.length, bytes, offset, length)) {
        return true;
      }
    }
    return false;
  }

  /** Whether all rules of another are among these: then nobody lost a channel. */
  includes(other: ChannelPatterns): boolean {
    if (this.all) return true;
    return !other.all && other.#patterns.every((pattern) => this.#has(pattern));
  }

  /** Canonical patterns, without what takes earlier ones away. */
  describe(): string[] {
    return this.all ? ['&*'] : this.#patterns.map((pattern) => `&${pattern.toString('latin1')}`);
  }

  #has(pattern: Buffer): boolean {
    return this.#patterns.some((each) => each.equals(pattern));
  }
}
