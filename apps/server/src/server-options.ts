/**
 * What `createServer` is handed, checked: a program without types that names an option wrongly, or puts a parameter of
 * redis.conf beside the options, must not get a server that does something else.
 */
import { ConfigError } from './config/config-error.js';
import { Config } from './config/config.js';
import { hintFor } from './config/hint.js';
import { entriesOf, refusedValue } from './config/record-values.js';

interface Option {
  readonly accepts: string;
  readonly isValid: (value: unknown) => boolean;
}

const isPort = (value: unknown): boolean =>
  value === false || (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65535);
const isAddress = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isFunction = (value: unknown): boolean => typeof value === 'function';

const port: Option = { accepts: 'a port number, 0 for any free one, or false for none', isValid: isPort };

const OPTIONS: Readonly<Record<string, Option>> = {
  port,
  tlsPort: port,
  host: {
    accepts: 'an address, or an array of addresses',
    isValid: (value) => (Array.isArray(value) ? value.length > 0 && value.every(isAddress) : isAddress(value)),
  },
  // Its parameters are checked one by one when they are loaded.
  config: { accepts: '', isValid: () => true },
  log: { accepts: 'a function (level, message) => void', isValid: isFunction },
  clock: { accepts: 'a function that returns milliseconds since the epoch', isValid: isFunction },
  fileSystem: {
    accepts: 'a FileSystem of @clone/persistence-aof',
    isValid: isObject,
  },
  processFacts: { accepts: 'what is known of processes', isValid: isObject },
  plainSockets: { accepts: 'true or false', isValid: (value) => typeof value === 'boolean' },
};

/** Parameters that an option of their own decides: in `config` they would be passed over. */
const DECIDED_BY_OPTION: Readonly<Record<string, string>> = { port: 'port', bind: 'host' };

/** @throws ConfigError naming the option, its value and what it accepts, or the closest name of an unknown one */
export function checkServerOptions(options: object): void {
  for (const [name, value] of entriesOf(options, 'createServer')) {
    const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
    if (option === undefined) throw unknownOption(name);
    if (value !== undefined && !option.isValid(value)) {
      throw refusedValue('createServer', name, value, option.accepts);
    }
  }
}

/** The parameters in `config`. @throws ConfigError for one that an option decides */
export function checkServerConfig(record: object): void {
  for (const [name] of entriesOf(record, 'config')) {
    const key = name.toLowerCase();
    const option = Object.hasOwn(DECIDED_BY_OPTION, key) ? DECIDED_BY_OPTION[key] : undefined;
    if (option !== undefined) {
      throw new ConfigError(`config: '${name}' is for the daemon: createServer has the option '${option}' for it`);
    }
  }
}

function unknownOption(name: string): ConfigError {
  const start = `createServer: there is no option '${name}'`;
  if (Config.knows(name)) return new ConfigError(`${start}: as a parameter of redis.conf it belongs into 'config'`);
  const hint = hintFor(name, Object.keys(OPTIONS)) || hintFor(name.toLowerCase(), Config.parameters());
  const known = `the options are ${Object.keys(OPTIONS).join(', ')}`;
  return new ConfigError(`${start} (${hint === '' ? known : hint})`);
}
