/**
 * Where clients come in: TCP ports, for TLS or not, and Unix sockets.
 *
 * At start, names are resolved and errors are the system's. At run time (CONFIG SET of `port` or `bind`) the reply says
 * whether the server listens now, and nothing may await before a reply: so addresses are bound by `_createServerHandle`,
 * the function that `server.listen` itself calls after it has resolved the name. It is undocumented, and used where it
 * is found (Node 20 to 26 have it); elsewhere such a change is refused. Connections live on whatever listens.
 */
import { chmod, lstat, rm, stat } from 'node:fs/promises';
import net, {
  type AddressInfo,
  createConnection,
  createServer,
  isIP,
  type ListenOptions,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import { dirname } from 'node:path';
import { getSystemErrorName } from 'node:util';
import { ConfigError } from '../config/config-error.js';
import { reasonOf } from '../config/config-file.js';

export interface Endpoint {
  /** Port, or path of a Unix socket (a named pipe on Windows). */
  readonly port?: number;
  readonly host?: string;
  readonly path?: string;
  /** Clients speak TLS. */
  readonly tls?: boolean;
  /** File mode of a Unix socket; 0: as the umask says. */
  readonly mode?: number;
  /** An address that this machine does not have is no error (`bind -::1`). */
  readonly optional?: boolean;
}

/** Addresses of a `bind` list: `*` is all of IPv4, `::*` all of IPv6, a leading `-` means "if there is such". */
export function endpointsOf(bind: readonly string[], port: number, tls = false): Endpoint[] {
  return bind.map((word) => {
    const optional = word.startsWith('-');
    const address = optional ? word.slice(1) : word;
    const host = address === '*' ? '0.0.0.0' : address === '::*' ? '::' : address;
    return { port, host, tls, optional };
  });
}

/** An address and a port as Redis writes them. */
export function endpointText(address = '', port = 0): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

interface Listening {
  readonly server: NetServer;
  readonly endpoint: Endpoint;
}

/** libuv's flag: an IPv6 address does not take in IPv4. */
const IPV6_ONLY = 1;

/** A bound handle, or the negative number of the system's error. */
type CreateHandle = (address: string, port: number, family: number, fd: undefined, flags: number) => object | number;

const createHandle = (net as unknown as { _createServerHandle?: CreateHandle })._createServerHandle;

export class Listeners {
  #listening: Listening[] = [];
  readonly #accept: (socket: Socket, endpoint: Endpoint) => void;
  readonly #warn: (message: string) => void;
  /** The first TCP port that is listened on without TLS, or was when listening ended; 0 when there is none. */
  port = 0;
  /** The same for TLS. */
  tlsPort = 0;
  /** The first TCP address, for TLS or not; '' when there is none. */
  host = '';

  /** @param warn gets a line about an address that could not be listened on, and was optional or came at run time */
  constructor(accept: (socket: Socket, endpoint: Endpoint) => void, warn: (message: string) => void) {
    this.#accept = accept;
    this.#warn = warn;
  }

  /**
   * Listens on one more endpoint. Port 0 is any free port; later endpoints of port 0 get the same one, those for TLS among
   * themselves.
   * @returns whether it listens: an optional address may be none of this machine
   * @throws the system's error (`EADDRINUSE`, `EACCES`, …), a ConfigError for a path that no socket can have
   */
  async listen(endpoint: Endpoint, backlog: number): Promise<boolean> {
    const { path, mode = 0, tls = false } = endpoint;
    const server = this.#createServer(endpoint);
    const samePort = tls ? this.tlsPort : this.port;
    const options: ListenOptions =
      path === undefined
        ? { port: endpoint.port === 0 ? samePort : endpoint.port, host: endpoint.host, backlog, ipv6Only: true }
        : { path, backlog };
    if (path !== undefined && process.platform !== 'win32') await makeWay(path);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(options, () => {
          server.off('error', reject);
          resolve();
        });
      });
    } catch (error) {
      if (endpoint.optional !== true || !isNotAvailable(codeOf(error))) throw error;
      this.#warn(`Not listening on ${endpointText(endpoint.host, endpoint.port)}: ${reasonOf(error)}`);
      return false;
    }
    // Running out of file descriptors is the only error from here on: the next connection is tried again.
    server.on('error', () => undefined);
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    this.#listening.push({ server, endpoint: port === undefined ? endpoint : { ...endpoint, port } });
    this.#noteAddress();
    if (path !== undefined && mode !== 0 && process.platform !== 'win32') await chmod(path, mode);
    return true;
  }

  /**
   * From now on listens on these TCP endpoints, and no others. Those that stay the same are not touched. Addresses, not
   * names, but for `localhost`.
   * @returns false when one of them cannot be listened on: then all is as it was
   */
  replace(endpoints: readonly Endpoint[], backlog: number): boolean {
    const before = this.#listening;
    const kept = before.filter(
      ({ endpoint }) => endpoint.path !== undefined || endpoints.some((each) => isSame(each, endpoint)),
    );
    const dropped = before.filter((each) => !kept.includes(each));
    // A new address may overlap an old one (127.0.0.1 and *): first away with the old.
    for (const { server } of dropped) server.close();
    this.#listening = [...kept];
    for (const endpoint of endpoints) {
      if (kept.some((each) => isSame(each.endpoint, endpoint))) continue;
      if (this.#listenAtOnce(endpoint, backlog)) continue;
      for (const each of this.#listening) if (!kept.includes(each)) each.server.close();
      this.#listening = [...kept];
      for (const each of dropped) this.#listenAtOnce(each.endpoint, backlog);
      this.#noteAddress();
      return false;
    }
    this.#noteAddress();
    return true;
  }

  #noteAddress(): void {
    const tcp = this.#listening.filter(({ endpoint }) => endpoint.path === undefined);
    const address = (listening: Listening | undefined): AddressInfo | undefined => {
      const address = listening?.server.address();
      return typeof address === 'object' && address !== null ? address : undefined;
    };
    this.port = address(tcp.find(({ endpoint }) => endpoint.tls !== true))?.port ?? 0;
    this.tlsPort = address(tcp.find(({ endpoint }) => endpoint.tls === true))?.port ?? 0;
    this.host = address(tcp[0])?.address ?? '';
  }

  #listenAtOnce(endpoint: Endpoint, backlog: number): boolean {
    const { port = 0, host = '', optional = false } = endpoint;
    const address = host === 'localhost' ? '127.0.0.1' : host;
    const family = isIP(address);
    const warn = (reason: string): void => this.#warn(`Cannot listen on ${host}, port ${port}: ${reason}`);
    if (createHandle === undefined || family === 0) {
      warn(family === 0 ? 'no address; names are looked up at start only' : 'this Node can do so at start only');
      return false;
    }
    const handle = createHandle(address, port, family, undefined, IPV6_ONLY);
    if (typeof handle === 'number') {
      const code = getSystemErrorName(handle);
      if (optional && isNotAvailable(code)) return true;
      warn(code);
      return false;
    }
    const server = this.#createServer(endpoint);
    server.on('error', (error) => {
      if (!server.listening) warn(codeOf(error));
    });
    server.listen(handle, backlog);
    if (!server.listening) return false;
    this.#listening.push({ server, endpoint });
    return true;
  }

  #createServer(endpoint: Endpoint): NetServer {
    return createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => this.#accept(socket, endpoint));
  }

  /** Stops listening. Connections live on. */
  async close(): Promise<void> {
    await Promise.all(
      this.#listening.splice(0).map(({ server }) => new Promise<void>((resolve) => server.close(() => resolve()))),
    );
  }
}

