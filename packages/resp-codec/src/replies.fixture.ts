/*
 * Replies as a server would send them, for tests: a small model, its bytes, and the value that a decoder must make of it.
 */
import fc from 'fast-check';
import { ReplyError, type Reply, type ReplyFormat, VerbatimString } from './index.js';

/** A reply before it is bytes. `attributes` come before the value and are no part of it. */
export type Model =
  | { type: 'simple' | 'error'; text: string }
  | { type: 'integer' | 'big'; value: bigint }
  | { type: 'bulk' | 'blobError'; bytes: Uint8Array }
  | { type: 'verbatim'; format: string; bytes: Uint8Array }
  | { type: 'null'; token: '_\r\n' | '$-1\r\n' | '*-1\r\n' }
  | { type: 'boolean'; value: boolean }
  | { type: 'double'; value: number }
  | { type: 'array' | 'set' | 'push'; items: Model[] }
  | { type: 'map'; pairs: [Model, Model][] }
  | { type: 'attributed'; pairs: [Model, Model][]; item: Model };

const TYPE_BYTE = {
  simple: '+',
  error: '-',
  integer: ':',
  big: '(',
  bulk: '$',
  blobError: '!',
  verbatim: '=',
  boolean: '#',
  double: ',',
  array: '*',
  set: '~',
  push: '>',
  map: '%',
  attributed: '|',
} as const;

/** The bytes of a reply. */
export function wire(model: Model): Buffer {
  if (model.type === 'null') return Buffer.from(model.token);
  const head = (rest: string | number | bigint): Buffer => Buffer.from(`${TYPE_BYTE[model.type]}${String(rest)}\r\n`);
  const bulk = (...parts: Uint8Array[]): Buffer => {
    const payload = Buffer.concat(parts);
    return Buffer.concat([head(payload.length), payload, Buffer.from('\r\n')]);
  };
  switch (model.type) {
    case 'simple':
    case 'error':
      return head(model.text);
    case 'integer':
    case 'big':
      return head(model.value);
    case 'bulk':
    case 'blobError':
      return bulk(model.bytes);
    case 'verbatim':
      return bulk(Buffer.from(`${model.format}:`), model.bytes);
    case 'boolean':
      return head(model.value ? 't' : 'f');
    case 'double':
      return head(doubleText(model.value));
    case 'array':
    case 'set':
    case 'push':
      return Buffer.concat([head(model.items.length), ...model.items.map(wire)]);
    case 'map':
      return Buffer.concat([head(model.pairs.length), ...model.pairs.flat().map(wire)]);
    case 'attributed':
      return Buffer.concat([head(model.pairs.length), ...model.pairs.flat().map(wire), wire(model.item)]);
  }
}

function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (Object.is(value, -0)) return '-0';
  return String(value).replace('Infinity', 'inf');
}

/** What a decoder hands out, in order. */
export type Event = readonly ['reply' | 'push' | 'attribute', unknown];

/** What the decoder must hand out for a reply. */
export function expected(model: Model, format: ReplyFormat): Event[] {
  const events: Event[] = [];
  const value = valueOf(model, format, events);
  events.push([model.type === 'push' ? 'push' : 'reply', value]);
  return events;
}

function valueOf(model: Model, format: ReplyFormat, events: Event[]): Reply {
  const items = (models: Model[]): Reply[] => models.map((item) => valueOf(item, format, events));
  const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const string = (bytes: Uint8Array): string | Uint8Array =>
    format.bulk === 'string' ? text(bytes) : Uint8Array.from(bytes);
  const map = (pairs: [Model, Model][]): Reply => {
    const flat = items(pairs.flat());
    if (format.map === 'array') return flat;
    const entries = pairs.map((_, i): [Reply, Reply] => [flat[2 * i]!, flat[2 * i + 1]!]);
    if (format.map === 'map' || entries.some(([key]) => isAggregate(key))) return new Map(entries);
    const object = Object.create(null) as Record<string, Reply>;
    for (const [key, value] of entries) object[propertyName(key)] = value;
    return object;
  };
  switch (model.type) {
    case 'null':
      return null;
    case 'simple':
      return model.text;
    case 'error':
      return new ReplyError(model.text);
    case 'blobError':
      return new ReplyError(text(model.bytes));
    case 'integer': {
      const number = Number(model.value);
      if (Number.isSafeInteger(number)) return number;
      return format.bigInteger === 'bigint' ? model.value : model.value.toString();
    }
    case 'big':
      return format.bigInteger === 'bigint' ? model.value : model.value.toString();
    case 'bulk':
      return string(model.bytes);
    case 'verbatim':
      return format.verbatim === 'tagged' ? new VerbatimString(model.format, string(model.bytes)) : string(model.bytes);
    case 'boolean':
    case 'double':
      return model.value;
    case 'array':
    case 'push':
      return items(model.items);
    case 'set':
      return format.set === 'set' ? new Set(items(model.items)) : items(model.items);
    case 'map':
      return map(model.pairs);
    case 'attributed':
      events.push(['attribute', map(model.pairs)]);
      return valueOf(model.item, format, events);
  }
}

