import { describe, expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';
import { Registry } from '../registry.js';
import { parseFacts } from '../table/command-facts.js';
import { registerCommand } from './command.js';

const nothing = (): void => undefined;

/** A server that has COMMAND and the commands named here, and nothing else. */
function serverWith(...names: string[]): Harness {
  const h = new Harness();
  const registry = new Registry();
  for (const name of names) registry.register(name, nothing);
  registerCommand(registry);
  for (const sub of registry.get('command')!.subcommands!) {
    const { handler } = sub;
    h.registry.get(sub.name)!.handler = handler;
  }
  h.registry.get('command')!.handler = registry.get('command')!.handler;
  return h;
}

const SET_INFO =
  '$3 set :-3 *2 +write +denyoom :1 :1 :1 *3 +@write +@string +@slow *0 *1 *6 $5 flags *4 +RW +access +update +variable_flags ' +
  '$12 begin_search *4 $4 type $5 index $4 spec *2 $5 index :1 ' +
  '$9 find_keys *4 $4 type $5 range $4 spec *6 $7 lastkey :0 $7 keystep :1 $5 limit :0 *0';
const CONFIG_GET_INFO =
  '$10 config|get :-3 *4 +admin +noscript +loading +stale :0 :0 :0 *3 +@admin +@slow +@dangerous *0 *0 *0';

describe('COMMAND INFO', () => {
  it('answers arity, flags, key positions, categories, tips, key specs and subcommands', () => {
    const h = serverWith('set', 'config|get');
    expect(h.run('command', 'info', 'SET')).toBe(`*1 *10 ${SET_INFO}`);
    expect(h.run('command', 'info', 'config')).toBe(
      `*1 *10 $6 config :-2 *0 :0 :0 :0 *1 +@slow *0 *0 *1 *10 ${CONFIG_GET_INFO}`,
    );
  });

  it('answers null for what it does not know, and knows subcommands by their full name', () => {
    const h = serverWith('get', 'config|get');
    expect(h.run('command', 'info', 'nope', 'get|x', 'config|nope', 'Config|GET')).toBe(
      `*4 $-1 $-1 $-1 *10 ${CONFIG_GET_INFO}`,
    );
  });

  it('shows keyword and number-of-keys specs, and unknown ones', () => {
    const h = serverWith('xread', 'eval', 'sort');
    expect(h.run('command', 'info', 'xread')).toContain(
      '$7 keyword $4 spec *4 $7 keyword $7 STREAMS $9 startfrom :1 $9 find_keys *4 $4 type $5 range $4 spec *6 $7 lastkey :-1 $7 keystep :1 $5 limit :2',
    );
    expect(h.run('command', 'info', 'eval')).toContain(
      '$6 keynum $4 spec *6 $9 keynumidx :0 $8 firstkey :1 $7 keystep :1',
    );
    expect(h.run('command', 'info', 'sort')).toContain('$4 type $7 unknown $4 spec *0');
  });

  it('uses sets and maps in RESP3', () => {
    const h = serverWith('randomkey');
    h.session.protocol = 3;
    expect(h.run('command', 'info', 'randomkey')).toBe(
      '*1 *10 $9 randomkey :1 ~1 +readonly :0 :0 :0 ~3 +@keyspace +@read +@slow ' +
        '~3 $25 request_policy:all_shards $23 response_policy:special $23 nondeterministic_output ~0 ~0',
    );
  });

  it('answers all commands when none is named, as COMMAND alone does', () => {
    const h = serverWith('get', 'set');
    const all = h.run('command');
    expect(all).toContain(SET_INFO);
    expect(all.startsWith('*3 *10 $3 get')).toBe(true);
    expect(h.run('command', 'info')).toBe(all);
  });
});

describe('COMMAND COUNT', () => {
  it('counts commands without subcommands', () => {
    expect(serverWith('get', 'set', 'config|get', 'config|set').run('command', 'count')).toBe(':4');
  });
});

describe('COMMAND LIST', () => {
  const h = serverWith('get', 'getex', 'hget', 'config|get');

  it('names commands and subcommands', () => {
    const list = h.run('command', 'list').split(' ');
    expect(list.filter((word) => /^[a-z]/.test(word)).sort()).toEqual(
      ['get', 'getex', 'hget', 'config', 'config|get', 'command']
        .concat(['count', 'docs', 'getkeys', 'getkeysandflags', 'help', 'info', 'list'].map((sub) => `command|${sub}`))
        .sort(),
    );
  });

  it('filters by pattern, ACL category and module', () => {
    expect(h.run('command', 'list', 'FilterBy', 'Pattern', 'GE*')).toBe('*2 $3 get $5 getex');
    expect(h.run('command', 'list', 'filterby', 'pattern', 'CONFIG|g*')).toBe('*1 $10 config|get');
    expect(h.run('command', 'list', 'filterby', 'aclcat', 'HASH')).toBe('*1 $4 hget');
    expect(h.run('command', 'list', 'filterby', 'aclcat', '@hash')).toBe('*0');
    expect(h.run('command', 'list', 'filterby', 'aclcat', 'nope')).toBe('*0');
    expect(h.run('command', 'list', 'filterby', 'module', 'json')).toBe('*0');
  });

  it('refuses everything else', () => {
    for (const words of [['x'], ['filterby', 'module'], ['filterby', 'x', 'y'], ['filterby', 'pattern', 'a', 'b']]) {
      expect(h.run('command', 'list', ...words)).toBe('-ERR syntax error');
    }
  });
});

describe('COMMAND DOCS', () => {
  const h = serverWith('getrange', 'substr', 'set', 'config|get', 'script|flush', 'sort');

  it('answers purpose, version, group, complexity and arguments', () => {
    expect(h.run('command', 'docs', 'getrange')).toBe(
      '*2 $8 getrange *10 $7 summary $23 Read a part of a string $5 since $5 2.4.0 $5 group $6 string ' +
        '$10 complexity $18 O(N): N bytes read $9 arguments *3 ' +
        '*8 $4 name $3 key $4 type $3 key $12 display_text $3 key $14 key_spec_index :0 ' +
        '*6 $4 name $5 start $4 type $7 integer $12 display_text $5 start ' +
        '*6 $4 name $3 end $4 type $7 integer $12 display_text $3 end',
    );
  });

  it('says what is deprecated, and what to use instead', () => {
    expect(h.run('command', 'docs', 'SUBSTR')).toContain(
      '$9 doc_flags *1 +deprecated $16 deprecated_since $5 2.0.0 $11 replaced_by $10 `GETRANGE`',
    );
  });

  it('tells what changed in which version', () => {
    expect(h.run('command', 'docs', 'config|get')).toContain('$7 history *1 *2 $5 7.0.0 $22 Takes several patterns');
    const third = serverWith('set');
    third.session.protocol = 3;
    expect(third.run('command', 'docs', 'set')).toContain(
      '$7 history ~4 *2 $6 2.6.12 $25 Options EX, PX, NX and XX *2 $5 6.0.0 $14 Option KEEPTTL',
    );
  });

  it('has a summary, if an empty one, for commands that a program defines', () => {
    const own = new Harness();
    own.registry.define(parseFacts('shout;2;generic;1.0.0;fast;fast;0 0 0'), (ctx) => ctx.reply.ok());
    expect(own.run('command', 'docs', 'shout')).toBe(
      '*2 $5 shout *6 $7 summary $0  $5 since $5 1.0.0 $5 group $7 generic',
    );
  });

  it('shows alternatives, tokens and flags of arguments', () => {
    const docs = h.run('command', 'docs', 'set');
    expect(docs).toContain(
      '*10 $4 name $9 condition $4 type $5 oneof $5 since $6 2.6.12 $5 flags *1 +optional $9 arguments *2 ' +
        '*8 $4 name $2 nx $4 type $10 pure-token $12 display_text $2 nx $5 token $2 NX',
    );
    expect(h.run('command', 'docs', 'sort')).toContain('$5 flags *3 +optional +multiple +multiple_token');
  });

  it('nests subcommands, and knows them by their full name too', () => {
    expect(h.run('command', 'docs', 'config')).toContain('$11 subcommands *2 $10 config|get *12');
    expect(h.run('command', 'docs', 'CONFIG|GET').startsWith('*2 $10 config|get *12')).toBe(true);
  });

  it('leaves out what it does not know', () => {
    expect(h.run('command', 'docs', 'nope')).toBe('*0');
    expect(h.run('command', 'docs', 'nope', 'set').startsWith('*2 $3 set')).toBe(true);
  });

  it('answers all commands when none is named, as maps in RESP3', () => {
    expect(h.run('command', 'docs').startsWith('*14 ')).toBe(true);
    h.session.protocol = 3;
    expect(h.run('command', 'docs').startsWith('%7 $8 getrange %5')).toBe(true);
    h.session.protocol = 2;
  });
});

describe('COMMAND GETKEYS', () => {
  const h = serverWith('get', 'set', 'mset', 'eval', 'ping', 'zunionstore', 'object|encoding');

  it('answers the keys, and with GETKEYSANDFLAGS what becomes of them', () => {
    expect(h.run('command', 'getkeys', 'MSET', 'a', 1, 'b', 2)).toBe('*2 $1 a $1 b');
    expect(h.run('command', 'getkeysandflags', 'set', 'a', 1)).toBe('*1 *2 $1 a *2 +OW +update');
    expect(h.run('command', 'getkeysandflags', 'object', 'Encoding', 'a')).toBe('*1 *2 $1 a *1 +RO');
  });

  it('answers none where keys are optional', () => {
    expect(h.run('command', 'getkeys', 'eval', 's', 0)).toBe('*0');
    expect(h.run('command', 'getkeys', 'eval', 's', 'x')).toBe('*0');
  });

  it('refuses what it cannot answer', () => {
    expect(h.run('command', 'getkeys', 'nope', 'a')).toBe('-ERR Invalid command specified');
    expect(h.run('command', 'getkeys', 'object', 'nope', 'a')).toBe('-ERR Invalid command specified');
    expect(h.run('command', 'getkeys', 'ping', 'a')).toBe('-ERR The command has no key arguments');
    expect(h.run('command', 'getkeys', 'set', 'a')).toBe('-ERR Invalid number of arguments specified for command');
    expect(h.run('command', 'getkeys', 'zunionstore', 'd', 9, 'a')).toBe(
      '-ERR Invalid arguments specified for command',
    );
    // Redis 7.0 wants one argument more; 7.2 says it this way.
    expect(h.run('command', 'getkeys', 'get')).toBe('-ERR Invalid number of arguments specified for command');
  });
});

describe('COMMAND HELP', () => {
  it('names every subcommand', () => {
    const h = serverWith('get');
    const help = h.run('command', 'help');
    expect(help).toContain('+COMMAND <subcommand> [<arg> [value] [opt] ...]. Subcommands are:');
    for (const name of ['COUNT', 'LIST', 'INFO', 'DOCS', 'GETKEYS', 'GETKEYSANDFLAGS', 'HELP']) {
      expect(help).toContain(`+${name}`);
    }
  });
});
