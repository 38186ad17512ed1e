/**
 * Where clients come in: what is listened on, TLS handshakes, and who is refused. What it listens on, and the
 * certificates, follow CONFIG SET; who is connected stays.
 */
import type { Socket } from 'node:net';
import { resolve } from 'node:path';
import type { Keyspace } from '@clone/core-store';
import type { Acl } from './acl/acl.js';
import { ConfigError } from './config/config-error.js';
import type { Config } from './config/config.js';
import { type Endpoint, endpointsOf, endpointText, Listeners } from './net/listener.js';
import { TlsHandshakes } from './net/tls-handshakes.js';
import { tlsOptionsOf } from './net/tls-options.js';
import { isLoopback, refusalOf } from './refusals.js';
import type { ServerStatistics } from './statistics.js';

/** What CONFIG SET is refused with (Redis 7). */
const NOT_LISTENING = 'Unable to listen on this port. Check server logs.';
const NOT_BOUND = 'Failed to bind to specified addresses.';
const TLS_NOT_UPDATED = 'Unable to update TLS configuration. Check server logs.';

/** Both ends of a connection, as CLIENT LIST shows them. */
export interface Ends {
  readonly address: string;
  readonly localAddress: string;
  readonly isLocal: boolean;
  readonly isUnixSocket: boolean;
}

export interface FrontDoorHost {
  readonly config: Config;
  readonly keyspace: Keyspace;
  readonly statistics: ServerStatistics;
  readonly acl: Acl;
  readonly clients: { readonly size: number };
  readonly isStopping: boolean;
  log(level: 'warning', message: string): void;
  /** Somebody has come in. */
  welcome(socket: Socket, ends: Ends): void;
}

/** As in `ServerOptions`. */
export interface FrontDoorOptions {
  readonly port?: number | false;
  readonly tlsPort?: number | false;
  readonly host?: string | readonly string[];
}

export class FrontDoor {
  readonly #host: FrontDoorHost;
  readonly #listeners: Listeners;
  readonly #handshakes: TlsHandshakes;

