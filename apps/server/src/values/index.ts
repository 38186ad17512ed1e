import { ValueType } from '@clone/core-store';
import { hashValue } from './hash.js';
import { listValue } from './list.js';
import { setValue } from './set.js';
import { sortedSetValue } from './sorted-set.js';
import { streamValue } from './stream.js';
import { stringValue } from './string.js';
import type { ServerValue } from './value.js';

const VALUES = new Map<number, ServerValue>([
  [ValueType.string, stringValue],
  [ValueType.list, listValue],
  [ValueType.set, setValue],
  [ValueType.zset, sortedSetValue],
  [ValueType.hash, hashValue],
  [ValueType.stream, streamValue],
]);

/** @throws {Error} for a type that the server does not know */
export function serverValue(type: number): ServerValue {
  const value = VALUES.get(type);
  if (value === undefined) throw new Error(`no commands make a value of type ${type}`);
  return value;
}
