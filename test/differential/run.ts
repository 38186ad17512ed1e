// Runs a case on one server and hands back what it sent. A case has connections of its own and an empty keyspace; its
// steps go out in one write where nothing has to be waited for, and QUIT behind them makes the end visible: all bytes
// up to the close are taken, so that a frame too many is seen too. Where there are several connections, a step is over
// when its frames are there, so what it did to other connections has left the server before what the next step does.
import { encodeRequest, splitArguments } from './arguments.js';
import type { Exchange } from './compare.js';
import { RawConnection } from './raw-connection.js';
import { encodeFrame, readFrame, withItems, type Frame } from './raw-frame.js';
import type { Target } from './reference.js';
import type { Case, Protocol, RawCase, Step } from './steps.js';

const request = (line: string): Buffer => encodeRequest(splitArguments(line));
const quit = request('QUIT');

/** A connection of a case. */
interface Line {
  readonly connection: RawConnection;
  /** How many of its frames belong to steps that are over. */
  taken: number;
  /** Its client id. */
  id: string;
}

export interface RunOptions {
  /** The database that the case is run in. The keyspace is not emptied then. */
  readonly database?: number;
  /** Sees each step with its frames, before the next one is sent. */
  readonly watch?: (step: Step, frames: readonly Frame[]) => void;
}

/** A server that cases are run on, one after the other. */
export class Session {
  readonly target: Target;

  constructor(target: Target) {
    this.target = target;
  }

  close(): Promise<void> {
    return this.target.stop();
  }

  /** Sends requests over a connection of their own, which is gone afterwards; their replies. */
  async control(...requests: readonly (readonly Buffer[])[]): Promise<Frame[]> {
    const control = await this.#controlling();
    try {
      return await exchange(control, requests);
    } finally {
      await control.end();
    }
  }

