import { type Database, EventClass, Keyspace, type KeyspaceListener } from '@clone/core-store';
import { expect, test } from 'vitest';
import { KeyspaceListeners } from './keyspace-listeners.js';

const key = new TextEncoder().encode('k');

class Listener implements KeyspaceListener {
  heard: string[] = [];
  leave = (): void => undefined;

  event(db: Database, _bytes: Uint8Array, _offset: number, length: number, eventClass: number, event: string): void {
    this.heard.push([db.index, length, eventClass, event].join(' '));
    this.leave();
  }
  removed(_db: Database, _bytes: Uint8Array, _offset: number, _length: number, reason: 'expired' | 'evicted'): void {
    this.heard.push(reason);
    this.leave();
  }
  fieldExpired(): void {
    this.heard.push('field');
  }
  flushed(): void {
    this.heard.push('flushed');
  }
}

function make(): { keyspace: Keyspace; listeners: KeyspaceListeners; tell: () => void } {
  const keyspace = new Keyspace({ clock: { now: () => 1e12 }, random: () => 0.5, hashSeed: [1, 2] });
  const db = keyspace.databases[3]!;
  const tell = (): void => {
    keyspace.changed(db, key, 0, 1, EventClass.string, 'set');
    keyspace.removed(db, key, 0, 1, 'evicted');
    keyspace.fieldExpired(db, key, 0, 1, key, 0, 1);
    keyspace.flush(db, true);
  };
  return { keyspace, listeners: new KeyspaceListeners(keyspace), tell };
}

const everything = ['3 1 8 set', 'evicted', 'field', 'flushed'];

test('one listener is the one of the keyspace, several share it, and without any there is none', () => {
  const { keyspace, listeners, tell } = make();
  const [first, second] = [new Listener(), new Listener()];
  listeners.add(first);
  expect(keyspace.listener).toBe(first);
  listeners.add(second);
  listeners.add(second);
  tell();
  expect([first.heard, second.heard]).toEqual([everything, everything]);
  listeners.remove(first);
  listeners.remove(first);
  expect(keyspace.listener).toBe(second);
  listeners.remove(second);
  expect(keyspace.listener).toBeUndefined();
});

test('a listener that goes because of what it hears takes nothing from the others', () => {
  const { keyspace, listeners, tell } = make();
  const [leaving, staying] = [new Listener(), new Listener()];
  leaving.leave = () => listeners.remove(leaving);
  listeners.add(leaving);
  listeners.add(staying);
  tell();
  expect(leaving.heard).toEqual(everything.slice(0, 1));
  expect(staying.heard).toEqual(everything);
  expect(keyspace.listener).toBe(staying);
});
