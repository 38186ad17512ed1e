// What a configuration parameter is: a name, a default, and rules that turn what was typed into the canonical text
// that CONFIG GET shows. A parameter never holds its current value; `Config` does.

import { formatMemorySize, parseMemorySize } from './memory-size.js';
import { quoteArgument } from './split-arguments.js';

export const INT_MAX = 2147483647n;
export const INT_MIN = -2147483648n;
export const UINT32_MAX = 4294967295n;
export const INT64_MAX = (1n << 63n) - 1n;
const INT64_MIN = -(1n << 63n);
export const UINT64_MAX = (1n << 64n) - 1n;

/** Thrown by `normalize` with the text that Redis puts behind "CONFIG SET failed … - " and into start-up errors. */
export class InvalidValue extends Error {}

/**
 * What sort of value it takes, for a program that hands over JavaScript's own (see `config-record.ts`): a whole number, a
 * size in bytes, a file mode in octal, one or several of a few words, any text, or a list of words and numbers.
 */
type ParameterKind = 'flag' | 'integer' | 'size' | 'octal' | 'choice' | 'text' | 'list';

export interface Parameter {
  readonly name: string;
  readonly kind: ParameterKind;
  /** What it takes, in words that go on after "accepts". */
  readonly accepts: string;
  /** The words of a choice. */
  readonly choices: readonly string[];
  /** A second, older name under which CONFIG GET and SET know it too. */
  readonly alias?: string;
  readonly default: string;
  /** False: only the configuration file and the command line set it. */
  readonly mutable: boolean;
  /** CONFIG SET wants `enable-protected-configs`. */
  readonly protected: boolean;
  /** CONFIG GET answers for its name, and does not list it. */
  readonly hidden: boolean;
  /** Takes several words in redis.conf; CONFIG SET splits its one argument at every space. */
  readonly multiple: boolean;
  /** Names a file: CONFIG SET of the same name means that the file has changed. */
  readonly reread: boolean;
  /** Several lines of redis.conf add up, as for `save`. */
  readonly additive: boolean;
  /** A value may have zero bytes; elsewhere one ends the value, as in C. */
  readonly binary: boolean;
  /** What CONFIG GET shows of the canonical text, if that is not all. */
  readonly shown?: (value: string) => string;
  /** The value that CONFIG REWRITE has no line for, not even where there was one. */
  readonly unwritten?: string;
  /** Each line of redis.conf says something of its own, and is left out when it says the default. */
  readonly linesApart: boolean;
  /** Why it is accepted, kept and shown, and changes nothing here; undefined for one that works. */
  readonly idle?: string;
  /**
   * Its default promises something that it does not do: a line with it is told of even if it
   * changes nothing.
   */
  readonly promises: boolean;
  /** Why a value other than the default is refused; undefined when it is not. */
  readonly unsupported?: string;
  /** Not of Redis: the server's own. */
  readonly ours: boolean;
  /** @param current the canonical value before the change, for parameters whose argument amends it */
  readonly normalize: (args: readonly string[], current: string) => string;
  /** The lines of redis.conf, without the name, that give this canonical value back. */
  readonly toFile: (value: string) => readonly string[];
}

type Extras = Partial<Omit<Parameter, 'name' | 'default'>>;

export function define(
  name: string,
  defaultValue: string,
  normalize: Parameter['normalize'],
  toFile: Parameter['toFile'],
  extras: Extras = {},
): Parameter {
  return {
    kind: extras.multiple === true ? 'list' : 'text',
    accepts: extras.multiple === true ? 'a list of words, or a text of them' : 'a text',
    choices: [],
    mutable: true,
    protected: false,
    hidden: false,
    multiple: false,
    reread: false,
    additive: false,
    binary: false,
    linesApart: false,
    ours: false,
    promises: false,
    ...extras,
    name,
    default: defaultValue,
    normalize,
    toFile,
  };
}

const asIs = (value: string): readonly string[] => [value];
const quoted = (value: string): readonly string[] => [quoteArgument(value)];

const first = (args: readonly string[]): string => args[0] ?? '';

/** A whole number as C's `strtol` reads it: spaces before it, a sign, and nothing at all are fine. Undefined: it is none. */
export function parseLong(text: string): bigint | undefined {
  if (text === '') return 0n;
  const match = /^[ \t-\r]*([+-]?)(\d+)$/.exec(text);
  if (match === null) return undefined;
  const size = BigInt(match[2]!);
  const value = match[1] === '-' ? -size : size;
  if (value > INT64_MAX) return INT64_MAX;
  return value < INT64_MIN ? INT64_MIN : value;
}

export function flag(name: string, value: 'yes' | 'no', extras?: Extras): Parameter {
  const normalize = (args: readonly string[]): string => {
    const text = first(args).toLowerCase();
    if (text !== 'yes' && text !== 'no') throw new InvalidValue("argument must be 'yes' or 'no'");
    return text;
  };
  const accepts = 'true, false, yes or no';
  return define(name, value, normalize, asIs, { kind: 'flag', accepts, choices: ['yes', 'no'], ...extras });
}

