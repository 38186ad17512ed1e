import { describe, expect, it } from 'vitest';
import { Command } from './command.js';
import { requestOf } from './harness.fixture.js';
import { findKeys, keyFlagNames, KeyPositions, searchKeys } from './keyspecs.js';
import { commandFacts } from './table/command-facts.js';

/** `key=FLAGS` for each key of a command line, words separated by blanks, `''` for an empty one. */
function keysOf(line: string, first = 0): string[] {
  const words = line.split(' ').map((word) => (word === "''" ? '' : word));
  const [name = '', sub = ''] = words.slice(first);
  const facts = commandFacts().get(name) ?? commandFacts().get(`${name}|${sub}`)!;
  const keyed = commandFacts().get(`${name}|${sub}`) ?? facts;
  const keys = new KeyPositions();
  findKeys(new Command(keyed, 0), requestOf(...words), keys, first);
  return Array.from(
    { length: keys.count },
    (_, i) => `${words[keys.indexes[i]!] ?? ''}=${keyFlagNames(keys.flags[i]!).join(',')}`,
  );
}

describe('findKeys', () => {
  // Asked of Redis 7.0.15: COMMAND GETKEYSANDFLAGS.
  it.each([
    ['get a', 'a=RO,access'],
    ['mset a 1 b 2', 'a=OW,update b=OW,update'],
    ['mset a 1 b', 'a=OW,update b=OW,update'],
    ['set a b', 'a=OW,update'],
    ['set a b ex 10 GET', 'a=RW,access,update'],
    ['blpop a b 0', 'a=RW,access,delete b=RW,access,delete'],
    ['rename a b', 'a=RW,access,delete b=OW,update'],
    ['copy a b', 'a=RO,access b=OW,update'],
    ['bitop and d a b', 'd=OW,update a=RO,access b=RO,access'],
    ['object encoding k', 'k=RO'],
    ['memory usage k', 'k=RO'],
    ['eval s 1 k v', 'k=RW,access,update'],
    ['eval s 0 v', ''],
    ['eval s x', ''],
    ['eval s -1 10', ''],
    ['zinter 2 a b weights 1 2', 'a=RO,access b=RO,access'],
    ['zunionstore d 1 a b', 'd=OW,update a=RO,access'],
    ['zunionstore d 3 a b', ''],
    ['zunionstore d x a b', ''],
    ['lmpop 2 a b left', 'a=RW,access,delete b=RW,access,delete'],
    ['xread count 1 streams a b 0 0', 'a=RO,access b=RO,access'],
    ['xread count 1 STREAMS a b 0', 'a=RO,access'],
    ['xread count 1 a b 0', ''],
    ['xreadgroup group streams c streams a 1', 'a=RO,access'],
    ['georadius k 1 2 3 m store d', 'k=RO,access d=OW,update'],
    ['georadius k 1 1 1 m store d storedist e', 'k=RO,access d=OW,update e=OW,update'],
    ['sort k get store store a store b', 'k=RO,access b=OW,update'],
    ['sort k by w_* limit store 1 get x*', 'k=RO,access'],
    ['sort_ro k by x', 'k=RO,access'],
    ['bitfield k', 'k=RO,access'],
    ['bitfield k overflow sat get u8 0', 'k=RO,access'],
    ['bitfield k get u8', 'k=RW,access,update'],
    ['bitfield k set u8 0 1', 'k=RW,access,update'],
    ['migrate h 1 k 0 10', 'k=RW,access,delete'],
    ["migrate h 1 '' 0 10 auth keys keys a b", 'a=RW,access,delete b=RW,access,delete'],
    ["migrate h 1 '' 0 10 auth2 keys keys keys a", 'a=RW,access,delete'],
    ['migrate h 1 k 0 10 keys a b', ''],
    ['spublish channel text', ''],
  ])('finds the keys of %j: %s', (line, expected) => {
    expect(keysOf(line).join(' ')).toBe(expected);
  });

  it('finds the keys of a command that stands inside another', () => {
    expect(keysOf('command getkeys mset a 1 b 2', 2)).toEqual(['a=OW,update', 'b=OW,update']);
    expect(keysOf('command getkeys set a b get', 2)).toEqual(['a=RW,access,update']);
  });

  it('forgets the keys of the request before', () => {
    const keys = new KeyPositions();
    findKeys(new Command(commandFacts().get('mget')!, 0), requestOf('mget', 'a', 'b'), keys);
    findKeys(new Command(commandFacts().get('zunionstore')!, 0), requestOf('zunionstore', 'd', '3', 'a'), keys);
    expect(keys.count).toBe(0);
  });

  it('finds a keyword backwards where the spec says so', () => {
    const facts = { ...commandFacts().get('migrate')!, name: 'like-migrate' };
    const specs = facts.keySpecs.slice(1);
    const request = requestOf('x', '1', '2', '3', '4', 'keys', 'a', 'b');
    const found = new KeyPositions();
    findKeys(new Command({ ...facts, keySpecs: specs }, 0), request, found);
    expect(found.indexes.slice(0, found.count)).toEqual([6, 7]);
  });
});

describe('Command.hasKeys', () => {
  it('does not count channels of sharded publish and subscribe', () => {
    const names = ['get', 'eval', 'ping', 'config', 'spublish'];
    expect(names.map((name) => new Command(commandFacts().get(name)!, 0).hasKeys)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('Command.onlyKey', () => {
  const onlyKeyOf = (name: string): number => new Command(commandFacts().get(name)!, 0).onlyKey;

  it('is there for a command with one key in one place, unless options decide about it', () => {
    const names = [
      'get',
      'zadd',
      'object|encoding',
      'set',
      'bitfield',
      'sort',
      'mget',
      'rename',
      'eval',
      'spublish',
      'ping',
    ];
    expect(names.map(onlyKeyOf)).toEqual([1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('is what a search finds, whatever the arguments are', () => {
    const keys = new KeyPositions();
    const requests = ['a', 'get', 'store', 'keys', '2'].map((word) =>
      requestOf(...Array.from({ length: 9 }, () => word)),
    );
    for (const facts of commandFacts().values()) {
      const { onlyKey } = new Command(facts, 0);
      if (onlyKey === 0) continue;
      for (const request of requests) {
        searchKeys(facts, request, keys);
        expect([facts.name, keys.count, keys.indexes[0], keys.flags[0]]).toEqual([
          facts.name,
          1,
          onlyKey,
          facts.keySpecs[0]!.flags,
        ]);
      }
    }
  });
});
