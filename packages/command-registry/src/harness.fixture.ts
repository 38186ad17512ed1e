/**
 * A whole server without sockets, for tests: commands go in as words, the reply comes out as RESP with line ends shown
 * as spaces. Time stands still until a test moves it.
 */
import { type Database, Keyspace, type KeyspaceListener } from '@clone/core-store';
import { ReplyWriter, Request, RequestParser } from '@clone/resp-codec';
import { latin1 } from './context.js';
import { Dispatcher } from './dispatcher.js';
import type { EffectFeed } from './effects.js';
import { registerDataCommands } from './index.js';
import { Registry } from './registry.js';
import type { ServerServices } from './services.js';
import { Session } from './session.js';

/** A word of a command: text becomes UTF-8, numbers decimal. */
export type Word = string | number | Uint8Array;

const encoder = new TextEncoder();

function encode(words: readonly Word[]): Uint8Array {
  const parts: Uint8Array[] = [encoder.encode(`*${words.length}\r\n`)];
  for (const word of words) {
    const bytes = word instanceof Uint8Array ? word : encoder.encode(String(word));
    parts.push(encoder.encode(`$${bytes.length}\r\n`), bytes, encoder.encode('\r\n'));
  }
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function parse(bytes: Uint8Array): Request {
  const parser = new RequestParser();
  parser.feed(bytes, 0, bytes.length);
  if (parser.next() !== 1) throw new Error('the test made no request');
  return parser.request;
}

/** A request as the parser makes it. */
export function requestOf(...words: Word[]): Request {
  return parse(encode(words));
}

/** A request as it comes from a line of text. */
export function inlineRequestOf(line: string): Request {
  return parse(encoder.encode(`${line}\r\n`));
}

/** Several effects of one command in database 0, as they are fed. */
export function unit(...effects: string[]): string[] {
  return ['0: MULTI', ...effects, '0: EXEC'];
}

/** Remembers what was fed: `db` and the words, as `0: SET key value`. */
class RecordingFeed implements EffectFeed {
  readonly effects: string[] = [];

  append(db: number, bytes: Uint8Array, offset: number, length: number): void {
    const request = parse(bytes.slice(offset, offset + length));
    const words = Array.from({ length: request.argc }, (_, i) =>
      latin1(request.bytes, request.offsets[i]!, request.lengths[i]!),
    );
    this.effects.push(`${db}: ${words.join(' ')}`);
  }
}

/** Remembers what the keyspace reports, as `0: set k`; the store's own removals as `0: expired k`. */
class RecordingListener implements KeyspaceListener {
  readonly events: string[] = [];

  event(db: Database, bytes: Uint8Array, offset: number, length: number, _class: number, event: string): void {
    this.events.push(`${db.index}: ${event} ${latin1(bytes, offset, length)}`);
  }

  removed(db: Database, bytes: Uint8Array, offset: number, length: number, reason: 'expired' | 'evicted'): void {
    this.events.push(`${db.index}: ${reason} ${latin1(bytes, offset, length)}`);
  }

  fieldExpired(
    db: Database,
    key: Uint8Array,
    keyOffset: number,
    keyLength: number,
    field: Uint8Array,
    fieldOffset: number,
    fieldLength: number,
  ): void {
    const name = `${latin1(key, keyOffset, keyLength)}.${latin1(field, fieldOffset, fieldLength)}`;
    this.events.push(`${db.index}: field ${name}`);
  }

  flushed(db: Database | undefined): void {
    this.events.push(db === undefined ? 'all flushed' : `${db.index}: flushed`);
  }
}

export class Harness {
  /** Milliseconds since the epoch; `advance` moves it. */
  time = 1_700_000_000_000;
  readonly keyspace: Keyspace;
  readonly registry = new Registry();
  readonly dispatcher: Dispatcher;
  readonly feed = new RecordingFeed();
  readonly listener = new RecordingListener();
  readonly session = new Session({ id: 1 });
  readonly reply = new ReplyWriter();
  readonly server: { -readonly [K in keyof ServerServices]: ServerServices[K] } = {
    unixMicroseconds: () => this.time * 1000 + 7,
    monotonicMilliseconds: () => this.time,
    redisVersion: '7.2.4',
    maxBulkLength: 512 * 1024 * 1024,
    hllSparseMaxBytes: 3000,
    lazyUserFlush: false,
  };

  /** @param random numbers in [0, 1) for everything that is random */
  constructor(random: () => number = () => 0.5) {
    this.keyspace = new Keyspace({
      clock: { now: () => this.time },
      random,
      hashSeed: [1, 2],
      listener: this.listener,
    });
    this.dispatcher = new Dispatcher({
      registry: this.registry,
      keyspace: this.keyspace,
      server: this.server,
      feed: this.feed,
    });
    // What a handler throws shall fail the test.
    this.dispatcher.onInternalError = (error) => {
      throw error;
    };
    registerDataCommands(this.registry);
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
    this.keyspace.setTime(this.time);
  }

  /** Executes one command and answers its whole reply, one character per byte, line ends as blanks, none at its end. */
  run(...words: Word[]): string {
    return this.execute(requestOf(...words));
  }

  execute(request: Request, session: Session = this.session): string {
    this.reply.reset();
    this.dispatcher.execute(session, request, this.reply);
    return latin1(this.reply.buffer, 0, this.reply.length)
      .replace(/(\r\n)+$/, '')
      .replaceAll('\r\n', ' ');
  }

  /** What was fed since the last call. */
  takeEffects(): string[] {
    return this.feed.effects.splice(0);
  }

  /** What the keyspace reported since the last call. */
  takeEvents(): string[] {
    return this.listener.events.splice(0);
  }

  /** Executes commands that are no part of what a test looks at. */
  prepare(...lines: readonly string[]): void {
    for (const line of lines) this.run(...line.split(' '));
    this.takeEffects();
    this.takeEvents();
  }

  /** Executes a command and answers what it left behind: what was fed, and what was reported. */
  trace(...words: Word[]): { readonly reply: string; readonly effects: string[]; readonly events: string[] } {
    const reply = this.run(...words);
    return { reply, effects: this.takeEffects(), events: this.takeEvents() };
  }
}
