// What the configuration says of the process itself, at start and whenever it changes: its title, and how soon the system
// ends it when memory runs out.

import type { Config } from './config/config.js';
import { expandTitle, type TitleVariables } from './config/special-parameters.js';

/** The part of the process that is set. */
export interface ProcessHandle {
  setTitle(title: string): void;
  /** -1000 to 1000, where the system has such a thing. @throws the system's error */
  readonly oomScore?: { get(): number; set(score: number): void };
}

interface Ports {
  /** 0 when TCP is not listened on. */
  readonly port: number;
  readonly tlsPort?: number;
}

const NAME = 'clone-server';

/** @param warn gets a line about what could not be set */
export function followProcessSettings(
  config: Config,
  ports: Ports,
  process: ProcessHandle,
  warn: (text: string) => void,
): void {
  followTitle(config, ports, process);
  followOomScore(config, process, warn);
}

function followTitle(config: Config, ports: Ports, process: ProcessHandle): void {
  if (config.get('set-proc-title') !== 'yes') return;
  const setTitle = (): string => {
    const template = config.get('proc-title-template') ?? '';
    process.setTitle(expandTitle(template, titleVariables(config, ports)) ?? NAME);
    return '';
  };
  for (const name of ['port', 'bind', 'proc-title-template']) config.onChange(name, setTitle);
  setTitle();
}

function titleVariables(config: Config, ports: Ports): TitleVariables {
  const { bind, unixSocket, file } = config;
  const tlsPort = ports.tlsPort ?? 0;
  const port = ports.port > 0 ? ports.port : tlsPort;
  return {
    title: NAME,
    'listen-addr': port > 0 ? `${bind[0] ?? '*'}:${port}` : `unixsocket:${unixSocket}`,
    'server-mode': '',
    port: String(ports.port),
    'tls-port': String(tlsPort),
    unixsocket: unixSocket,
    'config-file': file === '' ? '-' : file,
  };
}

function followOomScore(config: Config, process: ProcessHandle, warn: (text: string) => void): void {
  const { oomScore } = process;
  if (oomScore === undefined) return;
  /** What it was before it was set. */
  let base: number | undefined;
  const apply = (): string => {
    const how = config.get('oom-score-adj');
    if (how === 'no' && base === undefined) return '';
    // The first of the three values is that of a primary.
    const own = Number(config.get('oom-score-adj-values')?.split(' ')[0]);
    try {
      base ??= oomScore.get();
      const wanted = how === 'no' ? base : how === 'absolute' ? own : base + own;
      oomScore.set(Math.min(1000, Math.max(-1000, wanted)));
      return '';
    } catch (error) {
      warn(`oom-score-adj cannot be set: ${error instanceof Error ? error.message : String(error)}`);
      return 'Failed to apply new oom_score_adj configuration, check server logs.';
    }
  };
  for (const name of ['oom-score-adj', 'oom-score-adj-values']) config.onChange(name, apply);
  apply();
}
