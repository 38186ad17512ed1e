import { describe, expect, it } from 'vitest';
import type { CommandContext } from './context.js';
import { EffectBuffer } from './effects.js';
import { Refusal } from './errors.js';
import { Harness, inlineRequestOf, requestOf, unit } from './harness.fixture.js';
import { ReplyMode, Session } from './session.js';
import { parseFacts } from './table/command-facts.js';

const GENERIC = 4;

/** A command `mark key [word …]` that changes the key, and does what its words say. */
function withMark(flags = 'write denyoom'): Harness {
  const h = new Harness();
  h.registry.define(parseFacts(`mark;-2;generic;1.0.0;${flags};write;1 1 1`), (ctx: CommandContext) => {
    for (let i = 2; i < ctx.argc; i++) {
      if (ctx.is(i, 'FAIL')) {
        ctx.reply.error('BADMARK no');
        return;
      }
      if (ctx.is(i, 'REPLACE')) ctx.replaceEffect(['SET', ctx.copy(1), 'é', -42]);
      if (ctx.is(i, 'MORE')) ctx.addEffect(['DEL', 'other']);
      if (ctx.is(i, 'PIECES')) {
        ctx.beginEffect(4);
        ctx.effectText('SET');
        ctx.effectArgument(1);
        ctx.effectInteger(7);
        ctx.effectBytes(ctx.bytes, ctx.offset(1), 1);
      }
      if (ctx.is(i, 'SILENT')) ctx.suppressEffect();
      if (ctx.is(i, 'NESTED')) h.dispatcher.execute(ctx.session, requestOf('mark', 'inner'), ctx.reply);
      if (ctx.is(i, 'THROW')) {
        ctx.reply.array(3);
        throw new Error('bug');
      }
    }
    ctx.changed(1, GENERIC, 'mark');
    ctx.reply.ok();
  });
  return h;
}

