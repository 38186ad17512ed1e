// A server without sockets that has one command more than Redis: SETMAX key number keeps the greater number.
import { commandFacts, Dispatcher, errors, registerDataCommands, Registry, Session } from '@clone/command-registry';
import { EventClass, Keyspace, ValueType } from '@clone/core-store';
import { ReplyWriter, REQUEST, RequestParser } from '@clone/resp-codec';

const registry = new Registry();
registerDataCommands(registry);

// The facts are those of SETNX (arity, flags, where the key is), but for the name.
registry.define({ ...commandFacts().get('setnx'), name: 'setmax' }, (ctx) => {
  const number = ctx.integer(2);
  if (!Number.isSafeInteger(number)) return ctx.reply.error(errors.notInteger);
  const record = ctx.lookupWrite(1);
  if (record !== 0 && ctx.db.typeOf(record) !== ValueType.string) return ctx.reply.error(errors.wrongType);
  const current = record === 0 ? -Infinity : ctx.db.stringAsNumber(record);
  if (Number.isNaN(current)) return ctx.reply.error(errors.notInteger);
  if (number > current) {
    ctx.db.setInteger(ctx.bytes, ctx.offset(1), ctx.length(1), number, true);
    ctx.changed(1, EventClass.string, 'setmax');
  }
  ctx.reply.integer(Math.max(number, current));
});

const dispatcher = new Dispatcher({
  registry,
  keyspace: new Keyspace({ clock: Date, random: Math.random, hashSeed: [1, 2] }),
  server: {
    unixMicroseconds: () => Date.now() * 1000,
    monotonicMilliseconds: () => performance.now(),
    redisVersion: '7.2.4',
    maxBulkLength: 512 * 1024 * 1024,
    hllSparseMaxBytes: 3000,
    lazyUserFlush: false,
  },
  // What an append-only file would get: SETMAX as it came, and nothing for the GET.
  feed: {
    append: (db, bytes, offset, length) => {
      const text = new TextDecoder().decode(bytes.subarray(offset, offset + length));
      console.log(`feed, database ${db}: ${JSON.stringify(text)}`);
    },
  },
});

const session = new Session({ id: 1 });
const parser = new RequestParser();
const reply = new ReplyWriter();
const input = new TextEncoder().encode('SETMAX best 10\r\nSETMAX best 7\r\nGET best\r\nSETMAX best\r\n');
parser.feed(input, 0, input.length);
while (parser.next() === REQUEST) dispatcher.execute(session, parser.request, reply);
console.log(new TextDecoder().decode(reply.buffer.subarray(0, reply.length)));
