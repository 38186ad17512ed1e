/**
 * A record as the commands that make it, for the base of an AOF rewrite.
 */
import { EffectBuffer } from '@clone/command-registry';
import { type Handle, type Keyspace, ValueType, View } from '@clone/core-store';

/** Fields per HSET, as Redis groups them. */
const FIELDS_PER_COMMAND = 64;

/** Takes one command in RESP. */
export type CommandSink = (bytes: Uint8Array, offset: number, length: number) => void;

/** A bigger buffer is not kept for the next record. */
const KEPT_BYTES = 256 * 1024;

/** Writes a record's commands into a buffer, and calls `done` after each: one writer per type, by its number. */
type RecordWriter = (keyspace: Keyspace, record: Handle, key: View, out: EffectBuffer, done: () => void) => void;

const value = new View();

const writeString: RecordWriter = (keyspace, record, key, out, done) => {
  const expires = keyspace.records.hasExpiry(record);
  keyspace.strings.read(record, value);
  out.begin(expires ? 5 : 3);
  out.text('SET');
  out.bytes(key.bytes, key.offset, key.length);
  out.bytes(value.bytes, value.offset, value.length);
  if (expires) {
    out.text('PXAT');
    out.text(keyspace.records.expireAtBig(record).toString());
  }
  done();
};

const writeHash: RecordWriter = (keyspace, record, key, out, done) => {
  const iterator = keyspace.hashes.iterator(record);
  const { field, value: fieldValue } = iterator;
  let left = keyspace.hashes.length(record);
  for (let room = 0; iterator.next(); left--) {
    if (room === 0) {
      room = Math.min(left, FIELDS_PER_COMMAND);
      out.begin(2 + room * 2);
      out.text('HSET');
      out.bytes(key.bytes, key.offset, key.length);
    }
    out.bytes(field.bytes, field.offset, field.length);
    out.bytes(fieldValue.bytes, fieldValue.offset, fieldValue.length);
    room--;
    if (room === 0) done();
  }
  if (!keyspace.records.hasExpiry(record)) return;
  out.begin(3);
  out.text('PEXPIREAT');
  out.bytes(key.bytes, key.offset, key.length);
  out.text(keyspace.records.expireAtBig(record).toString());
  done();
};

const WRITERS = new Map<number, RecordWriter>([
  [ValueType.string, writeString],
  [ValueType.hash, writeHash],
]);

export class RecordCommands {
  readonly #keyspace: Keyspace;
  readonly #key = new View();
  #buffer = new EffectBuffer();

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
  }

  /** Hands over the commands that make this record, one after the other, expiry included. */
  write(record: Handle, sink: CommandSink): void {
    const type = this.#keyspace.records.type(record);
    const writer = WRITERS.get(type);
    if (writer === undefined) throw new Error(`no commands make a value of type ${type}`);
    const buffer = this.#buffer;
    this.#keyspace.records.readKey(record, this.#key);
    writer(this.#keyspace, record, this.#key, buffer, () => {
      sink(buffer.buffer, 0, buffer.ends[0]!);
      buffer.clear();
    });
    if (buffer.buffer.length > KEPT_BYTES) this.#buffer = new EffectBuffer();
  }
}