function isAggregate(value: Reply): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Uint8Array) &&
    !(value instanceof VerbatimString && !isAggregate(value.value))
  );
}

function propertyName(key: Reply): string {
  if (key instanceof VerbatimString) return propertyName(key.value);
  if (key instanceof Uint8Array) return Buffer.from(key).toString();
  if (typeof key === 'object' && key !== null) throw new TypeError('an aggregate is no property name');
  return String(key);
}

const INT64 = 2n ** 63n;
const line = fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll(/[\r\n]/g, ' '));
const payload = fc.oneof(
  fc.string({ maxLength: 60 }).map((text) => new Uint8Array(Buffer.from(text))),
  fc.string({ unit: 'binary', maxLength: 60 }).map((text) => new Uint8Array(Buffer.from(text))),
  fc.uint8Array({ maxLength: 60 }),
  fc.integer({ min: 1000, max: 9000 }).map((length) => new Uint8Array(length).fill(120)),
);

const scalars: fc.Arbitrary<Model>[] = [
  fc.record({ type: fc.constantFrom('simple', 'error'), text: line }),
  fc.record({ type: fc.constant('integer'), value: fc.bigInt({ min: -INT64, max: INT64 - 1n }) }),
  fc.record({ type: fc.constant('integer'), value: fc.integer({ min: -1000, max: 1e9 }).map(BigInt) }),
  fc.record({ type: fc.constant('big'), value: fc.bigInt() }),
  fc.record({ type: fc.constantFrom('bulk', 'blobError'), bytes: payload }),
  fc.record({ type: fc.constant('bulk'), bytes: payload }),
  fc.record({ type: fc.constant('verbatim'), format: fc.constantFrom('txt', 'mkd'), bytes: payload }),
  fc.record({ type: fc.constant('null'), token: fc.constantFrom('_\r\n', '$-1\r\n', '*-1\r\n') }),
  fc.record({ type: fc.constant('boolean'), value: fc.boolean() }),
  fc.record({
    type: fc.constant('double'),
    value: fc.oneof(
      fc.double(),
      fc.integer().map((n) => n / 100),
    ),
  }),
];

const { nested } = fc.letrec<{ nested: Model }>((tie) => {
  const pairs = fc.array(fc.tuple(tie('nested'), tie('nested')), { maxLength: 3 });
  return {
    nested: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      ...scalars,
      fc.record({ type: fc.constantFrom('array', 'set'), items: fc.array(tie('nested'), { maxLength: 5 }) }),
      fc.record({ type: fc.constant('map'), pairs }),
      fc.record({ type: fc.constant('attributed'), pairs, item: tie('nested') }),
    ),
  };
});

/** Replies of every kind. */
export const anyReply: fc.Arbitrary<Model> = fc.oneof(
  { arbitrary: nested, weight: 9 },
  { arbitrary: fc.record({ type: fc.constant('push'), items: fc.array(nested, { maxLength: 4 }) }), weight: 1 },
);

/** Every combination of formats. */
export const anyFormat: fc.Arbitrary<ReplyFormat> = fc.record({
  bulk: fc.constantFrom('string', 'bytes', 'view'),
  map: fc.constantFrom('map', 'object', 'array'),
  set: fc.constantFrom('array', 'set'),
  bigInteger: fc.constantFrom('bigint', 'string'),
  verbatim: fc.constantFrom('plain', 'tagged'),
});

/** Streams that begin like RESP and then may be anything. */
export const anyGarbage: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .array(
      fc.constantFrom(
        ...Array.from('*$+-:%~>|!=,(#_0123456789ex\r\n.'),
        '\r\n',
        '\r\n',
        '$-1\r\n',
        '*2\r\n',
        '%1\r\n',
        '$3\r\n',
        ':1\r\n',
      ),
      { maxLength: 60 },
    )
    .map((parts) => new Uint8Array(Buffer.from(parts.join('')))),
  fc
    .tuple(
      fc.array(anyReply, { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
    )
    .map(([models, edits]) => {
      const stream = new Uint8Array(Buffer.concat(models.map(wire)));
      for (const [at, byte] of edits) stream[at % stream.length] = byte;
      return stream;
    }),
);

/** The same value with bytes as text: vitest compares long typed arrays element by element, in milliseconds. */
export function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return `${value.constructor.name} ${Buffer.from(value).toString('latin1')}`;
  if (Array.isArray(value)) return value.map(comparable);
  if (value instanceof Set) return new Set([...value].map(comparable));
  if (value instanceof Map) return ['Map', ...[...value].map(comparable)];
  if (value instanceof VerbatimString) return ['VerbatimString', value.format, comparable(value.value)];
  if (value instanceof Error || typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  return [prototype === null ? 'object' : prototype, ...Object.entries(value).map(comparable)];
}

/** Cuts a stream at positions that come from numbers of any size. */
export function pieces(stream: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const positions = [0, ...cuts.map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b), stream.length];
  return positions.slice(1).map((end, i) => stream.slice(positions[i], end));
}