describe('refusals', () => {
  it('quotes an unknown command and its arguments', () => {
    const h = new Harness();
    expect(h.run('foo', 'a', 'b')).toBe("-ERR unknown command 'foo', with args beginning with: 'a' 'b' ");
    expect(h.run('foo')).toBe("-ERR unknown command 'foo', with args beginning with: ");
    expect(h.run('config|get', 'x')).toBe("-ERR unknown command 'config|get', with args beginning with: 'x' ");
  });

  it('cuts name and arguments of an unknown command to 128 bytes, as Redis does', () => {
    const h = new Harness();
    const start = "-ERR unknown command 'foo', with args beginning with: ";
    expect(h.run('f'.repeat(200))).toContain(`'${'f'.repeat(128)}'`);
    expect(h.run('foo', 'x'.repeat(200), 'y')).toBe(`${start}'${'x'.repeat(128)}' `);
    expect(h.run('foo', 'x'.repeat(125), 'y')).toBe(`${start}'${'x'.repeat(125)}' `);
    expect(h.run('foo', 'x'.repeat(124), 'yyyy', 'z')).toBe(`${start}'${'x'.repeat(124)}' 'y' `);
    expect(h.run('foo', 'x'.repeat(120), 'y', 'z')).toBe(`${start}'${'x'.repeat(120)}' 'y' 'z' `);
  });

  it('keeps bytes, ends at a zero byte and makes line ends blanks where it quotes', () => {
    const h = new Harness();
    const text = "-ERR unknown command 'f  o', with args beginning with: 'a' '\xff\xfe' ";
    expect(h.run('f\r\no', 'a\0b', Uint8Array.of(0xff, 0xfe))).toBe(text);
  });

  it('names the container of an unknown subcommand', () => {
    const h = new Harness();
    expect(h.run('comMAND', 'foo')).toBe("-ERR unknown subcommand 'foo'. Try COMMAND HELP.");
    expect(h.run('command', 'q'.repeat(200))).toBe(`-ERR unknown subcommand '${'q'.repeat(128)}'. Try COMMAND HELP.`);
  });

  it('checks the number of arguments, and names a subcommand with its container', () => {
    const h = new Harness();
    expect(h.run('echo')).toBe("-ERR wrong number of arguments for 'echo' command");
    expect(h.run('ECHO', 'a', 'b')).toBe("-ERR wrong number of arguments for 'echo' command");
    expect(h.run('command', 'count', 'x')).toBe("-ERR wrong number of arguments for 'command|count' command");
  });

  it('says of a container alone that an argument is missing', () => {
    const h = new Harness();
    h.registry.register('config|get', () => undefined);
    expect(h.run('config')).toBe("-ERR wrong number of arguments for 'config' command");
  });

  it('wants authentication after it has checked name and arity', () => {
    const h = new Harness();
    h.registry.register('auth', (ctx) => ctx.reply.ok());
    h.session.authenticated = false;
    expect(h.run('ping')).toBe('-NOAUTH Authentication required.');
    expect(h.run('echo')).toBe("-ERR wrong number of arguments for 'echo' command");
    expect(h.run('auth', 'x')).toBe('+OK');
    h.dispatcher.openToAll = true;
    expect(h.run('ping')).toBe('+PONG');
  });

  it('asks about protected commands before it asks for authentication', () => {
    const h = new Harness();
    h.registry.register('debug', (ctx) => ctx.reply.ok());
    h.session.authenticated = false;
    h.dispatcher.refuseProtected = (_session, command) => `ERR ${command.name} is not allowed`;
    expect(h.run('debug', 'x')).toBe('-ERR debug is not allowed');
    h.dispatcher.refuseProtected = () => '';
    h.session.authenticated = true;
    expect(h.run('debug', 'x')).toBe('+OK');
  });

  it('refuses writes, and nothing else, while replicas are missing', () => {
    const h = new Harness();
    h.dispatcher.replicasMissing = true;
    expect(h.run('set', 'k', 'v')).toBe('-NOREPLICAS Not enough good replicas to write.');
    expect([h.run('get', 'k'), h.run('ping')]).toEqual(['$-1', '+PONG']);
  });

  it('makes room before each command, and refuses only those that need memory', () => {
    const h = withMark();
    const asked: string[] = [];
    h.dispatcher.makeRoom = (request, command) => {
      asked.push(`${command.name} ${request.argc}`);
      return false;
    };
    expect(h.run('mark', 'k')).toBe("-OOM command not allowed when used memory > 'maxmemory'.");
    expect(h.run('ping')).toBe('+PONG');
    expect(asked).toEqual(['mark 2', 'ping 1']);
  });

  it('refuses writes and PING while the disk fails', () => {
    const h = withMark();
    h.dispatcher.writesDenied = 'MISCONF Errors writing to the AOF file: no space';
    expect(h.run('mark', 'k')).toBe('-MISCONF Errors writing to the AOF file: no space');
    expect(h.run('ping')).toBe('-MISCONF Errors writing to the AOF file: no space');
    expect(h.run('echo', 'x')).toBe('$1 x');
  });

  it('executes only commands with the flag while the data are loaded, and evicts nothing', () => {
    const h = withMark();
    h.dispatcher.loading = true;
    h.dispatcher.makeRoom = () => {
      throw new Error('asked for room');
    };
    expect(h.run('mark', 'k')).toBe('-LOADING Redis is loading the dataset in memory');
    expect(h.run('ping')).toBe('-LOADING Redis is loading the dataset in memory');
    expect(h.run('select', 1)).toBe('+OK');
  });

  it('closes the connection of a web page without a word', () => {
    for (const line of ['POST / HTTP/1.1', 'hOsT: example.org']) {
      const h = new Harness();
      const sessions: Session[] = [];
      h.dispatcher.onForgedRequest = (session) => sessions.push(session);
      expect(h.execute(inlineRequestOf(line))).toBe('');
      expect(sessions).toEqual([h.session]);
      expect(h.session.closeAfterReply).toBe(true);
    }
  });
});

