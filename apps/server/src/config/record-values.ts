/**
 * Values of JavaScript for parameters of redis.conf: what a program hands to `createServer` becomes the words that a line
 * of the file has. A value whose meaning is not plain (`maxmemory: true`, `appendonly: 1`, `maxmemory: undefined`) is
 * refused: a server that started without the limit it was given would be worse.
 */
import { inspect } from 'node:util';
import { ConfigError } from './config-error.js';
import type { Parameter } from './parameter.js';

/** Values that no message shows. */
const SECRETS: ReadonlySet<string> = new Set([
  ...['requirepass', 'masterauth', 'user', 'tls-key-file-pass', 'tls-client-key-file-pass'],
]);

/**
 * The words of a parameter's value.
 * @param name as it was typed
 * @throws ConfigError
 */
export function wordsOfValue(name: string, value: unknown, parameter: Parameter): readonly string[] {
  const isList = parameter.kind === 'list';
  const text = textOfValue(value, parameter);
  if (text !== undefined) return [text];
  if (!isList || !Array.isArray(value)) throw refusedValue('config', name, value, parameter.accepts);
  const words = value.map((each: unknown) => textOfValue(each, parameter));
  if (!words.every((word) => word !== undefined)) throw refusedValue('config', name, value, parameter.accepts);
  return [words.join(' ')];
}

/** Undefined: it does not suit the parameter. */
function textOfValue(value: unknown, { kind, choices }: Parameter): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return choices.includes('yes') && choices.includes('no') ? (value ? 'yes' : 'no') : undefined;
    case 'bigint':
      return kind === 'size' ? String(value) : undefined;
    case 'number':
      if (kind === 'list') return Number.isFinite(value) ? String(value) : undefined;
      if (!Number.isSafeInteger(value)) return undefined;
      if (kind === 'octal') return value.toString(8);
      return kind === 'integer' || kind === 'size' ? String(value) : undefined;
    default:
      return undefined;
  }
}

/** The lines of `user` or `rename-command`. @throws ConfigError */
export function linesOfValue(name: string, value: unknown): readonly string[] {
  const lines: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isLine = (each: unknown): each is string => typeof each === 'string' && !each.includes('\n');
  if (!lines.every(isLine)) throw refusedValue('config', name, value, 'a text for each line of redis.conf');
  return lines;
}

/**
 * The properties of an object of options.
 * @param place where it was handed over, for the message
 * @throws ConfigError when it is no plain object: the entries of a `Map`, say, would be passed over
 */
export function entriesOf(record: unknown, place: string): readonly (readonly [name: string, value: unknown])[] {
  const prototype: unknown = typeof record === 'object' && record !== null ? Object.getPrototypeOf(record) : undefined;
  // What comes from another realm, as in a test of jest, has another `Object.prototype`.
  if (prototype === undefined || (prototype !== null && Object.getPrototypeOf(prototype) !== null)) {
    throw new ConfigError(`${place}: ${shown(record)} is not valid: it accepts a plain object`);
  }
  return Object.entries(record as object);
}

/** The error about a value. @param place `config` or `createServer` */
export function refusedValue(place: string, name: string, value: unknown, accepts: string): ConfigError {
  const what = SECRETS.has(name.toLowerCase()) ? `a value of type ${typeof value}` : shown(value);
  return new ConfigError(`${place}: '${name}' cannot be ${what}: it accepts ${accepts}`);
}

/** In one short line. */
function shown(value: unknown): string {
  const text = inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 8, maxStringLength: 100 });
  return text.replace(/\s*\n\s*/g, ' ');
}
