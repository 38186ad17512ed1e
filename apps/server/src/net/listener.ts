/**
 * Where clients come in: TCP ports and Unix sockets.
 */
import { chmod, rm } from 'node:fs/promises';
import { createServer, type ListenOptions, type Server as NetServer, type Socket } from 'node:net';

export interface Endpoint {
  /** Port, or path of a Unix socket (a named pipe on Windows). */
  readonly port?: number;
  readonly host?: string;
  readonly path?: string;
  /** File mode of a Unix socket; 0: as the umask says. */
  readonly mode?: number;
  /** An address that this machine does not have is no error (`bind -::1`). */
  readonly optional?: boolean;
}

/** Addresses of a `bind` list: `*` is all of IPv4, `::*` all of IPv6, a leading `-` means "if there is such". */
export function endpointsOf(bind: readonly string[], port: number): Endpoint[] {
  return bind.map((word) => {
    const optional = word.startsWith('-');
    const address = optional ? word.slice(1) : word;
    const host = address === '*' ? '0.0.0.0' : address === '::*' ? '::' : address;
    return { port, host, optional };
  });
}

export class Listeners {
  readonly #servers: NetServer[] = [];
  readonly #accept: (socket: Socket, unixSocket: string) => void;
  /** The first TCP port that is listened on; 0 when there is none. */
  port = 0;
  /** The first TCP address. */
  host = '';

  constructor(accept: (socket: Socket, unixSocket: string) => void) {
    this.#accept = accept;
  }

  /**
   * Listens on one more endpoint. Port 0 is any free port; later endpoints of port 0 get the same one.
   * @throws the system's error (`EADDRINUSE`, `EACCES`, …)
   */
  async listen(endpoint: Endpoint, backlog: number): Promise<void> {
    const { path, mode = 0 } = endpoint;
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) =>
      this.#accept(socket, path ?? ''),
    );
    const options: ListenOptions =
      path === undefined
        ? { port: endpoint.port === 0 ? this.port : endpoint.port, host: endpoint.host, backlog, ipv6Only: true }
        : { path, backlog };
    if (path !== undefined) await removeStaleSocket(path);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(options, () => {
          server.off('error', reject);
          resolve();
        });
      });
    } catch (error) {
      if (endpoint.optional === true && isNotAvailable(error)) return;
      throw error;
    }
    // Running out of file descriptors is the only error from here on: the next connection is tried again.
    server.on('error', () => undefined);
    this.#servers.push(server);
    if (path !== undefined && mode !== 0 && process.platform !== 'win32') await chmod(path, mode);
    const address = server.address();
    if (path === undefined && this.port === 0 && typeof address === 'object' && address !== null) {
      this.port = address.port;
      this.host = address.address;
    }
  }

  /** Stops listening. Connections live on. */
  async close(): Promise<void> {
    await Promise.all(
      this.#servers.splice(0).map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    );
  }
}

async function removeStaleSocket(path: string): Promise<void> {
  if (process.platform !== 'win32') await rm(path, { force: true });
}

function isNotAvailable(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' || code === 'EPROTONOSUPPORT';
}
