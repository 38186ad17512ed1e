// What a server holds, key by key, as far as it has to survive: values, times, and of streams what no digest covers.
import { splitArguments } from './arguments.js';
import type { Frame } from './raw-frame.js';
import type { Session } from './run.js';

const request = (line: string, ...more: readonly string[]): Buffer[] => [
  ...splitArguments(line),
  ...more.map((word) => Buffer.from(word, 'latin1')),
];

const textOf = (frame: Frame | undefined): string => frame?.body ?? frame?.header ?? '';
const textsOf = (frame: Frame | undefined): string[] => (frame?.items ?? []).map(textOf);

/** A reply of names and values in turn, by name. */
function named(frame: Frame | undefined): Map<string, Frame> {
  const items = frame?.items ?? [];
  const fields = new Map<string, Frame>();
  for (const [i, item] of items.entries()) if (i % 2 === 1) fields.set(textOf(items[i - 1]), item);
  return fields;
}

/** A key, as lines of text. */
export interface DurableKey {
  /** Type, digest, time; of a stream its ids, its groups and what is pending for whom. */
  readonly value: string;
  /** Ms since epoch, -1 for never. */
  readonly expireAt: number;
  /** What `redis-server` 7.0 does not know (times of fields), or not any more after a restart (`entries-read`). */
  readonly ours: string;
  /** How often and when an entry was delivered, and who reads: no log tells of consumers that only look. */
  readonly deliveries: string;
  /** What is pending but gone from the stream: `redis-server` forgets it when it loads a rewritten log. */
  readonly ghosts: string;
}

type StreamState = Pick<DurableKey, 'value' | 'ours' | 'deliveries' | 'ghosts'>;

const streamFields = [
  'length',
  'last-generated-id',
  'max-deleted-entry-id',
  'entries-added',
  'recorded-first-entry-id',
];

/** The answer of XINFO STREAM FULL without the entries, which are in the digest. */
function stateOfStream(frame: Frame | undefined): StreamState {
  const stream = named(frame);
  const value = streamFields.map((field) => `${field} ${textOf(stream.get(field))}`);
  const ours: string[] = [];
  const deliveries: string[] = [];
  const ghosts: string[] = [];
  const ids = new Set((stream.get('entries')?.items ?? []).map((entry) => textOf(entry.items?.[0])));
  for (const item of stream.get('groups')?.items ?? []) {
    const group = named(item);
    const field = (name: string): string => `${name} ${textOf(group.get(name))}`;
    value.push(field('name'), field('last-delivered-id'));
    ours.push(field('name'), field('entries-read'), field('lag'));
    for (const entry of group.get('pending')?.items ?? []) {
      const [id = '', consumer = '', ...delivery] = textsOf(entry);
      if (!ids.has(id)) {
        ghosts.push(`${field('name')}: ${id} ${consumer} ${delivery.join(' ')}`);
        continue;
      }
      value.push(`${id} is pending for ${consumer}`);
      deliveries.push(`${id} ${delivery.join(' ')}`);
    }
    const consumers = group.get('consumers')?.items ?? [];
    deliveries.push(...consumers.map((consumer) => `consumer ${textOf(named(consumer).get('name'))}`));
  }
  const texts = [value, ours, deliveries, ghosts].map((lines) => lines.join('\n'));
  return { value: texts[0] ?? '', ours: texts[1] ?? '', deliveries: texts[2] ?? '', ghosts: texts[3] ?? '' };
}

/** Members and scores, each score as the number that its text stands for. */
function scoresOf(frame: Frame | undefined): string[] {
  return textsOf(frame).map((text, i) => (i % 2 === 0 || Number.isNaN(Number(text)) ? text : String(Number(text))));
}

/** All keys of a server, by database and name. @param fieldTimes whether the server knows times of hash fields */
export async function durableState(
  session: Session,
  databases: number,
  fieldTimes: boolean,
): Promise<Map<string, DurableKey>> {
  const indexes = Array.from({ length: databases }, (_, db) => db);
  const lists = await inDatabases(
    session,
    indexes.map((db) => [db, request('KEYS *')]),
  );
  const keys = lists.flatMap((list, db) => textsOf(list).map((key) => ({ db, key })));
  const ask = (ask: (key: string, index: number) => Buffer[]): Promise<Frame[]> =>
    inDatabases(
      session,
      keys.map(({ db, key }, index) => [db, ask(key, index)]),
    );
  const types = (await ask((key) => request('TYPE', key))).map(textOf);
  const digests = await ask((key) => request('DEBUG DIGEST-VALUE', key));
  const times = (await ask((key) => request('PEXPIRETIME', key))).map(textOf);
  const more = await ask((key, i) => {
    if (types[i] === 'stream') return request('XINFO STREAM', key, 'FULL', 'COUNT', '0');
    if (types[i] === 'zset') return request('ZRANGE', key, '0', '-1', 'WITHSCORES');
    return types[i] === 'hash' ? request('HKEYS', key) : request('EXISTS', key);
  });
  const fields = await ask((key, i) => {
    if (types[i] !== 'hash' || !fieldTimes) return request('EXISTS', key);
    const names = textsOf(more[i]);
    return request('HPEXPIRETIME', key, 'FIELDS', String(names.length), ...names);
  });
  const state = new Map<string, DurableKey>();
  for (const [i, { db, key }] of keys.entries()) {
    // It has expired since KEYS saw it.
    if (types[i] === 'none' || times[i] === '-2') continue;
    const stream = types[i] === 'stream' ? stateOfStream(more[i]) : undefined;
    // The digest of scores is made of their texts, which 7.0 writes with other digits.
    const contents = types[i] === 'zset' ? scoresOf(more[i]) : textsOf(digests[i]);
    const fieldTimes = textsOf(fields[i]).map((time, f) => `${textsOf(more[i])[f] ?? ''} ${time}`);
    state.set(`${db} ${key}`, {
      value: [types[i], ...contents, `expires ${times[i] ?? ''}`, stream?.value ?? ''].join('\n'),
      expireAt: Number(times[i]),
      ours: stream?.ours ?? fieldTimes.sort().join('\n'),
      deliveries: stream?.deliveries ?? '',
      ghosts: stream?.ghosts ?? '',
    });
  }
  return state;
}

/** Replies to commands, each with the database that it is sent to. */
async function inDatabases(session: Session, requests: readonly [number, readonly Buffer[]][]): Promise<Frame[]> {
  const replies = await session.control(...requests.flatMap(([db, each]) => [request(`SELECT ${db}`), each]));
  return replies.filter((_, i) => i % 2 === 1);
}
