/**
 * Applies the commands of a log to the keyspace, and says in words why one of them cannot be.
 *
 * A command that the store refuses may be skipped, if the operator says so (`aof-load-skip-rejected`). Two may not: one for a
 * database that is not there, because what follows it would go to another one; and one that fails for a reason of our own,
 * such as no memory, because it may have done a part of its work.
 */
import { type Command, type Dispatcher, errors, findKeys, KeyPositions, type Session } from '@clone/command-registry';
import { Rejection } from '@clone/persistence-aof';
import { REPLY_PIECE, ReplyWriter, type Request } from '@clone/resp-codec';
import { quoteArgument } from './config/split-arguments.js';

/** Bytes of a name or key that a line shows. */
const SHOWN = 128;

export class LogReplay {
  readonly #dispatcher: Dispatcher;
  readonly #session: Session;
  readonly #reply = new ReplyWriter(undefined, REPLY_PIECE);

  constructor(dispatcher: Dispatcher, session: Session) {
    this.#dispatcher = dispatcher;
    this.#session = session;
    // Nobody reads what is replied, however long it is: nothing is kept of it.
    this.#reply.limit = { isTooLong: () => true };
  }

  /** @throws Rejection when the command cannot be applied and may be skipped; Error when it may not */
  apply(request: Request): void {
    const reply = this.#reply;
    if (!this.#dispatcher.replay(this.#session, request, reply)) {
      throw new Rejection(`${this.#describe(request)}: unknown command or wrong number of arguments`);
    }
    if (reply.isErrorAt(0)) this.#refused(request);
    reply.reset();
  }

  #refused(request: Request): never {
    const reply = this.#reply;
    const error = Buffer.from(reply.buffer.subarray(1, reply.length)).toString('latin1').trim();
    reply.reset();
    const text = `${this.#describe(request)}: ${error}`;
    if (error === errors.internal) throw new Error(text);
    if (error !== errors.dbIndexOutOfRange) throw new Rejection(text);
    const { databases } = this.#dispatcher.keyspace;
    const wanted = highestDatabase(request);
    throw new Error(
      `${text}: it needs database ${wanted}, and \`databases\` is ${databases.length}. Start with databases ${wanted + 1} or more`,
    );
  }

  /** The command's name and its first key. */
  #describe(request: Request): string {
    const command = this.#commandOf(request);
    if (command === undefined) return quoted(request, 0);
    const keys = new KeyPositions();
    findKeys(command, request, keys);
    const name = command.name.toUpperCase().replace('|', ' ');
    return keys.count === 0 ? name : `${name} ${quoted(request, keys.indexes[0]!)}`;
  }

  #commandOf({ bytes, offsets, lengths, argc }: Request): Command | undefined {
    const { registry } = this.#dispatcher;
    const command = registry.findOwn(bytes, offsets[0]!, lengths[0]!) ?? registry.find(bytes, offsets[0]!, lengths[0]!);
    if (command?.subcommands === undefined || argc === 1) return command;
    return command.subcommands.find(bytes, offsets[1]!, lengths[1]!) ?? command;
  }
}

/** The beginning of argument `i`, one character per byte. */
function word(request: Request, i: number): string {
  const offset = request.offsets[i]!;
  const length = Math.min(request.lengths[i]!, SHOWN);
  return Buffer.from(request.bytes.subarray(offset, offset + length)).toString('latin1');
}

function quoted(request: Request, i: number): string {
  return quoteArgument(word(request, i)) + (request.lengths[i]! > SHOWN ? '…' : '');
}

/** The highest database that a SELECT, MOVE, SWAPDB or COPY names: numbers that are no keys. */
function highestDatabase(request: Request): number {
  const words = Array.from({ length: request.argc }, (_, i) => word(request, i));
  const [name = '', first, second, ...more] = words;
  const at = more.findIndex((each) => each.toUpperCase() === 'DB') + 1;
  const named =
    { SELECT: [first], MOVE: [second], SWAPDB: [first, second], COPY: [more[at]] }[name.toUpperCase()] ?? [];
  return Math.max(...named.map(Number));
}