/** Bytes of a Unix socket's path with its end, as the system's headers have them: it cuts a longer one in silence. */
const SOCKET_PATH_BYTES = process.platform === 'linux' ? 108 : 104;

/**
 * Removes the socket that a server has left there when it was killed, and nothing else.
 * @throws ConfigError with the system's `code` when the path is too long or cannot be, or has a file that is no socket, or one somebody listens on
 */
async function makeWay(path: string): Promise<void> {
  const refuse = (code: string, reason: string): ConfigError =>
    Object.assign(new ConfigError(`can't listen on the Unix socket ${path}: ${reason}`), { code });
  const bytes = Buffer.byteLength(path);
  if (bytes >= SOCKET_PATH_BYTES)
    throw refuse('ENAMETOOLONG', `path too long (${bytes}), must be under ${SOCKET_PATH_BYTES} bytes`);
  const orReason = (error: unknown): never => {
    throw refuse(codeOf(error), reasonOf(error));
  };
  // Asked here, because Node says EACCES for a directory that is not there.
  await stat(dirname(path)).catch(orReason);
  const file = await lstat(path).catch((error: unknown) => (codeOf(error) === 'ENOENT' ? undefined : orReason(error)));
  if (file === undefined) return;
  if (!file.isSocket()) throw refuse('EEXIST', 'there is a file which is no socket, and is not removed');
  if (await isListenedOn(path)) throw refuse('EADDRINUSE', 'Address already in use; another server listens there');
  await rm(path, { force: true });
}

function isListenedOn(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    const done = (isListening: boolean): void => {
      socket.destroy();
      resolve(isListening);
    };
    socket.once('connect', () => done(true));
    // What refuses for another reason, such as a full backlog, is there.
    socket.once('error', (error) => done(!['ECONNREFUSED', 'ENOENT'].includes(codeOf(error))));
  });
}

function isSame(a: Endpoint, b: Endpoint): boolean {
  return a.path === b.path && a.port === b.port && a.host === b.host && a.tls === b.tls;
}

function isNotAvailable(code: string): boolean {
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' || code === 'EPROTONOSUPPORT';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
