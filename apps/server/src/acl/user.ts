// A user: who may log in, and with what; and what he may do then, in selectors.

import { hashPassword, includesHash, isPasswordHash } from './password.js';
import { beforeZero, hasSpaces, joinSelectors, lowerCase, ruleErrors, UnmatchedParenthesis } from './rule-text.js';
import { Selector } from './selector.js';

/** What new users and selectors start with. */
export interface UserDefaults {
  /** `acl-pubsub-default`. */
  readonly allChannels: boolean;
}

export class User {
  /** One character per byte. */
  readonly name: string;
  readonly #defaults: UserDefaults;
  enabled = false;
  /** Any password will do. */
  noPassword = false;
  #sanitizesPayload = true;
  /** Hashes. */
  #passwords: readonly string[] = [];
  /** The root first. */
  #selectors: readonly Selector[];

  /** One who may do nothing. */
  constructor(name: string, defaults: UserDefaults) {
    this.name = name;
    this.#defaults = defaults;
    this.#selectors = [Selector.create(defaults.allChannels)];
  }

  /** The user that every connection begins as, and who may do everything until told otherwise. */
  static createDefault(defaults: UserDefaults): User {
    const user = new User('default', defaults);
    for (const rule of ['+@all', '~*', '&*', 'on', 'nopass']) user.apply(rule);
    return user;
  }

  static isName(text: string): boolean {
    return !hasSpaces(text);
  }

  /** Takes over everything of another but the name. */
  become(other: User): void {
    this.enabled = other.enabled;
    this.noPassword = other.noPassword;
    this.#sanitizesPayload = other.#sanitizesPayload;
    this.#passwords = other.#passwords;
    this.#selectors = other.#selectors.map((selector) => selector.clone());
  }

  get root(): Selector {
    return this.#selectors[0]!;
  }

  get selectors(): readonly Selector[] {
    return this.#selectors;
  }

  get passwords(): readonly string[] {
    return this.#passwords;
  }

  /** Logging in needs no password. */
  get isOpen(): boolean {
    return this.enabled && this.noPassword;
  }

  /** Nothing needs to be checked. */
  get mayDoEverything(): boolean {
    return this.#selectors.some((selector) => selector.allowsEverything);
  }

  /** @param hash of the password that was given */
  accepts(hash: string): boolean {
    return this.enabled && (this.noPassword || includesHash(this.#passwords, hash));
  }

  /**
   * Applies the words of ACL SETUSER or of a `user` line; those before one that is wrong have been applied.
   * @returns undefined, or which one is wrong, and why
   */
  applyAll(
    words: readonly string[],
  ): { readonly rule: string; readonly error: string } | UnmatchedParenthesis | undefined {
    const rules = joinSelectors(words);
    if (rules instanceof UnmatchedParenthesis) return rules;
    for (const rule of rules) {
      const error = this.apply(rule);
      if (error !== '') return { rule, error };
    }
    return undefined;
  }

  /** Applies one rule, a selector being one. @returns '' or what is wrong with it */
  apply(rule: string): string {
    if (rule === '') return '';
    switch (lowerCase(beforeZero(rule))) {
      case 'on':
        this.enabled = true;
        return '';
      case 'off':
        this.enabled = false;
        return '';
      case 'nopass':
        this.noPassword = true;
        this.#passwords = [];
        return '';
      case 'resetpass':
        this.noPassword = false;
        this.#passwords = [];
        return '';
      case 'sanitize-payload':
        this.#sanitizesPayload = true;
        return '';
      case 'skip-sanitize-payload':
        this.#sanitizesPayload = false;
        return '';
      case 'clearselectors':
        this.#selectors = [this.root];
        return '';
      case 'reset':
        this.become(new User(this.name, this.#defaults));
        return '';
    }
    switch (rule[0]) {
      case '>':
      case '#':
      case '<':
      case '!':
        return this.#applyPassword(rule);
    }
    if (rule.startsWith('(') && rule.endsWith(')')) {
      const selector = Selector.parse(rule, this.#defaults.allChannels);
      if (typeof selector === 'string') return selector;
      this.#selectors = [...this.#selectors, selector];
      return '';
    }
    return this.root.apply(rule);
  }

  /** Names of what is set, in the order of Redis. */
  flags(): string[] {
    return [
      this.enabled ? 'on' : 'off',
      ...(this.noPassword ? ['nopass'] : []),
      this.#sanitizesPayload ? 'sanitize-payload' : 'skip-sanitize-payload',
    ];
  }

  /** Canonical rules, as ACL LIST shows them behind `user <name> `. */
  describe(): string {
    const others = this.#selectors.slice(1).map((selector) => `(${selector.describe()})`);
    return [...this.#ownWords(), ...others].join(' ');
  }

  /** The same as words that a file keeps: a selector, whatever is in it, is one of them. */
  describeForFile(): string[] {
    return [...this.#ownWords(), ...this.#selectors.slice(1).map((selector) => selector.describeForFile())];
  }

  #ownWords(): string[] {
    return [...this.flags(), ...this.#passwords.map((hash) => `#${hash}`), ...this.root.describe().split(' ')];
  }

  #applyPassword(rule: string): string {
    const isHash = rule.startsWith('#') || rule.startsWith('!');
    const value = rule.slice(1);
    if (isHash && !isPasswordHash(value)) return ruleErrors.notAHash;
    const hash = isHash ? value : hashPassword(Buffer.from(value, 'latin1'));
    if (rule.startsWith('>') || rule.startsWith('#')) {
      if (!this.#passwords.includes(hash)) this.#passwords = [...this.#passwords, hash];
      this.noPassword = false;
      return '';
    }
    if (!this.#passwords.includes(hash)) return ruleErrors.noSuchPassword;
    this.#passwords = this.#passwords.filter((each) => each !== hash);
    return '';
  }
}