  /** A connection beside those of the case, logged in. */
  async #controlling(): Promise<RawConnection> {
    const connection = await RawConnection.open(this.target.address);
    const { login } = this.target;
    if (login !== undefined) await exchange(connection, [splitArguments(`AUTH ${login}`)]);
    connection.frames.length = 0;
    return connection;
  }

  async run({ steps }: Case, protocol: Protocol, options: RunOptions = {}): Promise<Exchange> {
    // Opened before the case, so that it stays authenticated whatever the case does to the password.
    const changed = changedParameters(steps);
    const control = changed.length > 0 ? await this.#controlling() : undefined;
    const before = control ? await exchange(control, changed.map(configGet)) : [];
    const lines = new Map<string, Line>();
    try {
      const late = new Set(steps.filter((step) => step.does === 'opens').map((step) => step.connection));
      for (const name of new Set(['a', ...steps.map((step) => step.connection)])) {
        if (!late.has(name)) await this.#open(lines, name);
      }
      return await this.#exchange(steps, protocol, lines, options);
    } finally {
      for (const { connection } of lines.values()) connection.destroy();
      if (control) await exchange(control, before.flatMap(configSet));
      control?.destroy();
    }
  }

  async #open(lines: Map<string, Line>, name: string): Promise<void> {
    lines.set(name, { connection: await RawConnection.open(this.target.address), taken: 0, id: '' });
  }

  async #exchange(
    steps: readonly Step[],
    protocol: Protocol,
    lines: Map<string, Line>,
    { database, watch }: RunOptions,
  ): Promise<Exchange> {
    const { login } = this.target;
    const prelude = login === undefined ? [] : [request(`AUTH ${login}`)];
    if (protocol === 3) prelude.push(request('HELLO 3'));
    if (database !== undefined) prelude.push(request(`SELECT ${database}`));
    // The first connection empties the keyspace; the others must be there, and greeted, before the first step.
    for (const [name, line] of lines) {
      const greeting = name === 'a' && database === undefined ? [...prelude, request('FLUSHALL')] : prelude;
      line.connection.write(Buffer.concat(greeting));
      line.taken = greeting.length;
    }
    const first = lines.get('a');
    if (!first) return { steps: [], rest: [] };
    const isPlain =
      lines.size === 1 &&
      watch === undefined &&
      this.target.oneByOne !== true &&
      steps.every((step) => mayFollowUnseen(step));
    if (isPlain) return await this.#inOneWrite(steps, protocol, first);

    for (const line of lines.values()) {
      line.connection.write(request('CLIENT ID'));
      await line.connection.framesReached(line.taken + 1);
      line.id = line.connection.frames[line.taken++]?.header ?? '';
    }
    const replies: Frame[][] = [];
    for (const step of steps) {
      const frames = await this.#step(step, protocol, lines);
      watch?.(step, frames);
      replies.push(frames);
    }
    // In turn, the last letters first: a monitor, `m`, does not see the others leave.
    const rest: Frame[][] = [];
    const leaving = [...lines].sort(([a], [b]) => (a < b ? 1 : -1)).map(([, line]) => line);
    for (const line of leaving) {
      line.connection.write(quit);
      if (this.target.oneByOne === true) line.connection.halfClose();
      await line.connection.closed();
      rest.push([...takeAll(line), ...remainder(line.connection)]);
    }
    return { steps: replies, rest };
  }

  async #inOneWrite(steps: readonly Step[], protocol: Protocol, line: Line): Promise<Exchange> {
    line.connection.write(Buffer.concat([...steps.map((step) => encodeRequest(step.args)), quit]));
    // Without replies there is none to close after: then the end of our stream ends the connection.
    if (steps.some((step) => step.frames[protocol] === 0)) line.connection.halfClose();
    await line.connection.closed();
    const replies = steps.map((step) => take(line, this.#due(step, protocol)));
    return { steps: replies, rest: [[...takeAll(line), ...remainder(line.connection)]] };
  }

  async #step(step: Step, protocol: Protocol, lines: Map<string, Line>): Promise<Frame[]> {
    if (step.does === 'opens') await this.#open(lines, step.connection);
    const line = lines.get(step.connection);
    if (!line || step.does === 'opens') return [];
    const { connection } = line;
    if (step.cursorAt !== undefined) {
      const frame = await completeScan(connection, step, step.cursorAt);
      takeAll(line);
      return [frame];
    }
    if (step.does === 'closes') {
      await connection.closed();
      return takeAll(line);
    }
    if (step.does === 'hangs up') {
      if (line.id === '') throw new Error(`nobody knows the id of connection ${step.connection}`);
      connection.destroy();
      await this.#listed(line.id, (list) => list === '', 'goes away');
      return [];
    }
    if (step.does === 'hears nothing' || step.does === 'hears all' || step.does === 'overhears') {
      return await untilPong(line);
    }
    if (step.does !== 'listens') {
      connection.write(encodeRequest(namesClient(step) ? withClients(step, lines) : step.args));
    }
    if (step.does === 'blocks') {
      await this.#listed(line.id, (list) => / flags=[a-zA-Z]*b/.test(list), 'blocks');
      return [];
    }
    const due = this.#due(step, protocol);
    await connection.framesReached(line.taken + due);
    return take(line, due);
  }

  /** The frames that a step waits for: where our server owes others than the reference, theirs. */
  #due(step: Step, protocol: Protocol): number {
    const owed = this.target.keyspace === undefined ? undefined : step.expected;
    return owed ? framesIn(protocol === 3 ? owed.resp3 : owed.resp2) : step.frames[protocol];
  }

  /** Resolves when CLIENT LIST shows this of a client. */
  async #listed(id: string, isSo: (list: string) => boolean, what: string): Promise<void> {
    const control = await this.#controlling();
    try {
      for (let tries = 0; tries < 1000; tries++) {
        const [list] = await exchange(control, [splitArguments(`CLIENT LIST ID ${id}`)]);
        if (isSo(list?.body ?? '')) return;
      }
      throw new Error(`CLIENT LIST does not show that client ${id} ${what}`);
    } finally {
      await control.end();
    }
  }

  /** All bytes that the server sends for the bytes of a raw case, up to its close. */
  async runRaw({ chunks, end }: RawCase): Promise<string> {
    await this.control(splitArguments('FLUSHALL'));
    const connection = await RawConnection.open(this.target.address);
    try {
      for (const [i, chunk] of chunks.entries()) {
        const isLast = i === chunks.length - 1;
        // QUIT leaves with the last bytes: a write to a connection that the server has closed would lose its reply.
        const tail = isLast && end === 'quit' ? quit : Buffer.alloc(0);
        connection.write(Buffer.concat([Buffer.from(chunk, 'latin1'), tail]));
        // A turn of the event loop: the chunks leave in packets of their own.
        if (!isLast) await new Promise((resolve) => setImmediate(resolve));
      }
      if (end === 'half-close') connection.halfClose();
      await connection.closed();
      return connection.received;
    } finally {
      connection.destroy();
    }
  }
}

