import { Session } from '@clone/command-registry';
import { EventClass, Keyspace } from '@clone/core-store';
import { beforeEach, describe, expect, test } from 'vitest';
import { KeyspaceListeners } from '../keyspace-listeners.js';
import type { Frame } from '../net/pushes.js';
import { KeyspaceNotifications } from './keyspace-notifications.js';
import { PubSub } from './pub-sub.js';
import type { Receiver, TopicKind } from './subscriber.js';

const KEYSPACE = 1;
const KEYEVENT = 2;
const key = new TextEncoder().encode('k');
const args = (text: string): [Uint8Array, number, number] => [Buffer.from(text), 0, text.length];

class Listener implements Receiver {
  readonly session = new Session({ id: 1 });
  heard: string[] = [];

  push(frame: Frame): void {
    this.heard.push(
      frame
        .appendedTo(undefined)
        .text.replaceAll(/[*$]\d+\r\n/g, '')
        .replaceAll('\r\n', ' ')
        .trim(),
    );
  }
}

let now = 1e12;
let keyspace: Keyspace;
let pubsub: PubSub;
let notifications: KeyspaceNotifications;
let listener: Listener;

beforeEach(() => {
  now = 1e12;
  keyspace = new Keyspace({ clock: { now: () => now }, random: () => 0.5, hashSeed: [1, 2] });
  pubsub = new PubSub();
  notifications = new KeyspaceNotifications(keyspace, new KeyspaceListeners(keyspace), pubsub);
  listener = new Listener();
});

describe('the keyspace has no listener, and a write costs nothing,', () => {
  const isListening = (): boolean => keyspace.listener !== undefined || keyspace.tellsMisses || keyspace.tellsNewKeys;

  test('while nothing is chosen', () => {
    pubsub.subscribe('channels', listener, 'c');
    expect(isListening()).toBe(false);
    notifications.choose(KEYEVENT | EventClass.string | EventClass.keymiss | EventClass.newkey);
    expect(keyspace).toMatchObject({ listener: notifications, tellsMisses: true, tellsNewKeys: true });
    notifications.choose(KEYSPACE | EventClass.newkey);
    expect(keyspace).toMatchObject({ listener: notifications, tellsMisses: false, tellsNewKeys: true });
    notifications.choose(0);
    expect(isListening()).toBe(false);
  });

  test('while channels or classes alone are chosen', () => {
    pubsub.subscribe('channels', listener, 'c');
    for (const bits of [KEYSPACE | KEYEVENT, EventClass.string | EventClass.keymiss | EventClass.newkey]) {
      notifications.choose(bits);
      expect(isListening()).toBe(false);
    }
  });

  test.each(['channels', 'patterns'] as const)('while nobody listens: to %s', (kind) => {
    notifications.choose(KEYEVENT | EventClass.generic | EventClass.keymiss);
    expect(isListening()).toBe(false);
    pubsub.subscribe(kind, listener, 'c');
    expect(isListening()).toBe(true);
    pubsub.unsubscribe(kind, listener.session, 'c');
    expect(isListening()).toBe(false);
    pubsub.subscribe(kind, listener, 'c');
    pubsub.forget(listener.session);
    expect(isListening()).toBe(false);
  });

  test('while shard channels alone have listeners', () => {
    notifications.choose(KEYEVENT | EventClass.generic);
    pubsub.subscribe('shardChannels', listener, 'c');
    expect(isListening()).toBe(false);
  });
});

test('an event is told over both channels, to those who listen to one of them', () => {
  notifications.choose(KEYSPACE | KEYEVENT | EventClass.set);
  const names: [TopicKind, string][] = [
    ['channels', '__keyspace@3__:k'],
    ['channels', '__keyevent@3__:sadd'],
    ['patterns', '__key*'],
  ];
  for (const [kind, name] of names) pubsub.subscribe(kind, listener, name);
  keyspace.changed(keyspace.databases[3]!, key, 0, 1, EventClass.set, 'sadd');
  keyspace.changed(keyspace.databases[3]!, key, 0, 1, EventClass.list, 'lpush');
  expect(listener.heard).toEqual([
    'message __keyspace@3__:k sadd',
    'pmessage __key* __keyspace@3__:k sadd',
    'message __keyevent@3__:sadd k',
    'pmessage __key* __keyevent@3__:sadd k',
  ]);
});

test('fields that expire are told of as a change of their hash, once, and the last of them as its end', () => {
  notifications.choose(KEYEVENT | EventClass.hash | EventClass.generic | EventClass.expired);
  pubsub.subscribe('patterns', listener, '*');
  const db = keyspace.databases[0]!;
  const h = db.createHash(...args('h'));
  for (const field of ['a', 'b']) {
    db.hashSet(h, ...args(field), ...args('v'));
    db.hashSetExpireAt(h, ...args(field), now + 100);
  }
  now += 200;
  keyspace.readClock();
  keyspace.activeExpireCycle(10);
  expect(listener.heard).toEqual(['pmessage * __keyevent@0__:hexpired h', 'pmessage * __keyevent@0__:del h']);
});

test('keys that go by themselves are told of as expired, or as evicted', () => {
  notifications.choose(KEYEVENT | EventClass.generic | EventClass.expired | EventClass.evicted);
  pubsub.subscribe('patterns', listener, '*');
  const db = keyspace.databases[0]!;
  db.setStringUntil(...args('due'), ...args('v'), now + 100);
  const h = db.setString(...args('k'), ...args('v'), false);
  db.removeRecord(h, 'evicted');
  now += 200;
  keyspace.readClock();
  keyspace.activeExpireCycle(10);
  expect(listener.heard).toEqual(['pmessage * __keyevent@0__:evicted k', 'pmessage * __keyevent@0__:expired due']);
});
