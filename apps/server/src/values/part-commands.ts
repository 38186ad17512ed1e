/**
 * The commands that make a value, from its parts: for the base of an AOF rewrite. Elements are grouped as Redis groups them, but not to commands of any length.
 * The same for a value that comes in one go and for one whose parts come between those of others.
 */
import {
  type GroupFigures,
  nameBytes,
  type PartVisitor,
  type PendingFigures,
  STREAM_ID_TEXT,
  type StreamFigures,
  type StreamId,
  type View,
} from '@clone/core-store';
import { formatDouble } from '@clone/resp-codec';
import { OpenCommand } from './open-command.js';

/** Takes one command in RESP; the bytes are lent for the call. */
export type CommandSink = (database: number, bytes: Uint8Array, offset: number, length: number) => void;

/** Elements per command. */
const ELEMENTS_PER_COMMAND = 64;
/** A command of so many bytes is long enough: what is read back is one request, and that must not be above 2 GiB. */
const LONG_COMMAND = 1024 * 1024;

const idText = new Uint8Array(STREAM_ID_TEXT);

export class PartCommands implements PartVisitor {
  readonly #sink: CommandSink;
  readonly #out = new OpenCommand();
  #database = 0;
  #key: Uint8Array = new Uint8Array(0);
  #expireAt = '';
  /** In the command that is open. */
  #elements = 0;
  /** Fields of a hash that expire, and when: HPEXPIREAT follows the HSET that they are in. */
  readonly #expiring: Uint8Array[] = [];
  readonly #times: number[] = [];

  constructor(sink: CommandSink) {
    this.#sink = sink;
  }

  /** Begins a value; the one before has ended. @param key kept @param expireAt in ms since epoch, '' for never */
  begin(database: number, key: Uint8Array, expireAt: string): void {
    this.#database = database;
    this.#key = key;
    this.#expireAt = expireAt;
  }

  pair(field: View, value: View, expireAt: number): void {
    this.#element('HSET');
    this.#out.bytes(field.bytes, field.offset, field.length);
    this.#out.bytes(value.bytes, value.offset, value.length);
    if (expireAt >= 0) {
      this.#expiring.push(field.copy());
      this.#times.push(expireAt);
    }
    this.#closeIfFull();
  }

  member(member: View): void {
    this.#element('SADD');
    this.#out.bytes(member.bytes, member.offset, member.length);
    this.#closeIfFull();
  }

  scored(member: View, score: number): void {
    this.#element('ZADD');
    this.#out.text(formatDouble(score));
    this.#out.bytes(member.bytes, member.offset, member.length);
    this.#closeIfFull();
  }

  element(element: View): void {
    this.#element('RPUSH');
    this.#out.bytes(element.bytes, element.offset, element.length);
    this.#closeIfFull();
  }

  entry(entry: Parameters<PartVisitor['entry']>[0]): void {
    const { field, value } = entry;
    this.#begin('XADD');
    this.#id(entry.id);
    while (entry.nextField()) {
      this.#out.bytes(field.bytes, field.offset, field.length);
      this.#out.bytes(value.bytes, value.offset, value.length);
    }
    this.#close();
  }

  figures({ length, lastId, maxDeletedId, entriesAdded }: StreamFigures): void {
    if (length === 0) {
      // An entry that goes at once leaves an empty stream.
      this.#begin('XADD');
      for (const word of ['MAXLEN', '0', '0-1', 'x', 'y']) this.#out.text(word);
      this.#close();
    }
    // XSETID may have gone below what was deleted, but does not take both ids together then.
    const below = lastId.compare(maxDeletedId) < 0;
    this.#begin('XSETID');
    this.#id(below ? maxDeletedId : lastId);
    this.#out.text('ENTRIESADDED');
    this.#out.text(entriesAdded.toString());
    this.#out.text('MAXDELETEDID');
    this.#id(maxDeletedId);
    this.#close();
    if (!below) return;
    this.#begin('XSETID');
    this.#id(lastId);
    this.#close();
  }

  group({ name, lastId, entriesRead }: GroupFigures): void {
    this.#begin('XGROUP', 'CREATE');
    this.#name(name);
    this.#id(lastId);
    this.#out.text('ENTRIESREAD');
    this.#out.text(entriesRead.toString());
    this.#close();
  }

  /** Also one that has entries: they may all be gone from the stream, and `redis-server` claims none of those. */
  consumer(group: GroupFigures, name: string): void {
    this.#begin('XGROUP', 'CREATECONSUMER');
    this.#name(group.name);
    this.#name(name);
    this.#close();
  }

  pending(group: GroupFigures, { id, consumer, deliveryTime, deliveryCount }: PendingFigures): void {
    this.#begin('XCLAIM');
    this.#name(group.name);
    this.#name(consumer);
    this.#out.text('0');
    this.#id(id);
    this.#out.text('TIME');
    this.#out.text(String(deliveryTime));
    this.#out.text('RETRYCOUNT');
    this.#out.text(deliveryCount.toString());
    this.#out.text('JUSTID');
    this.#out.text('FORCE');
    this.#close();
  }

  end(): void {
    if (this.#elements > 0) this.#close();
    if (this.#expireAt === '') return;
    this.#begin('PEXPIREAT');
    this.#out.text(this.#expireAt);
    this.#close();
  }

  /** Begins a command with the key. */
  #begin(name: string, subcommand = ''): void {
    this.#out.text(name);
    if (subcommand !== '') this.#out.text(subcommand);
    this.#out.bytes(this.#key, 0, this.#key.length);
  }

  /** Begins a command if none is open: an element more follows. */
  #element(name: string): void {
    if (this.#elements++ === 0) this.#begin(name);
  }

  #closeIfFull(): void {
    if (this.#elements === ELEMENTS_PER_COMMAND || this.#out.end > LONG_COMMAND) this.#close();
  }

  #close(): void {
    const out = this.#out;
    out.close();
    this.#sink(this.#database, out.buffer, out.start, out.end - out.start);
    out.clear();
    this.#elements = 0;
    if (this.#expiring.length > 0) this.#writeTimes();
  }

  /** Those with the same time in one command, if they come one behind the other. */
  #writeTimes(): void {
    const fields = this.#expiring.splice(0);
    const times = this.#times.splice(0);
    for (let from = 0, to = 1; from < fields.length; from = to, to = from + 1) {
      while (to < fields.length && times[to] === times[from]) to++;
      this.#begin('HPEXPIREAT');
      this.#out.text(String(times[from]));
      this.#out.text('FIELDS');
      this.#out.text(String(to - from));
      for (const field of fields.slice(from, to)) this.#out.bytes(field, 0, field.length);
      this.#close();
    }
  }

  #id(id: StreamId): void {
    this.#out.bytes(idText, 0, id.format(idText, 0));
  }

  #name(name: string): void {
    this.#out.bytes(nameBytes(name), 0, name.length);
  }
}