/** The next frames of a connection: fewer where it was closed before. */
function take(line: Line, count: number): Frame[] {
  const frames = line.connection.frames.slice(line.taken, line.taken + count);
  line.taken += count;
  return frames;
}

function takeAll(line: Line): Frame[] {
  return take(line, Math.max(0, line.connection.frames.length - line.taken));
}

const pongText = 'nothing came before this';

/** Sends a PING and takes all that comes before its answer. */
async function untilPong(line: Line): Promise<Frame[]> {
  const { connection } = line;
  connection.write(encodeRequest([Buffer.from('PING'), Buffer.from(pongText)]));
  for (let at = line.taken; ; at++) {
    await connection.framesReached(at + 1);
    const frame = connection.frames[at];
    // For a subscriber over RESP2 it is an array of two.
    if (frame && (frame.body ?? frame.items?.[1]?.body) !== pongText) continue;
    const heard = take(line, at - line.taken);
    line.taken++;
    return heard;
  }
}

function framesIn(bytes: string): number {
  let count = 0;
  for (let at = 0; at < bytes.length; count++) {
    const next = readFrame(bytes, at);
    if (!next) throw new Error(`no whole reply is expected here: ${JSON.stringify(bytes.slice(at))}`);
    at = next.end;
  }
  return count;
}

/** Whether what follows may be sent before the step's frames are there. */
function mayFollowUnseen(step: Step): boolean {
  return step.does === 'asks' && step.cursorAt === undefined && !namesClient(step);
}

/** Sends requests in one write; their replies. */
async function exchange(connection: RawConnection, requests: readonly (readonly Buffer[])[]): Promise<Frame[]> {
  const before = connection.frames.length;
  connection.write(Buffer.concat(requests.map(encodeRequest)));
  await connection.framesReached(before + requests.length);
  return connection.frames.slice(before);
}

// `$id(b)` in a step is the client id of connection `b`, which no two servers give alike.
const clientReference = /\$id\((\w+)\)/g;

function namesClient(step: Step): boolean {
  return step.line.includes('$id(');
}

function withClients(step: Step, lines: ReadonlyMap<string, Line>): Buffer[] {
  return step.args.map((arg) =>
    Buffer.from(
      arg.toString('latin1').replace(clientReference, (_, name: string) => lines.get(name)?.id ?? ''),
      'latin1',
    ),
  );
}

/** Bytes that are no frame, as a frame that no reply looks like. */
function remainder(connection: RawConnection): Frame[] {
  return connection.remainder === '' ? [] : [{ type: '?', header: connection.remainder }];
}

function changedParameters(steps: readonly Step[]): Buffer[] {
  const names = steps.flatMap(({ args }) => {
    const [command, subcommand, ...rest] = args;
    const isSet = command?.toString().toUpperCase() === 'CONFIG' && subcommand?.toString().toUpperCase() === 'SET';
    return isSet ? rest.filter((_, i) => i % 2 === 0) : [];
  });
  return names.filter((name) => !/[*?[]/.test(name.toString()));
}

const configGet = (name: Buffer): Buffer[] => [...splitArguments('CONFIG GET'), name];

function configSet(reply: Frame): Buffer[][] {
  const [name, value] = reply.items ?? [];
  if (name?.body === undefined || value?.body === undefined) return [];
  return [[...splitArguments('CONFIG SET'), Buffer.from(name.body, 'latin1'), Buffer.from(value.body, 'latin1')]];
}

/** Repeats a scan until its cursor is 0 again; one array of all that it returned, each element or pair once. */
async function completeScan(connection: RawConnection, step: Step, cursorAt: number): Promise<Frame> {
  const width = step.order === 'pairs' ? 2 : 1;
  const found = new Map<string, Frame[]>();
  let cursor = '0';
  let elements: Frame | undefined;
  do {
    const args = step.args.map((arg, i) => (i === cursorAt ? Buffer.from(cursor) : arg));
    const wanted = connection.frames.length + 1;
    connection.write(encodeRequest(args));
    await connection.framesReached(wanted);
    const reply = connection.frames[wanted - 1];
    elements = reply?.items?.[1];
    const next = reply?.items?.[0]?.body;
    if (!reply || !elements?.items || next === undefined) return reply ?? { type: '?', header: 'closed' };
    for (let i = 0; i < elements.items.length; i += width) {
      const group = elements.items.slice(i, i + width);
      found.set(group.map(encodeFrame).join(''), group);
    }
    cursor = next;
  } while (cursor !== '0');
  return withItems(elements, [...found.values()].flat());
}
