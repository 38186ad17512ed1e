/**
 * A record as the commands that make it, for the base of an AOF rewrite.
 */
import { EffectBuffer } from '@clone/command-registry';
import { type Handle, type Keyspace, ValueType, View } from '@clone/core-store';

/** Fields per HSET, as Redis groups them. */
const FIELDS_PER_COMMAND = 64;

/** Takes one command in RESP. */
export type CommandSink = (bytes: Uint8Array, offset: number, length: number) => void;

/** Writes a record's commands into a buffer: one writer per type, by its number. */
type RecordWriter = (keyspace: Keyspace, record: Handle, key: View, out: EffectBuffer) => void;

const value = new View();

function writeString(keyspace: Keyspace, record: Handle, key: View, out: EffectBuffer): void {
  const expires = keyspace.records.hasExpiry(record);
  keyspace.strings.read(record, value);
  out.begin(expires ? 5 : 3);
  out.text('SET');
  out.bytes(key.bytes, key.offset, key.length);
  out.bytes(value.bytes, value.offset, value.length);
  if (!expires) return;
  out.text('PXAT');
  out.text(keyspace.records.expireAtBig(record).toString());
}

function writeHash(keyspace: Keyspace, record: Handle, key: View, out: EffectBuffer): void {
  const iterator = keyspace.hashes.iterator(record);
  const { field, value: fieldValue } = iterator;
  let left = keyspace.hashes.length(record);
  for (let room = 0; iterator.next(); room--, left--) {
    if (room === 0) {
      room = Math.min(left, FIELDS_PER_COMMAND);
      out.begin(2 + room * 2);
      out.text('HSET');
      out.bytes(key.bytes, key.offset, key.length);
    }
    out.bytes(field.bytes, field.offset, field.length);
    out.bytes(fieldValue.bytes, fieldValue.offset, fieldValue.length);
  }
  if (!keyspace.records.hasExpiry(record)) return;
  out.begin(3);
  out.text('PEXPIREAT');
  out.bytes(key.bytes, key.offset, key.length);
  out.text(keyspace.records.expireAtBig(record).toString());
}

const WRITERS = new Map<number, RecordWriter>([
  [ValueType.string, writeString],
  [ValueType.hash, writeHash],
]);

export class RecordCommands {
  readonly #keyspace: Keyspace;
  readonly #buffer = new EffectBuffer();
  readonly #key = new View();

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
  }

  /** Hands over the commands that make this record, expiry included. */
  write(record: Handle, sink: CommandSink): void {
    const type = this.#keyspace.records.type(record);
    const writer = WRITERS.get(type);
    if (writer === undefined) throw new Error(`no commands make a value of type ${type}`);
    const buffer = this.#buffer;
    this.#keyspace.records.readKey(record, this.#key);
    writer(this.#keyspace, record, this.#key, buffer);
    let start = 0;
    for (let i = 0; i < buffer.count; i++) {
      const end = buffer.ends[i]!;
      sink(buffer.buffer, start, end - start);
      start = end;
    }
    buffer.clear();
  }
}
