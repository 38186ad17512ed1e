/**
 * Records as the commands that make them, for the base of an AOF rewrite: what a snapshot shows.
 */
import { EffectBuffer } from '@clone/command-registry';
import { type Handle, type Keyspace, type PartVisitor, type SnapshotVisitor, ValueType, View } from '@clone/core-store';
import { serverValue } from './values/index.js';
import { type CommandSink, PartCommands } from './values/part-commands.js';

/** A bigger buffer is not kept for the next record. */
const KEPT_BYTES = 256 * 1024;

export class RecordCommands implements SnapshotVisitor {
  readonly #keyspace: Keyspace;
  readonly #sink: CommandSink;
  readonly #parts: PartCommands;
  readonly #view = new View();
  #buffer = new EffectBuffer();

  constructor(keyspace: Keyspace, sink: CommandSink) {
    this.#keyspace = keyspace;
    this.#sink = sink;
    this.#parts = new PartCommands(sink);
  }

  record(database: number, record: Handle): void {
    const type = this.#keyspace.records.type(record);
    if (type === ValueType.string) {
      this.#writeString(database, record);
      return;
    }
    this.#begin(this.#parts, database, record);
    serverValue(type).show?.(this.#keyspace, record, this.#parts);
    this.#parts.end();
  }

  parts(database: number, record: Handle): PartVisitor {
    const parts = new PartCommands(this.#sink);
    this.#begin(parts, database, record);
    return parts;
  }

  #begin(parts: PartCommands, database: number, record: Handle): void {
    const { records } = this.#keyspace;
    records.readKey(record, this.#view);
    const expireAt = records.hasExpiry(record) ? records.expireAtBig(record).toString() : '';
    parts.begin(database, this.#view.copy(), expireAt);
  }

  #writeString(database: number, record: Handle): void {
    const { records, strings } = this.#keyspace;
    const view = this.#view;
    const out = this.#buffer;
    const expires = records.hasExpiry(record);
    out.begin(expires ? 5 : 3);
    out.text('SET');
    records.readKey(record, view);
    out.bytes(view.bytes, view.offset, view.length);
    strings.read(record, view);
    out.bytes(view.bytes, view.offset, view.length);
    if (expires) {
      out.text('PXAT');
      out.text(records.expireAtBig(record).toString());
    }
    this.#sink(database, out.buffer, 0, out.ends[0]!);
    out.clear();
    if (out.buffer.length > KEPT_BYTES) this.#buffer = new EffectBuffer();
  }
}
