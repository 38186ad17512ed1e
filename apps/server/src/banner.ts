// What a person wants to know when the server is up: where it listens, whether data survive, how to talk to it.

import { join } from 'node:path';
import type { Config } from './config/config.js';

export interface BannerFacts {
  readonly version: string;
  readonly redisVersion: string;
  readonly pid: number;
  /** 0 when TCP is not listened on. */
  readonly port: number;
  readonly tlsPort: number;
  readonly config: Config;
  /** What lies in `dir` and was not read, a line for each. */
  readonly unreadData: readonly string[];
}

/** One line for a log. */
export function bannerLine(facts: BannerFacts): string {
  const { version, redisVersion, pid } = facts;
  return `clone-server ${version} (Redis ${redisVersion}), pid ${pid}, ready on ${place(facts)}; ${persistence(facts.config)}; connect with: ${connect(facts)}`;
}

/** A few lines for a terminal. */
export function bannerText(facts: BannerFacts): string {
  const { version, redisVersion, pid } = facts;
  const rows = [
    ['ready on', place(facts)],
    ['pid', String(pid)],
    ['data', persistence(facts.config)],
    ...facts.unreadData.map((line) => ['not read', line]),
    ['connect', connect(facts)],
    ['stop', `Ctrl-C, or SHUTDOWN, or kill ${pid}`],
  ];
  const body = rows.map(([name = '', value = '']) => `  ${name.padEnd(10)}${value}\n`).join('');
  return `\n  clone-server ${version}, compatible with Redis ${redisVersion}\n\n${body}\n`;
}

function place({ port, tlsPort, config }: BannerFacts): string {
  const places = port > 0 ? [`port ${port}`] : [];
  if (tlsPort > 0) places.push(`port ${tlsPort} (TLS)`);
  if (config.unixSocket !== '') places.push(config.unixSocket);
  return places.join(' and ');
}

function persistence(config: Config): string {
  if (!config.appendOnly) return 'nothing is kept on disk; to keep it, start with: --appendonly yes';
  return `append-only file in ${join(config.dir, config.appendDirname)}, fsync ${config.appendFsync}`;
}

function connect({ port, tlsPort, config }: BannerFacts): string {
  if (port > 0) return `redis-cli -p ${port}`;
  if (tlsPort === 0) return `redis-cli -s ${config.unixSocket}`;
  const authority = config.get('tls-ca-cert-file') ?? '';
  const own = config.get('tls-auth-clients') === 'yes' ? ' --cert <yours> --key <yours>' : '';
  return `redis-cli -p ${tlsPort} --tls --cacert ${authority === '' ? '<authority>' : authority}${own}`;
}
