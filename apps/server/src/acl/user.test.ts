import { Command, commandFacts } from '@clone/command-registry';
import { Request, splitInlineCommand } from '@clone/resp-codec';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ruleCommands } from './rule-commands.js';
import { splitWords, UnmatchedParenthesis } from './rule-text.js';
import { User } from './user.js';

const defaults = { allChannels: false };

/** A user with these rules, which must all be right. */
function userOf(...rules: readonly string[]): User {
  const user = new User('u', defaults);
  expect(user.applyAll(rules)).toBeUndefined();
  return user;
}

/** What a list of rules, given as one line, is told. */
function errorOf(line: string): string {
  const failure = new User('u', defaults).applyAll(line.split(' '));
  if (failure instanceof UnmatchedParenthesis) return `unmatched ${failure.index}`;
  return failure === undefined ? '' : `${failure.rule}: ${failure.error}`;
}

const commands = (...rules: readonly string[]): string => userOf(...rules).root.commands.describe();

const HASH_OF_P = '148de9c5a7a44d19e56cd9ae1a554bf67847afb0c58f6e12fa29ac7ddfca9940';

describe('canonical rules', () => {
  // 7.0.15 prints the same, but for `sanitize-payload`.
  test.each([
    ['', 'off sanitize-payload resetchannels -@all'],
    ['on nopass', 'on nopass sanitize-payload resetchannels -@all'],
    ['on >p', `on sanitize-payload #${HASH_OF_P} resetchannels -@all`],
    ['>p >p nopass', 'off nopass sanitize-payload resetchannels -@all'],
    ['nopass >p', `off sanitize-payload #${HASH_OF_P} resetchannels -@all`],
    ['>p <p', 'off sanitize-payload resetchannels -@all'],
    [`>p !${HASH_OF_P}`, 'off sanitize-payload resetchannels -@all'],
    [`#${HASH_OF_P} resetpass`, 'off sanitize-payload resetchannels -@all'],
    ['skip-sanitize-payload', 'off skip-sanitize-payload resetchannels -@all'],
    ['allkeys allchannels allcommands', 'off sanitize-payload ~* &* +@all'],
    ['~* &* +@all', 'off sanitize-payload ~* &* +@all'],
    ['ON AllKeys RESETKEYS', 'on sanitize-payload resetchannels -@all'],
    ['~a %R~b %w~c %rW~d ~', 'off sanitize-payload ~a %R~b %W~c ~d ~ resetchannels -@all'],
    ['%R~a %W~a', 'off sanitize-payload ~a resetchannels -@all'],
    ['%RW~*', 'off sanitize-payload ~* resetchannels -@all'],
    ['%R', 'off sanitize-payload %R~ resetchannels -@all'],
    ['&a &b &a', 'off sanitize-payload resetchannels &a &b -@all'],
    ['&a allchannels resetchannels &b', 'off sanitize-payload resetchannels &b -@all'],
    [
      '(~a* +get) (&x)',
      'off sanitize-payload resetchannels -@all (~a* resetchannels -@all +get) (resetchannels &x -@all)',
    ],
    ['(~a) clearselectors ~b', 'off sanitize-payload ~b resetchannels -@all'],
    ['()', 'off sanitize-payload resetchannels -@all (resetchannels -@all)'],
    ['(~a"b" +get)', 'off sanitize-payload resetchannels -@all (~ab resetchannels -@all +get)'],
    // Unbalanced quotes: nothing of it counts, as in Redis.
    ['(~a"b +get)', 'off sanitize-payload resetchannels -@all (resetchannels -@all)'],
    ['on >p ~a &b +@all (+get) reset', 'off sanitize-payload resetchannels -@all'],
    ['+select|0 +client|list', 'off sanitize-payload resetchannels -@all +select|0 +client|list'],
  ])('%j', (line, canonical) => {
    expect(userOf(...line.split(' ')).describe()).toBe(canonical);
  });

  test('new users and selectors have all channels where the configuration says so', () => {
    const user = new User('u', { allChannels: true });
    user.applyAll(['(+get)', '(resetchannels)']);
    expect(user.describe()).toBe('off sanitize-payload &* -@all (&* -@all +get) (resetchannels -@all)');
    user.apply('reset');
    expect(user.describe()).toBe('off sanitize-payload &* -@all');
  });

  test('the default user may do everything', () => {
    expect(User.createDefault(defaults).describe()).toBe('on nopass sanitize-payload ~* &* +@all');
  });
});

