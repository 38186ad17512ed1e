// Reads what a server has appended to its append-only file: the commands by which it repeats its changes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFrame } from './raw-frame.js';
import { printable } from './arguments.js';

/** A logged command, with the database that it is repeated in. */
export interface LoggedCommand {
  readonly db: string;
  /** The name in upper case, then the arguments, as latin1. */
  readonly words: readonly string[];
}

/** Follows the log of a server that writes before it replies (`appendfsync always`), and never rewrites. */
export class LogReader {
  readonly #directory: string;
  #consumed = 0;
  #db = '0';

  /** @param directory the server's working directory */
  constructor(directory: string) {
    this.#directory = join(directory, 'appendonlydir');
  }

  /**
   * What was logged since the last call. SELECT is applied, not returned.
   * @param units whether MULTI and EXEC are returned too. They are not what a client sent: Redis puts them around what
   *   one command or EXEC has logged when that is more than one command, such as an expiry that it came upon.
   */
  take(units = false): LoggedCommand[] {
    const bytes = this.#bytes();
    const commands: LoggedCommand[] = [];
    for (;;) {
      const next = readFrame(bytes, this.#consumed);
      if (!next) break;
      this.#consumed = next.end;
      const [name = '', ...rest] = (next.frame.items ?? []).map((item) => item.body ?? '');
      const words = [name.toUpperCase(), ...rest];
      if (words[0] === 'SELECT') this.#db = words[1] ?? '';
      else if (units || (words[0] !== 'MULTI' && words[0] !== 'EXEC')) commands.push({ db: this.#db, words });
    }
    if (this.#consumed !== bytes.length) throw new Error('the log ends within a command');
    return commands;
  }

  #bytes(): string {
    if (!existsSync(this.#directory)) return '';
    const names = readdirSync(this.#directory).filter((name) => name.endsWith('.incr.aof'));
    if (names.length > 1) throw new Error(`more than one file with changes: ${names.join(', ')}`);
    return names.map((name) => readFileSync(join(this.#directory, name), 'latin1')).join('');
  }
}

/** For reports, and for comparing what is no time. */
export function describeCommand({ db, words }: LoggedCommand): string {
  return `${db}: ${words.map((word) => (word === '' ? '""' : printable(word))).join(' ')}`;
}
