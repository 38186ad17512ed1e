import { byName, StreamId } from '@clone/core-store';
import { chain, viewed } from './digest.js';
import type { ServerValue } from './value.js';

const least = new StreamId();
const greatest = new StreamId().setMax();

export const streamValue: ServerValue = {
  show({ streams }, record, parts) {
    const entries = streams.iterator(record, least, greatest, false);
    while (entries.next()) parts.entry(entries);
    parts.figures(streams.figures(record));
    if (!streams.hasGroups(record)) return;
    for (const group of byName(streams.groups(record))) {
      parts.group(group);
      for (const { name } of byName(group.consumers)) parts.consumer(group, name);
      for (const { id, consumer, deliveryTime, deliveryCount } of group.pending) {
        parts.pending(group, { id, consumer: consumer.name, deliveryTime, deliveryCount });
      }
    }
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
