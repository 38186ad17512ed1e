/**
 * `@clone/server`: a Redis-compatible server, as a daemon (`clone-server`) or inside your own process.
 *
 * In reading order: `server.ts` (what a server is made of), `connections.ts` (who is connected), `net/` (sockets to
 * connections), `memory-limit.ts`, `append-only-log.ts`, `reply-gate.ts`, `housekeeping.ts` (work without a client),
 * `config/`, `follow-config.ts`, `commands/` (those that need the server itself), `cli.ts`.
 */
export { Config } from './config/config.js';
export type { ConfigRecord } from './config/config-record.js';
export { ConfigError } from './config/config-error.js';
export { DirectoryLockedError } from './directory-lock.js';
export type { ShutdownOptions } from './server-context.js';
export { createServer, type LogLevel, type Server, type ServerOptions } from './server.js';