/** One of several words. @param synonyms words that mean one of the choices */
export function choice(
  name: string,
  value: string,
  choices: readonly string[],
  extras?: Extras,
  synonyms: Readonly<Record<string, string>> = {},
): Parameter {
  const normalize = (args: readonly string[]): string => {
    const words = args.map((arg) => arg.toLowerCase());
    if (words.length === 0 || !words.every((word) => choices.includes(word))) {
      throw new InvalidValue(`argument(s) must be one of the following: ${choices.join(', ')}`);
    }
    const meant = words.map((word) => synonyms[word] ?? word);
    return choices.filter((each) => meant.includes(each)).join(' ');
  };
  return define(name, value, normalize, asIs, {
    kind: 'choice',
    accepts: `one of ${choices.join(', ')}`,
    choices,
    ...extras,
  });
}

function checkRange(value: bigint, min: bigint, max: bigint, radix = 10): void {
  if (value < min || value > max) {
    throw new InvalidValue(`argument must be between ${min.toString(radix)} and ${max.toString(radix)} inclusive`);
  }
}

export function integer(name: string, value: number, min: bigint, max: bigint, extras?: Extras): Parameter {
  const normalize = (args: readonly string[]): string => {
    const text = first(args);
    const parsed = /^(0|-?[1-9]\d*)$/.test(text) ? BigInt(text) : undefined;
    if (parsed === undefined || BigInt.asIntN(64, parsed) !== parsed) {
      throw new InvalidValue("argument couldn't be parsed into an integer");
    }
    checkRange(parsed, min, max);
    return text;
  };
  const accepts = `a whole number from ${min} to ${max}`;
  return define(name, String(value), normalize, asIs, { kind: 'integer', accepts, binary: true, ...extras });
}

/** An octal number, shown and written in octal as well. */
export function octal(name: string, value: string, max: bigint, extras?: Extras): Parameter {
  const normalize = (args: readonly string[]): string => {
    const text = first(args);
    if (!/^-?[0-7]+$/.test(text)) throw new InvalidValue("argument couldn't be parsed as an octal number");
    const parsed = text.startsWith('-') ? -BigInt(`0o${text.slice(1)}`) : BigInt(`0o${text}`);
    checkRange(parsed, 0n, max, 8);
    return parsed.toString(8);
  };
  const accepts = 'a file mode: a number such as 0o700, or a text such as 700';
  return define(name, value, normalize, asIs, { kind: 'octal', accepts, ...extras });
}

/** A size in bytes; shown as a plain number, written to the file with a unit. */
export function memory(
  name: string,
  value: string,
  min: bigint,
  max: bigint,
  extras?: Extras & { readonly atLeast?: bigint },
): Parameter {
  const normalize = (args: readonly string[]): string => {
    const parsed = parseMemorySize(first(args));
    if (parsed === undefined) throw new InvalidValue('argument must be a memory value');
    checkRange(parsed, min, max);
    const least = extras?.atLeast ?? 0n;
    return (parsed < least ? least : parsed).toString();
  };
  const accepts = `a size from ${min} to ${max}: a number of bytes, or a text such as 100mb`;
  return define(name, value, normalize, (size) => [formatMemorySize(BigInt(size))], {
    kind: 'size',
    accepts,
    ...extras,
  });
}

/** A size in bytes or a percentage of something, kept with its `%`. */
export function memoryOrPercent(name: string, value: string, extras?: Extras): Parameter {
  const normalize = (args: readonly string[]): string => {
    const text = first(args);
    const percent = /^\d+%$/.test(text) ? BigInt(text.slice(0, -1)) : undefined;
    if (percent !== undefined) {
      if (percent > 100n) throw new InvalidValue('percentage argument must be less or equal to 100');
      return percent === 0n ? '0' : `${percent}%`;
    }
    const size = parseMemorySize(text);
    if (size === undefined) throw new InvalidValue('argument must be a memory or percent value');
    if (size > INT64_MAX) throw new InvalidValue('percentage argument must be less or equal to 100');
    return size.toString();
  };
  const toFile = (size: string): readonly string[] => [size.endsWith('%') ? size : formatMemorySize(BigInt(size))];
  const accepts = 'a size: a number of bytes, a text such as 100mb, or a percentage such as 5%';
  return define(name, value, normalize, toFile, { kind: 'size', accepts, ...extras });
}

/** Free text. @param check answers a refusal, or '' when the text is fine */
export function text(name: string, value: string, extras?: Extras, check?: (value: string) => string): Parameter {
  const normalize = (args: readonly string[]): string => {
    const given = first(args);
    const refusal = check?.(given) ?? '';
    if (refusal !== '') throw new InvalidValue(refusal);
    return given;
  };
  return define(name, value, normalize, quoted, extras);
}
