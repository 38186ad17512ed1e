/**
 * MONITOR: sessions that are shown every command, once it has been executed. Administrative commands are not shown, and secrets in others are hidden.
 */
import { type Command, CommandFlag, type Dispatcher, ReplyMode, type Session } from '@clone/command-registry';
import type { ReplyWriter, Request } from '@clone/resp-codec';
import { loggedArgument } from './logged-arguments.js';
import { Frame } from './net/pushes.js';
import type { Client } from './server-context.js';

const HIDDEN = CommandFlag.admin | CommandFlag.skip_monitor;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\x07': '\\a',
  '\b': '\\b',
};

export class Monitors {
  readonly #dispatcher: Dispatcher;
  readonly #clients: ReadonlyMap<number, Client>;
  readonly #microseconds: () => number;
  readonly #ids = new Set<number>();
  readonly #line = new MonitorLine();

  /** @param microseconds wall clock, since the epoch */
  constructor(dispatcher: Dispatcher, clients: ReadonlyMap<number, Client>, microseconds: () => number) {
    this.#dispatcher = dispatcher;
    this.#clients = clients;
    this.#microseconds = microseconds;
  }

  add(session: Session): void {
    session.isMonitor = true;
    this.#ids.add(session.id);
    this.#dispatcher.onExecuted = this.#show;
  }

  remove(session: Session): void {
    session.isMonitor = false;
    if (this.#ids.delete(session.id) && this.#ids.size === 0) this.#dispatcher.onExecuted = undefined;
  }

  readonly #show = (session: Session, command: Command, request: Request): void => {
    if ((command.flags & HIDDEN) !== 0) return;
    const isUnixSocket = this.#clients.get(session.id)?.isUnixSocket === true;
    const address = isUnixSocket ? `unix:${session.address.replace(/:0$/, '')}` : session.address;
    this.#line.text = monitorLine(`${session.dbIndex} ${address}`, command, request, this.#microseconds());
    this.#line.begin(2);
    for (const id of this.#ids) {
      const client = this.#clients.get(id);
      // Who says QUIT hears nothing more, not even that.
      if (client?.session.replyMode !== ReplyMode.on || client.session.closeAfterReply) continue;
      client.push(this.#line);
    }
    this.#line.end();
  };
}

/** What monitors get, in either protocol. */
class MonitorLine extends Frame {
  /** One character per byte, without line ends. */
  text = '';

  protected override write(writer: ReplyWriter): void {
    writer.simple(this.text);
  }
}

/**
 * The line that a monitor sees: `seconds.microseconds [db address] "word" …`.
 * @param from database and address
 */
function monitorLine(from: string, command: Command, request: Request, microseconds: number): string {
  const seconds = Math.floor(microseconds / 1e6);
  const rest = String(Math.floor(microseconds % 1e6)).padStart(6, '0');
  let line = `${seconds}.${rest} [${from}]`;
  for (let i = 0; i < request.argc; i++) line += ` ${quoted(loggedArgument(command, request, i))}`;
  return line;
}

/** In double quotes, with what is not printable ASCII escaped. @param text one character per byte */
function quoted(text: string): string {
  const escaped = text.replace(
    /[^ !#-[\]-~]/g,
    (char) => ESCAPES[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `"${escaped}"`;
}