describe('effects', () => {
  it('feeds the request as it came, with the database', () => {
    const h = withMark();
    h.run('select', 3);
    h.run('MARK', 'key');
    h.run('ping');
    expect(h.takeEffects()).toEqual(['3: MARK key']);
  });

  it('feeds an inline command as RESP', () => {
    const h = withMark();
    h.execute(inlineRequestOf('mark "a b"  x'));
    expect(h.takeEffects()).toEqual(['0: mark a b x']);
  });

  it('feeds nothing when nothing changed', () => {
    const h = withMark();
    expect(h.run('mark', 'key', 'fail')).toBe('-BADMARK no');
    expect(h.takeEffects()).toEqual([]);
  });

  it('feeds what the handler gave instead, in order', () => {
    const h = withMark();
    h.run('mark', 'key', 'replace');
    expect(h.takeEffects()).toEqual(['0: SET key Ã© -42']);
    h.run('mark', 'key', 'replace', 'more');
    expect(h.takeEffects()).toEqual(unit('0: SET key Ã© -42', '0: DEL other'));
    h.run('mark', 'key', 'more', 'replace');
    expect(h.takeEffects()).toEqual(['0: SET key Ã© -42']);
    h.run('mark', 'key', 'pieces');
    expect(h.takeEffects()).toEqual(['0: SET key 7 k']);
  });

  it('feeds nothing when the handler says so, and forgets it for the next request', () => {
    const h = withMark();
    h.run('mark', 'key', 'replace', 'silent');
    expect(h.takeEffects()).toEqual([]);
    h.run('mark', 'key');
    expect(h.takeEffects()).toEqual(['0: mark key']);
  });

  it('tells the handler whether somebody listens', () => {
    const h = new Harness();
    const seen: boolean[] = [];
    h.registry.define(parseFacts('look;1;generic;1.0.0;fast;fast;0 0 0'), (ctx) => seen.push(ctx.feeding));
    h.run('look');
    h.dispatcher.feed = undefined;
    h.run('look');
    expect(seen).toEqual([true, false]);
  });

  it('feeds a nested request once, before what the outer one changed', () => {
    const h = withMark();
    expect(h.run('mark', 'outer', 'nested')).toBe('+OK +OK');
    expect(h.takeEffects()).toEqual(['0: mark inner', '0: mark outer nested']);
    h.registry.define(parseFacts('wrap;1;generic;1.0.0;;;0 0 0'), (ctx) => {
      h.dispatcher.execute(ctx.session, requestOf('mark', 'inner'), ctx.reply);
      expect(ctx.command.name).toBe('wrap');
    });
    h.run('wrap');
    expect(h.takeEffects()).toEqual(['0: mark inner']);
  });

  it('encodes arguments of any size', () => {
    const effects = new EffectBuffer();
    const big = new Uint8Array(1000).fill(120);
    effects.begin(4);
    effects.argument(big);
    effects.argument('ä'.repeat(300));
    effects.argument('y'.repeat(1000));
    effects.argument(Number.MIN_SAFE_INTEGER);
    const text = new TextDecoder().decode(effects.buffer.subarray(0, effects.ends[0]));
    expect(text).toBe(
      `*4\r\n$1000\r\n${'x'.repeat(1000)}\r\n$600\r\n${'ä'.repeat(300)}\r\n$1000\r\n${'y'.repeat(1000)}\r\n$17\r\n-9007199254740991\r\n`,
    );
  });
});

