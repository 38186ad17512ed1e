/** Values as plain data: read in the ordinary way, and as a snapshot shows them. */
import type { Handle } from './arena.js';
import { text } from './bytes.fixture.js';
import type { Keyspace } from './keyspace.js';
import { ValueType } from './record.js';
import type { SnapshotVisitor } from './snapshot.js';
import { byName } from './stream-groups.js';
import { StreamId } from './stream-id.js';
import type { GroupFigures, PartVisitor, PendingFigures, StreamFigures } from './tour.js';
import { View } from './view.js';

/** Lines of text, in an order that does not depend on how the value is kept. */
export type Shown = readonly string[];

const least = new StreamId();
const greatest = new StreamId().setMax();

type StreamEntry = Parameters<PartVisitor['entry']>[0];

/** Notes what it is shown. */
class Notes implements PartVisitor {
  readonly #ordered: string[] = [];
  readonly #unordered: string[] = [];
  ended = false;

  pair(field: View, value: View, expireAt: number): void {
    this.#unordered.push(`${text(field)}=${text(value)} until ${expireAt}`);
  }

  member(member: View): void {
    this.#unordered.push(text(member));
  }

  scored(member: View, score: number): void {
    this.#unordered.push(`${text(member)} ${score}`);
  }

  element(element: View): void {
    this.#ordered.push(text(element));
  }

  entry(entry: StreamEntry): void {
    const pairs: string[] = [];
    while (entry.nextField()) pairs.push(`${text(entry.field)}=${text(entry.value)}`);
    this.#ordered.push(`${entry.id.toString()} ${pairs.join(' ')}`);
  }

  figures({ length, lastId, maxDeletedId, entriesAdded }: StreamFigures): void {
    this.#ordered.push(
      `${length} up to ${lastId.toString()}, deleted ${maxDeletedId.toString()}, added ${entriesAdded}`,
    );
  }

  group({ name, lastId, entriesRead }: GroupFigures): void {
    this.#unordered.push(`group ${name} at ${lastId.toString()}, read ${entriesRead}`);
  }

  consumer(group: GroupFigures, name: string): void {
    this.#unordered.push(`group ${group.name} has ${name}`);
  }

  pending(group: GroupFigures, { id, consumer, deliveryTime, deliveryCount }: PendingFigures): void {
    this.#unordered.push(`${group.name} ${id.toString()}: ${consumer} ${deliveryTime} ${deliveryCount}`);
  }

  end(): void {
    if (this.ended) throw new Error('a value ends twice');
    this.ended = true;
  }

  get shown(): Shown {
    return [...this.#ordered, ...this.#unordered.sort()];
  }
}

/** Reads a value in the ordinary way. */
function readInto(space: Keyspace, record: Handle, notes: PartVisitor): void {
  const { lists, sets, sortedSets, hashes, streams, strings } = space;
  switch (space.records.type(record)) {
    case ValueType.string: {
      const value = new View();
      strings.read(record, value);
      notes.element(value);
      break;
    }
    case ValueType.list: {
      const elements = lists.iterator(record, 0, false);
      while (elements.next()) notes.element(elements.value);
      break;
    }
    case ValueType.set: {
      const members = sets.iterator(record);
      while (members.next()) notes.member(members.member);
      break;
    }
    case ValueType.zset: {
      const cursor = sortedSets.cursor(record);
      for (let more = cursor.seek(0); more; more = cursor.next()) notes.scored(cursor.member, cursor.score);
      break;
    }
    case ValueType.hash: {
      const pairs = hashes.iterator(record);
      while (pairs.next()) notes.pair(pairs.field, pairs.value, pairs.expireAt);
      break;
    }
    default: {
      const entries = streams.iterator(record, least, greatest, false);
      while (entries.next()) notes.entry(entries);
      notes.figures(streams.figures(record));
      for (const group of byName(streams.groups(record))) {
        notes.group(group);
        for (const name of group.consumers.keys()) notes.consumer(group, name);
        for (const { id, consumer, deliveryTime, deliveryCount } of group.pending) {
          notes.pending(group, { id, consumer: consumer.name, deliveryTime, deliveryCount });
        }
      }
    }
  }
}

function nameOf(space: Keyspace, database: number, record: Handle): string {
  const view = new View();
  space.records.readKey(record, view);
  return `${database} ${text(view)} ${space.records.type(record)} until ${space.records.expireAtBig(record)}`;
}

/** All that a keyspace holds, read in the ordinary way. */
export function contents(space: Keyspace): Map<string, Shown> {
  const all = new Map<string, Shown>();
  for (const db of space.databases) {
    db.forEach((record) => {
      const notes = new Notes();
      readInto(space, record, notes);
      all.set(nameOf(space, db.index, record), notes.shown);
    });
  }
  return all;
}

/** Notes what a snapshot shows. */
export class Album implements SnapshotVisitor {
  readonly #space: Keyspace;
  readonly #notes = new Map<string, Notes>();
  /** Values that were shown in parts. */
  toured = 0;

  constructor(space: Keyspace) {
    this.#space = space;
  }

  record(database: number, record: Handle): void {
    const notes = this.#begin(database, record);
    readInto(this.#space, record, notes);
    notes.end();
  }

  parts(database: number, record: Handle): PartVisitor {
    this.toured++;
    return this.#begin(database, record);
  }

  #begin(database: number, record: Handle): Notes {
    const name = nameOf(this.#space, database, record);
    if (this.#notes.has(name)) throw new Error(`${name} is shown twice`);
    const notes = new Notes();
    this.#notes.set(name, notes);
    return notes;
  }

  get contents(): Map<string, Shown> {
    for (const [name, notes] of this.#notes) if (!notes.ended) throw new Error(`${name} is not shown to its end`);
    return new Map([...this.#notes].map(([name, notes]) => [name, notes.shown]));
  }
}
