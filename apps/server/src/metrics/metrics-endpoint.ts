/**
 * The Prometheus endpoint (`metrics-port`): `GET /metrics` over HTTP, nothing else. It measures only while it is open.
 */
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry as Metrics } from 'prom-client';
import type { ServerContext } from '../server-context.js';
import { commandMetrics } from './command-metrics.js';
import { processMetrics } from './process-metrics.js';
import { serverMetrics } from './server-metrics.js';

export class MetricsEndpoint {
  readonly #metrics = new Metrics();
  readonly #http: HttpServer;
  readonly #endMeasuring: () => void;

  /** Begins to measure. */
  constructor(server: ServerContext) {
    serverMetrics(server, this.#metrics);
    commandMetrics(server.dispatcher.registry, this.#metrics);
    this.#endMeasuring = processMetrics(this.#metrics);
    this.#http = createHttpServer((request, response) => {
      const isMetrics = request.url?.split('?')[0] === '/metrics';
      if (!isMetrics || (request.method !== 'GET' && request.method !== 'HEAD')) {
        response.writeHead(isMetrics ? 405 : 404, { 'content-type': 'text/plain' });
        response.end('There is only GET /metrics here.\n');
        return;
      }
      this.#metrics.metrics().then(
        (text) => {
          response.writeHead(200, { 'content-type': this.#metrics.contentType });
          response.end(request.method === 'HEAD' ? undefined : text);
        },
        (error: unknown) => {
          response.writeHead(500, { 'content-type': 'text/plain' });
          response.end(`${String(error)}\n`);
        },
      );
    });
    // Nobody keeps a connection for long, and none keeps the server from stopping.
    this.#http.headersTimeout = 5000;
    this.#http.requestTimeout = 5000;
  }

  /** The port that was had. */
  get port(): number {
    return (this.#http.address() as AddressInfo | null)?.port ?? 0;
  }

  /** @throws the system's error when the port cannot be had */
  listen(port: number, host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(port, host, () => {
        this.#http.off('error', reject);
        resolve();
      });
    });
  }

  close(): Promise<void> {
    this.#endMeasuring();
    return new Promise((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }
}