describe('many effects of one command', () => {
  it('lie in several buffers, each as long as it may be, or as one command is', () => {
    const effects = new EffectBuffer(100);
    for (let round = 0; round < 3; round++) {
      const commands: string[] = [];
      for (let i = 0; i < 40; i++) {
        const argument = 'x'.repeat((i * 37) % 230);
        effects.begin(1);
        effects.argument(argument);
        commands.push(`*1\r\n$${argument.length}\r\n${argument}\r\n`);
      }
      expect(effects.count).toBe(40);
      let i = 0;
      for (const { buffer, end } of [...effects.aside, { buffer: effects.buffer, end: effects.count }]) {
        expect(i).toBeLessThan(end);
        let start = 0;
        for (; i < end; i++) {
          expect(new TextDecoder().decode(buffer.subarray(start, effects.ends[i]))).toBe(commands[i]);
          start = effects.ends[i]!;
        }
        expect(start).toBeLessThan(100 + 250);
      }
      expect(i).toBe(40);
      effects.clear();
      expect(effects.aside).toEqual([]);
    }
  });

  it('are fed as one unit, in their order', () => {
    const h = new Harness(() => 0);
    const member = (i: number): string => `${i}`.padStart(50_000, '0');
    for (let i = 0; i < 60; i++) h.run('SADD', 's', member(i));
    h.takeEffects();
    expect(h.run('SPOP', 's', 50).split('$')).toHaveLength(51);
    const effects = h.takeEffects();
    expect([effects[0], effects.at(-1)]).toEqual(['0: MULTI', '0: EXEC']);
    expect(effects).toHaveLength(52);
    expect(new Set(effects.map(({ length }) => length))).toEqual(new Set([8, 7, 50_010]));
  });

  it('leave no large buffer behind', () => {
    const effects = new EffectBuffer(100);
    effects.begin(1);
    effects.argument('x'.repeat(10_000));
    effects.clear();
    expect(effects.buffer.length).toBe(256);
  });
});

describe('a handler that throws', () => {
  it('a refusal answers its text, and is no bug', () => {
    const h = withMark();
    h.registry.define(parseFacts('tired;1;generic;1.0.0;;;0 0 0'), (ctx) => {
      ctx.reply.array(3);
      throw new Refusal('ERR no more');
    });
    expect(h.run('tired')).toBe('-ERR no more');
  });

  it('costs its client an error and nobody else anything', () => {
    const h = withMark();
    const reports: string[] = [];
    h.dispatcher.onInternalError = (error, command) => reports.push(`${command.name}: ${String(error)}`);
    expect(h.run('mark', 'key', 'throw')).toBe('-ERR internal error');
    expect(reports).toEqual(['mark: Error: bug']);
    expect(h.takeEffects()).toEqual([]);
    expect(h.run('mark', 'key')).toBe('+OK');
    expect(h.takeEffects()).toEqual(['0: mark key']);
  });

  it('leaves replies before it as they are, in nested requests too', () => {
    const h = withMark();
    h.dispatcher.onInternalError = () => undefined;
    expect(h.run('mark', 'key', 'nested', 'throw')).toBe('-ERR internal error');
    expect(h.takeEffects()).toEqual(['0: mark inner']);
    h.reply.reset();
    h.dispatcher.execute(h.session, requestOf('ping'), h.reply);
    h.dispatcher.execute(h.session, requestOf('mark', 'key', 'throw'), h.reply);
    const text = new TextDecoder().decode(h.reply.buffer.subarray(0, h.reply.length));
    expect(text).toBe('+PONG\r\n-ERR internal error\r\n');
  });
});

describe('statistics', () => {
  it('counts calls, failures and refusals by command, and errors by code', () => {
    const h = withMark();
    h.run('mark', 'k');
    h.run('mark', 'k', 'fail');
    h.run('mark');
    h.run('nosuch');
    const mark = h.registry.get('mark')!;
    expect([mark.calls, mark.failed, mark.rejected]).toEqual([2, 1, 1]);
    expect(h.dispatcher.commandsProcessed).toBe(2);
    expect(h.dispatcher.errorReplies).toBe(3);
    expect(Object.fromEntries(h.dispatcher.errorCounts)).toEqual({ BADMARK: 1, ERR: 2 });
    h.dispatcher.resetStatistics();
    expect([mark.calls, h.dispatcher.errorReplies, h.dispatcher.errorCounts.size]).toEqual([0, 0, 0]);
  });

  it('does not take a bulk string that begins with a minus for an error', () => {
    const h = new Harness();
    h.run('echo', '-x');
    expect(h.dispatcher.errorReplies).toBe(0);
  });

  it('adds up the time of a command, whether each call is timed or a sample', () => {
    const h = new Harness();
    h.registry.define(parseFacts('nap;1;generic;1.0.0;;;0 0 0'), () => {
      h.time += 2;
    });
    for (let i = 0; i < 64; i++) h.run('nap');
    const nap = h.registry.get('nap')!;
    expect(nap.usec).toBe(64 * 2000);
    for (let i = 0; i < 64; i++) h.run('nap');
    expect(nap.usec).toBe(128 * 2000);
  });

  it('remembers the last command of a session', () => {
    const h = new Harness();
    h.run('command', 'count');
    expect(h.session.lastCommand?.name).toBe('command|count');
    h.run('nosuch');
    expect(h.session.lastCommand).toBeUndefined();
  });
});

