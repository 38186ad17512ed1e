// A set of permissions that hold together: these commands on these keys and channels. A user has one, its root, and may
// have more in parentheses; a request passes when one of them allows all of it.

import { ChannelPatterns } from './channel-patterns.js';
import { CommandPermissions } from './command-permissions.js';
import { KeyPatterns } from './key-patterns.js';
import { beforeZero, lowerCase, quoteInSelector, ruleErrors, splitWords } from './rule-text.js';

export class Selector {
  readonly commands: CommandPermissions;
  readonly keys: KeyPatterns;
  readonly channels: ChannelPatterns;

  private constructor(commands: CommandPermissions, keys: KeyPatterns, channels: ChannelPatterns) {
    this.commands = commands;
    this.keys = keys;
    this.channels = channels;
  }

  /** One that allows nothing. @param allChannels but for channels (`acl-pubsub-default`) */
  static create(allChannels: boolean): Selector {
    return new Selector(new CommandPermissions(), new KeyPatterns(), new ChannelPatterns(allChannels));
  }

  /** @param rule `(…)`. @returns what is wrong with it, if something is */
  static parse(rule: string, allChannels: boolean): Selector | string {
    const selector = Selector.create(allChannels);
    for (const each of splitWords(rule.slice(1, -1))) {
      const error = selector.apply(each);
      if (error !== '') return error;
    }
    return selector;
  }

  clone(): Selector {
    return new Selector(this.commands.clone(), this.keys.clone(), this.channels.clone());
  }

  get allowsEverything(): boolean {
    return this.commands.all && this.keys.all && this.channels.all;
  }

  /** @returns '' or what is wrong with the rule */
  apply(rule: string): string {
    switch (lowerCase(beforeZero(rule))) {
      case 'allkeys':
      case '~*':
        this.keys.allowAll();
        return '';
      case 'resetkeys':
        this.keys.allowNone();
        return '';
      case 'allchannels':
      case '&*':
        this.channels.allowAll();
        return '';
      case 'resetchannels':
        this.channels.allowNone();
        return '';
      case 'allcommands':
        this.commands.allowAll();
        return '';
      case 'nocommands':
        this.commands.allowNone();
        return '';
    }
    switch (rule[0]) {
      case '~':
      case '%':
        return this.keys.add(rule);
      case '&':
        return this.channels.add(rule);
      case '+':
      case '-':
        return this.commands.apply(rule);
      default:
        return ruleErrors.syntax;
    }
  }

  /** Canonical rules. */
  describe(): string {
    return this.#words().join(' ');
  }

  /** The same in parentheses, so that it can be read back whatever its patterns are. */
  describeForFile(): string {
    return `(${this.#words()
      .map((words) => words.split(' ').map(quoteInSelector).join(' '))
      .join(' ')})`;
  }

  #words(): string[] {
    const channels = this.channels.describe();
    return [
      ...this.keys.describe(),
      ...(this.channels.all ? channels : ['resetchannels', ...channels]),
      this.commands.describe(),
    ];
  }
}
