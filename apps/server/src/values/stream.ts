import type { EffectBuffer } from '@clone/command-registry';
import {
  byName,
  type Handle,
  Int64,
  nameBytes,
  STREAM_ID_TEXT,
  type StreamGroup,
  StreamId,
  type Streams,
  type View,
} from '@clone/core-store';
import { chain, viewed } from './digest.js';
import type { ServerValue } from './value.js';

const least = new StreamId();
const greatest = new StreamId().setMax();
const id = new StreamId();
const deleted = new StreamId();
const added = new Int64();
const text = new Uint8Array(STREAM_ID_TEXT);

function writeId(out: EffectBuffer, shown: StreamId): void {
  out.bytes(text, 0, shown.format(text, 0));
}

function writeName(out: EffectBuffer, name: string): void {
  out.bytes(nameBytes(name), 0, name.length);
}

/** The ids and figures of a stream that its entries do not tell. */
function writeIds(streams: Streams, record: Handle, key: View, out: EffectBuffer, done: () => void): void {
  streams.lastId(record, id);
  streams.maxDeletedId(record, deleted);
  streams.readEntriesAdded(record, added);
  // XSETID may have gone below what was deleted, but does not take both ids together then.
  const below = id.compare(deleted) < 0;
  out.begin(7);
  out.text('XSETID');
  out.bytes(key.bytes, key.offset, key.length);
  writeId(out, below ? deleted : id);
  out.text('ENTRIESADDED');
  out.text(added.toBigInt().toString());
  out.text('MAXDELETEDID');
  writeId(out, deleted);
  done();
  if (!below) return;
  out.begin(3);
  out.text('XSETID');
  out.bytes(key.bytes, key.offset, key.length);
  writeId(out, id);
  done();
}

/** A group, its consumers, and what each of them has pending. */
function writeGroup(group: StreamGroup, key: View, out: EffectBuffer, done: () => void): void {
  out.begin(7);
  out.text('XGROUP');
  out.text('CREATE');
  out.bytes(key.bytes, key.offset, key.length);
  writeName(out, group.name);
  writeId(out, group.lastId);
  out.text('ENTRIESREAD');
  out.text(group.entriesRead.toString());
  done();
  for (const consumer of byName(group.consumers)) {
    // Also one that has entries: they may all be gone from the stream, and `redis-server` claims none of those.
    out.begin(5);
    out.text('XGROUP');
    out.text('CREATECONSUMER');
    out.bytes(key.bytes, key.offset, key.length);
    writeName(out, group.name);
    writeName(out, consumer.name);
    done();
    for (const entry of consumer.pending) {
      out.begin(12);
      out.text('XCLAIM');
      out.bytes(key.bytes, key.offset, key.length);
      writeName(out, group.name);
      writeName(out, consumer.name);
      out.text('0');
      writeId(out, entry.id);
      out.text('TIME');
      out.text(String(entry.deliveryTime));
      out.text('RETRYCOUNT');
      out.text(entry.deliveryCount.toString());
      out.text('JUSTID');
      out.text('FORCE');
      done();
    }
  }
}

export const streamValue: ServerValue = {
  write({ streams }, record, key, out, done) {
    const entries = streams.iterator(record, least, greatest, false);
    const { field, value } = entries;
    while (entries.next()) {
      out.begin(3 + entries.fields * 2);
      out.text('XADD');
      out.bytes(key.bytes, key.offset, key.length);
      writeId(out, entries.id);
      while (entries.nextField()) {
        out.bytes(field.bytes, field.offset, field.length);
        out.bytes(value.bytes, value.offset, value.length);
      }
      done();
    }
    if (streams.length(record) === 0) {
      // An entry that goes at once leaves an empty stream.
      out.begin(7);
      out.text('XADD');
      out.bytes(key.bytes, key.offset, key.length);
      for (const word of ['MAXLEN', '0', '0-1', 'x', 'y']) out.text(word);
      done();
    }
    writeIds(streams, record, key, out, done);
    if (!streams.hasGroups(record)) return;
    for (const group of byName(streams.groups(record))) writeGroup(group, key, out, done);
  },

  digest({ streams }, record, digest) {
    const entries = streams.iterator(record, least, greatest, false);
    while (entries.next()) {
      // The digest is older than the dash.
      chain(digest, Buffer.from(entries.id.toString().replace('-', '.')));
      while (entries.nextField()) {
        chain(digest, viewed(entries.field));
        chain(digest, viewed(entries.value));
      }
    }
  },
};