  constructor(host: FrontDoorHost) {
    this.#host = host;
    this.#listeners = new Listeners(
      (socket, endpoint) => this.#accept(socket, endpoint),
      (message) => host.log('warning', message),
    );
    this.#handshakes = new TlsHandshakes({
      secured: (socket) => this.#admit(socket, ''),
      failed: (reason, ends) => host.log('warning', `Error accepting a client connection: ${reason} (${ends})`),
    });
    this.#followConfig();
  }

  get port(): number {
    return this.#listeners.port;
  }

  get tlsPort(): number {
    return this.#listeners.tlsPort;
  }

  get host(): string {
    return this.#listeners.host;
  }

  /** Rejects with the system's error, or a ConfigError of TLS. */
  async listen({ port = 0, host = '127.0.0.1', ...options }: FrontDoorOptions): Promise<void> {
    const { config } = this.#host;
    const tlsPort = options.tlsPort ?? (config.tlsPort === 0 ? false : config.tlsPort);
    const bind = typeof host === 'string' ? [host] : host;
    if (tlsPort !== false || this.#usesTls()) this.#handshakes.configure(tlsOptionsOf(config));
    const endpoints = [
      ...(port === false ? [] : endpointsOf(bind, port)),
      ...(tlsPort === false ? [] : endpointsOf(bind, tlsPort, true)),
    ];
    let listening = 0;
    for (const endpoint of endpoints) if (await this.#listeners.listen(endpoint, config.tcpBacklog)) listening++;
    if (listening === 0 && endpoints.length > 0 && config.unixSocket === '') {
      throw new ConfigError(
        `bind ${bind.join(' ')}: no address of this machine, and no unixsocket: nothing to listen on`,
      );
    }
    if (endpoints.length > 0) config.adopt('bind', bind.join(' '));
    config.adopt('port', String(this.port));
    config.adopt('tls-port', String(this.tlsPort));
    if (config.unixSocket !== '') {
      const path = resolve(config.dir, config.unixSocket);
      await this.#listeners.listen({ path, mode: config.unixSocketPermission }, config.tcpBacklog);
    }
  }

  /** Ends handshakes that take too long. */
  expire(now: number): void {
    this.#handshakes.expire(now);
  }

  async close(): Promise<void> {
    this.#handshakes.close();
    await this.#listeners.close();
  }

  #followConfig(): void {
    const { config } = this.#host;
    config.onChange('port', () => (this.#listenAnew() ? '' : NOT_LISTENING));
    config.onChange('bind', () => (this.#listenAnew() ? '' : NOT_BOUND));
    config.onChange('tls-port', () => {
      const needsOptions = config.tlsPort === 0 || !this.#handshakes.isConfigured;
      if (needsOptions && !this.#updateTls(true)) return TLS_NOT_UPDATED;
      return this.#listenAnew() ? '' : NOT_LISTENING;
    });
    for (const name of config.names()) {
      if (!name.startsWith('tls-') || name === 'tls-port') continue;
      // Redis takes `yes` here without an authority, which may be the next command; until then nobody is let in.
      const needsAuthority = name !== 'tls-auth-clients';
      config.onChange(name, () => (this.#updateTls(needsAuthority) ? '' : TLS_NOT_UPDATED));
    }
  }

  /** On what `bind`, `port` and `tls-port` say now. */
  #listenAnew(): boolean {
    const { bind, port, tlsPort, tcpBacklog } = this.#host.config;
    const endpoints = [
      ...(port === 0 ? [] : endpointsOf(bind, port)),
      ...(tlsPort === 0 ? [] : endpointsOf(bind, tlsPort, true)),
    ];
    return this.#listeners.replace(endpoints, tcpBacklog);
  }

  #usesTls(): boolean {
    const { config } = this.#host;
    return config.tlsPort > 0 || config.get('tls-replication') === 'yes' || config.get('tls-cluster') === 'yes';
  }

  /** From the next connection on; who is connected stays. False: nothing has changed, the log says why. */
  #updateTls(needsAuthority: boolean): boolean {
    const host = this.#host;
    try {
      this.#handshakes.configure(this.#usesTls() ? tlsOptionsOf(host.config, needsAuthority) : undefined);
      return true;
    } catch (error) {
      host.log('warning', error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  #accept(socket: Socket, endpoint: Endpoint): void {
    const { isStopping, config, statistics, keyspace } = this.#host;
    if (endpoint.tls !== true) {
      this.#admit(socket, endpoint.path ?? '');
    } else if (isStopping || this.#clientsAndHandshakes >= config.maxClients) {
      // As in Redis, without a word: it could not be read before the handshake.
      statistics.connectionsRejected++;
      socket.destroy();
    } else {
      keyspace.readClock();
      this.#handshakes.accept(socket, keyspace.now);
    }
  }

  get #clientsAndHandshakes(): number {
    return this.#host.clients.size + this.#handshakes.pending;
  }

  #admit(socket: Socket, unixSocket: string): void {
    const host = this.#host;
    if (host.isStopping) {
      socket.destroy();
      return;
    }
    const isUnixSocket = unixSocket !== '';
    const remote = socket.remoteAddress ?? '';
    const isLocal = isUnixSocket || isLoopback(remote);
    const refusal = refusalOf(isLocal, this.#clientsAndHandshakes, host.config, host.acl.defaultUser);
    if (refusal !== '') {
      host.statistics.connectionsRejected++;
      refuse(socket, refusal);
      return;
    }
    host.welcome(socket, {
      address: isUnixSocket ? `${unixSocket}:0` : endpointText(remote, socket.remotePort),
      localAddress: isUnixSocket ? `${unixSocket}:0` : endpointText(socket.localAddress, socket.localPort),
      isLocal,
      isUnixSocket,
    });
  }
}

function refuse(socket: Socket, text: string): void {
  socket.on('error', () => undefined);
  socket.end(text, 'latin1', () => socket.destroy());
}
