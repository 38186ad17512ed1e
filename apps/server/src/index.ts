/**
 * `@clone/server`: a Redis-compatible server, as a daemon (`clone-server`) or inside your own process.
 *
 * In reading order: `server.ts` (composition), `net/` (sockets to connections), `memory-limit.ts`,
 * `append-only-log.ts`, `reply-gate.ts`, `cron.ts` (work without a client), `config/`, `commands/` (those that need the
 * server itself), `cli.ts`.
 */
export { Config } from './config/config.js';
export { ConfigError } from './config/config-error.js';
export type { ShutdownOptions } from './server-context.js';
export { createServer, type LogLevel, type Server, type ServerOptions } from './server.js';
