/**
 * From an accepted socket to a client that speaks TLS.
 *
 * Listening is the listener's: what it accepts is handed to a `tls.Server` that does not listen itself. So new
 * certificates and settings are a new `tls.Server`, for whoever comes next; who is connected, or is shaking hands, keeps
 * what it began with. A new one has new keys for its tickets, too: nothing from before is resumed, so that a client that
 * was let in without a certificate does not come back without one when it has to have one.
 *
 * A handshake is bounded in time as a whole, whatever the peer sends meanwhile, and counts as a client while it lasts.
 */
import type { Socket } from 'node:net';
import { createServer, type Server as TlsServer, type TlsOptions, type TLSSocket } from 'node:tls';
import { endpointText } from './listener.js';

/** How long a handshake may take. Redis knows no limit but `timeout`. */
const PATIENCE_MS = 10_000;

export interface TlsHost {
  /** The handshake is done, and the client's certificate is what it has to be. */
  secured(socket: TLSSocket): void;
  /** It came to nothing. @param ends the addresses of both sides, as Redis logs them; '' when they are not known */
  failed(reason: string, ends: string): void;
}

interface Handshake {
  readonly ends: string;
  /** Milliseconds of the caller's clock. */
  readonly since: number;
  /** Why we ended it ourselves. */
  reason: string | undefined;
}

export class TlsHandshakes {
  readonly #host: TlsHost;
  #server: TlsServer | undefined;
  /** By the accepted sockets. */
  readonly #pending = new Map<Socket, Handshake>();

  constructor(host: TlsHost) {
    this.#host = host;
  }

  /** Handshakes under way. */
  get pending(): number {
    return this.#pending.size;
  }

  get isConfigured(): boolean {
    return this.#server !== undefined;
  }

  /**
   * What holds for connections from now on; undefined: they are closed.
   * @throws OpenSSL's error; what held before still does then
   */
  configure(options: TlsOptions | undefined): void {
    if (options === undefined) {
      this.#server = undefined;
      return;
    }
    // Node's own limit on a handshake starts anew with whatever is read.
    const server = createServer({ ...options, handshakeTimeout: 2 * PATIENCE_MS });
    const { requestCert = false, rejectUnauthorized = false } = options;
    server.on('secureConnection', (socket) => this.#secured(socket, requestCert && !rejectUnauthorized));
    server.on('tlsClientError', (error, socket) => this.#failed(error, socket));
    this.#server = server;
  }

  /** @param socket accepted with `pauseOnConnect`; @param now milliseconds of any clock, the one of `expire` */
  accept(socket: Socket, now: number): void {
    if (this.#server === undefined) {
      socket.destroy();
      return;
    }
    // Errors come through the socket above it, and so does the end: during a handshake it is the end of both sides.
    socket.on('error', () => undefined);
    socket.allowHalfOpen = false;
    this.#pending.set(socket, { ends: endsOf(socket), since: now, reason: undefined });
    this.#server.emit('connection', socket);
  }

  /** Ends what takes too long. To be called about once a second. */
  expire(now: number): void {
    for (const [socket, handshake] of this.#pending) {
      if (socket.destroyed) this.#pending.delete(socket);
      else if (now - handshake.since > PATIENCE_MS) {
        handshake.reason = 'handshake timed out';
        socket.destroy();
      }
    }
  }

  /** Ends all that are under way. */
  close(): void {
    for (const socket of this.#pending.keys()) socket.destroy();
    this.#pending.clear();
  }

  /** @param isOptional a certificate need not be there; that it must be a good one is left to us */
  #secured(socket: TLSSocket, isOptional: boolean): void {
    const handshake = this.#take(socket);
    if (handshake === undefined) socket.destroy();
    else if (isOptional && !socket.authorized && Object.keys(socket.getPeerCertificate()).length > 0) {
      this.#host.failed(verifyFailure(socket) ?? '', handshake.ends);
      socket.destroy();
    } else {
      socket.allowHalfOpen = true;
      this.#host.secured(socket);
    }
  }

  #failed(error: Error & { reason?: string }, socket: TLSSocket): void {
    const { reason = verifyFailure(socket) ?? error.reason ?? error.message, ends = '' } = this.#take(socket) ?? {};
    this.#host.failed(reason, ends);
    socket.destroy();
  }

  /** What was begun with the accepted socket below this one: `_parent`, which is not in the documentation. */
  #take(socket: TLSSocket & { _parent?: Socket }): Handshake | undefined {
    const ends = endsOf(socket);
    const accepted = socket._parent ?? [...this.#pending].find(([, each]) => each.ends === ends)?.[0];
    const handshake = accepted && this.#pending.get(accepted);
    if (accepted !== undefined) this.#pending.delete(accepted);
    return handshake;
  }
}

/** Undefined when the certificate is not the reason. */
function verifyFailure(socket: TLSSocket): string | undefined {
  const error = socket.authorizationError as Error | string | null;
  return error === null ? undefined : `certificate verify failed: ${String(error)}`;
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `addr=${endpointText(remoteAddress, remotePort)} laddr=${endpointText(localAddress, localPort)}`;
}
