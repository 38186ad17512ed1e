/**
 * A record as the commands that make it, for the base of an AOF rewrite.
 */
import { EffectBuffer } from '@clone/command-registry';
import { type Handle, type Keyspace, ValueType, View } from '@clone/core-store';
import { serverValue } from './values/index.js';

/** Takes one command in RESP. */
export type CommandSink = (bytes: Uint8Array, offset: number, length: number) => void;

/** A bigger buffer is not kept for the next record. */
const KEPT_BYTES = 256 * 1024;

export class RecordCommands {
  readonly #keyspace: Keyspace;
  readonly #key = new View();
  #buffer = new EffectBuffer();

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
  }

  /** Hands over the commands that make this record, one after the other, expiry included. */
  write(record: Handle, sink: CommandSink): void {
    const { records } = this.#keyspace;
    const type = records.type(record);
    const key = this.#key;
    const out = this.#buffer;
    const done = (): void => {
      sink(out.buffer, 0, out.ends[out.count - 1]!);
      out.clear();
    };
    records.readKey(record, key);
    serverValue(type).write(this.#keyspace, record, key, out, done);
    // SET carries the expiry by itself.
    if (type !== ValueType.string && records.hasExpiry(record)) {
      out.begin(3);
      out.text('PEXPIREAT');
      out.bytes(key.bytes, key.offset, key.length);
      out.text(records.expireAtBig(record).toString());
      done();
    }
    if (out.buffer.length > KEPT_BYTES) this.#buffer = new EffectBuffer();
  }
}