describe('CLIENT REPLY', () => {
  const withReply = (): Harness => {
    const h = new Harness();
    h.registry.register('client|reply', (ctx) => {
      if (ctx.is(2, 'ON')) {
        ctx.session.replyMode = ReplyMode.on;
        ctx.reply.ok();
      } else if (ctx.is(2, 'OFF')) ctx.session.replyMode = ReplyMode.off;
      else if (ctx.session.replyMode !== ReplyMode.off) ctx.session.replyMode = ReplyMode.skipNext;
    });
    return h;
  };

  it('OFF drops all replies, errors too, until ON', () => {
    const h = withReply();
    expect(h.run('client', 'reply', 'off')).toBe('');
    expect([h.run('ping'), h.run('nosuch'), h.run('echo')]).toEqual(['', '', '']);
    expect(h.run('client', 'reply', 'on')).toBe('+OK');
    expect(h.run('ping')).toBe('+PONG');
  });

  it('SKIP drops one reply', () => {
    const h = withReply();
    h.run('client', 'reply', 'skip');
    expect(h.run('client', 'reply', 'skip')).toBe('');
    expect(h.run('ping')).toBe('');
    expect(h.run('ping')).toBe('+PONG');
    h.run('client', 'reply', 'skip');
    expect(h.run('nosuch')).toBe('');
    expect(h.run('ping')).toBe('+PONG');
  });
});

describe('sessions', () => {
  it('answer in their own protocol', () => {
    const h = new Harness();
    const other = new Session({ id: 2 });
    other.protocol = 3;
    expect(h.execute(requestOf('command', 'docs', 'nosuch'), other)).toBe('%0');
    expect(h.execute(requestOf('command', 'docs', 'nosuch'))).toBe('*0');
  });

  it('with NO-TOUCH leave access times alone, but for TOUCH', () => {
    const h = new Harness();
    const seen: [string, boolean][] = [];
    const note = (ctx: CommandContext): void => void seen.push([ctx.command.name, ctx.keyspace.touching]);
    h.registry.define(parseFacts('note;1;generic;1.0.0;;;0 0 0'), note);
    const noter = h.registry.get('touch') ?? h.registry.register('touch', note);
    noter.handler = note;
    h.registry.define(parseFacts('outer;1;generic;1.0.0;;;0 0 0'), (ctx) => {
      h.dispatcher.execute(ctx.session, requestOf('touch', 'k'), ctx.reply);
      note(ctx);
    });
    h.session.noTouch = true;
    h.run('note');
    h.run('outer');
    h.session.noTouch = false;
    h.run('note');
    expect(seen).toEqual([
      ['note', false],
      ['touch', true],
      ['outer', false],
      ['note', true],
    ]);
  });
});

describe('replay', () => {
  it('executes without asking for authentication, memory or disk', () => {
    const h = withMark();
    h.dispatcher.loading = true;
    h.dispatcher.writesDenied = 'MISCONF no';
    h.dispatcher.makeRoom = () => false;
    h.session.authenticated = false;
    expect(h.dispatcher.replay(h.session, requestOf('mark', 'k'), h.reply)).toBe(true);
    expect(h.keyspace.dirty).toBe(1);
  });

  it('says so when there is no such command, or its arity is wrong', () => {
    const h = withMark();
    for (const request of [requestOf('nosuch'), requestOf('mark'), requestOf('command', 'nosuch')]) {
      expect(h.dispatcher.replay(h.session, request, h.reply)).toBe(false);
    }
    expect(h.reply.length).toBe(0);
  });
});