describe('command rules, as Redis 7.2 keeps them', () => {
  test.each([
    ['+@all -@hash -@slow +hget', '+@all -@hash -@slow +hget'],
    ['+@all -@hash -@slow +hget -@hash', '+@all -@slow +hget -@hash'],
    ['+@all -@hash +@hash', '+@all +@hash'],
    ['-@all +@HASH +@hash', '-@all +@hash'],
    ['-@all +HGET +hget', '-@all +hget'],
    ['-@all +@hash +@slow +@set +@set +@slow +@hash', '-@all +@set +@slow +@hash'],
    ['-@all +hget -hset +hset -hget', '-@all +hset -hget'],
    ['-@all +client|list +client|list +config|get +config +acl|list -acl', '-@all +client|list +config -acl'],
    ['-@all +select|0 +SELECT|0 +debug|segfault +debug', '-@all +select|0 +debug'],
    ['-@all -@dangerous', '-@all -@dangerous'],
    ['-@all +config +config|get -config|set +config', '-@all +config'],
    ['+get +@all', '+@all'],
    ['+get nocommands', '-@all'],
  ])('%j', (line, rules) => {
    expect(commands(...line.split(' '))).toBe(rules);
  });
});

describe('errors', () => {
  test.each([
    ['foo', 'foo: Syntax error'],
    ['%X~a', '%X~a: Syntax error'],
    ['%RR~a', '%RR~a: Syntax error'],
    ['%~a', '%~a: Syntax error'],
    ['~a\tb', '~a\tb: Syntax error'],
    ['&a\0b', '&a\0b: Syntax error'],
    ['+', '+: Unknown command or category name in ACL'],
    ['+foo', '+foo: Unknown command or category name in ACL'],
    ['-select|0', '-select|0: Unknown command or category name in ACL'],
    ['+@foo', '+@foo: Unknown command or category name in ACL'],
    ['+config|nope', '+config|nope: Unknown command or category name in ACL'],
    ['+foo|bar', '+foo|bar: Unknown command or category name in ACL'],
    ['+select|0|1', '+select|0|1: Unknown command or category name in ACL'],
    ['+config|get|x', '+config|get|x: Allowing first-arg of a subcommand is not supported'],
    ['+select|', '+select|: Syntax error'],
    ['+select|a\tb', '+select|a\tb: Syntax error'],
    ['<p', '<p: The password you are trying to remove from the user does not exist'],
    ['#12', '#12: The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters'],
    [
      `#${HASH_OF_P.toUpperCase()}`,
      `#${HASH_OF_P.toUpperCase()}: The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters`,
    ],
    ['!12', '!12: The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters'],
    [
      '~* ~a',
      "~a: Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try 'resetkeys' to start with an empty list of patterns",
    ],
    [
      '&* &a',
      "&a: Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any effect. Try 'resetchannels' to start with an empty list of channels",
    ],
    ['(on)', '(on): Syntax error'],
    ['((~a) +get)', '((~a): Syntax error'],
    ['on (~a +get', 'unmatched 1'],
    ['(', 'unmatched 0'],
  ])('%j: %s', (line, error) => {
    expect(errorOf(line)).toBe(error);
  });
});

describe('passwords', () => {
  test('any of a user’s passwords will do, while he is on', () => {
    const user = userOf('>p', '>q');
    expect(user.accepts(HASH_OF_P)).toBe(false);
    user.apply('on');
    expect(user.accepts(HASH_OF_P)).toBe(true);
    user.apply('<p');
    expect(user.accepts(HASH_OF_P)).toBe(false);
    user.apply('nopass');
    expect(user.accepts(HASH_OF_P)).toBe(true);
  });
});

// Words without bytes that Redis itself cannot read back: no white space, no quotes, and no `)` at the end.
const patternText = fc.string({
  unit: fc.constantFrom('a', 'b', '*', '?', '[', ']', '\\', '|', '~', '&', '%', '\xe9'),
});
const commandNames = [...ruleCommands().keys()];
const categories = ['@all', '@read', '@hash', '@slow', '@fast', '@dangerous', '@connection'];

