// Runs a case on one server and hands back the replies. A case has connections of its own and an empty keyspace; its
// steps go out in one write where nothing has to be waited for, and QUIT behind them makes the end visible: all bytes
// up to the close are taken, so that a reply too many is seen too.
import { encodeRequest, splitArguments } from './arguments.js';
import type { Protocol } from './compare.js';
import { RawConnection } from './raw-connection.js';
import { encodeFrame, withItems, type Frame } from './raw-frame.js';
import type { Target } from './reference.js';
import type { Case, RawCase, Step } from './steps.js';

const request = (line: string): Buffer => encodeRequest(splitArguments(line));
const quit = request('QUIT');

/** A server that cases are run on, one after the other. */
export class Session {
  readonly target: Target;

  constructor(target: Target) {
    this.target = target;
  }

  close(): Promise<void> {
    return this.target.stop();
  }

  /** Sends requests over a connection of their own; their replies. */
  async control(...requests: readonly (readonly Buffer[])[]): Promise<Frame[]> {
    const connection = await RawConnection.open(this.target.address);
    try {
      return await exchange(connection, requests);
    } finally {
      connection.destroy();
    }
  }

  /** The replies to the steps of a case in their order, then whatever came behind them on each connection. */
  async run({ steps }: Case, protocol: Protocol): Promise<Frame[]> {
    // Opened before the case, so that it stays authenticated whatever the case does to the password.
    const changed = changedParameters(steps);
    const control = changed.length > 0 ? await RawConnection.open(this.target.address) : undefined;
    const before = control ? await exchange(control, changed.map(configGet)) : [];
    const names = [...new Set(['a', ...steps.map((step) => step.connection)])];
    const connections = new Map<string, RawConnection>();
    try {
      for (const name of names) connections.set(name, await RawConnection.open(this.target.address));
      return await this.#exchange(steps, protocol, connections);
    } finally {
      for (const connection of connections.values()) connection.destroy();
      if (control) await exchange(control, before.flatMap(configSet));
      control?.destroy();
    }
  }

  async #exchange(
    steps: readonly Step[],
    protocol: Protocol,
    connections: Map<string, RawConnection>,
  ): Promise<Frame[]> {
    const prelude = protocol === 3 ? [request('HELLO 3')] : [];
    // The first connection empties the keyspace; the others must be there, and greeted, before the first step.
    for (const [name, connection] of connections) {
      connection.write(Buffer.concat(name === 'a' ? [...prelude, request('FLUSHALL')] : prelude));
    }
    const pending = new Map([...connections].map(([name]) => [name, prelude.length + (name === 'a' ? 1 : 0)]));
    const replies: Frame[] = [];
    // All in one write, unless something has to be waited for between the steps.
    const plain =
      connections.size === 1 &&
      steps.every((step) => step.cursorAt === undefined && step.wait === 'reply' && !namesClient(step));
    const due = (step: Step): number => (pending.get(step.connection) ?? 0) + step.replies;
    const first = connections.get('a');
    if (!first) return replies;

    if (plain) {
      first.write(Buffer.concat([...steps.map((step) => encodeRequest(step.args)), quit]));
      // Without replies there is none to close after: then the end of our stream ends the connection.
      if (steps.some((step) => step.replies === 0)) first.halfClose();
      await first.closed();
      return [...first.frames.slice(prelude.length + 1), ...remainder(first)];
    }

    const clients = new Map<string, string>();
    for (const [name, connection] of connections) {
      const greeted = pending.get(name) ?? 0;
      connection.write(request('CLIENT ID'));
      await connection.framesReached(greeted + 1);
      clients.set(name, connection.frames[greeted]?.header ?? '');
      pending.set(name, greeted + 1);
    }
    for (const step of steps) {
      const connection = connections.get(step.connection);
      if (!connection) continue;
      if (step.cursorAt !== undefined) {
        const result = await completeScan(connection, step, step.cursorAt);
        replies.push(result.frame);
        pending.set(step.connection, connection.frames.length);
        continue;
      }
      if (step.wait !== 'answer') {
        connection.write(encodeRequest(namesClient(step) ? withClients(step, clients) : step.args));
      }
      if (step.wait === 'blocks') await this.#blocked(clients.get(step.connection) ?? '');
      const wanted = due(step);
      await connection.framesReached(wanted);
      replies.push(...connection.frames.slice(wanted - step.replies, wanted));
      pending.set(step.connection, wanted);
    }
    for (const [name, connection] of connections) {
      connection.write(quit);
      await connection.closed();
      replies.push(...connection.frames.slice(pending.get(name) ?? 0), ...remainder(connection));
    }
    return replies;
  }

  /** Resolves when the server lists this client as blocked. */
  async #blocked(id: string): Promise<void> {
    for (let tries = 0; tries < 1000; tries++) {
      const [list] = await this.control(splitArguments(`CLIENT LIST ID ${id}`));
      if (/ flags=[a-zA-Z]*b/.test(list?.body ?? '')) return;
    }
    throw new Error(`client ${id} does not block`);
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

function withClients(step: Step, clients: ReadonlyMap<string, string>): Buffer[] {
  return step.args.map((arg) =>
    Buffer.from(
      arg.toString('latin1').replace(clientReference, (_, name: string) => clients.get(name) ?? ''),
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
async function completeScan(connection: RawConnection, step: Step, cursorAt: number): Promise<{ frame: Frame }> {
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
    if (!reply || !elements?.items || next === undefined) return { frame: reply ?? { type: '?', header: 'closed' } };
    for (let i = 0; i < elements.items.length; i += width) {
      const group = elements.items.slice(i, i + width);
      found.set(group.map(encodeFrame).join(''), group);
    }
    cursor = next;
  } while (cursor !== '0');
  return { frame: withItems(elements, [...found.values()].flat()) };
}