const selectorRule = fc.oneof(
  fc
    .tuple(fc.constantFrom('~', '%R~', '%W~', '%RW~', '&'), patternText)
    // `%RW~*` is a pattern and printed as `~*`, which is read back as all keys: so it is in Redis.
    .filter(([sign, text]) => text !== '*' || !sign.startsWith('%'))
    .map(([sign, text]) => sign + text),
  fc
    .tuple(fc.constantFrom('+', '-'), fc.constantFrom(...commandNames, ...categories))
    .map(([sign, name]) => sign + name),
  fc.tuple(fc.constantFrom('select', 'get', 'debug'), fc.constantFrom('0', 'Object')).map(([a, b]) => `+${a}|${b}`),
  fc.constantFrom('allkeys', 'resetkeys', 'allchannels', 'resetchannels', 'allcommands', 'nocommands'),
);
const userRule = fc.oneof(
  { weight: 8, arbitrary: selectorRule },
  fc.array(selectorRule, { maxLength: 5 }).map((rules) => `(${rules.join(' ')})`),
  fc.constantFrom('on', 'off', 'nopass', 'resetpass', '>p', '>q', '<p', 'reset', 'clearselectors'),
  fc.constantFrom('skip-sanitize-payload', 'sanitize-payload'),
);

/** A user after these rules; the wrong ones among them change nothing. */
function userAfter(rules: readonly string[]): User {
  const user = new User('u', defaults);
  for (const rule of rules) user.apply(rule);
  return user;
}

const allCommands = [...commandFacts().values()].map((facts, i) => new Command(facts, i));
const requests = ['x', 'x 0', 'x object'].map((line) => {
  const request = new Request();
  splitInlineCommand(Buffer.from(line), 0, line.length, request);
  return request;
});

/** What a user may do, asked command by command. */
function powers(user: User): unknown {
  return user.selectors.map(({ commands, keys, channels }) => ({
    commands: allCommands.flatMap((command) => requests.map((request) => commands.allows(command, request, 0))).join(),
    keys: keys.describe(),
    channels: channels.describe(),
  }));
}

describe('rules and their canonical text', () => {
  test('what is printed makes the same user again, and is printed the same', () => {
    fc.assert(
      fc.property(fc.array(userRule, { maxLength: 12 }), (rules) => {
        const user = userAfter(rules);
        const again = new User('u', defaults);
        expect(again.applyAll(user.describe().split(' '))).toBeUndefined();
        expect(again.describe()).toBe(user.describe());
        expect(powers(again)).toEqual(powers(user));
      }),
    );
  });

  test('the form for files can be read back whatever the patterns are', () => {
    const anyText = fc.string({ unit: fc.constantFrom('a', '"', "'", '(', ')', '\\', '\xff', '~') });
    const rules = fc.array(fc.tuple(fc.constantFrom('~', '%R~', '&'), anyText), { maxLength: 6 });
    fc.assert(
      fc.property(rules, fc.array(rules, { maxLength: 3 }), (root, selectors) => {
        const user = userAfter(root.map((parts) => parts.join('')));
        for (const list of selectors) {
          const quoted = list.map((parts) => `"${parts.join('').replace(/["\\]/g, '\\$&')}"`);
          expect(user.apply(`(${quoted.join(' ')})`)).toBe('');
        }
        // Each word on its own, and cut at its blanks, as lines of files are.
        for (const words of [user.describeForFile(), user.describeForFile().join(' ').split(' ')]) {
          const again = new User('u', defaults);
          expect(again.applyAll(words)).toBeUndefined();
          expect(powers(again)).toEqual(powers(user));
        }
      }),
    );
  });

  test('a rule that is wrong leaves the user as he was', () => {
    fc.assert(
      fc.property(fc.array(userRule, { maxLength: 6 }), fc.string(), (rules, text) => {
        const user = userAfter(rules);
        const before = user.describe();
        if (user.apply(text) !== '') expect(user.describe()).toBe(before);
      }),
    );
  });
});

test('words of redis.conf are split as Redis splits them', () => {
  expect(splitWords('a "b \\x41\\"" \'c d\'')).toEqual(['a', 'b A"', 'c d']);
});
