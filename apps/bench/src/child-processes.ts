/**
 * Everything that must not outlive the bench: child processes and temporary folders. They are registered here when
 * they are made, so that an exit by any way (done, failed, Ctrl-C) takes them along.
 */
import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const children = new Set<ChildProcess>();
const folders = new Set<string>();

const STOP_TIMEOUT_MS = 30_000;

/** Resolves when the process runs. Rejects when there is no such program. */
export async function startChild(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<ChildProcess> {
  const child = spawn(command, args, options);
  children.add(child);
  child.once('exit', () => children.delete(child));
  child.once('error', () => children.delete(child));
  await once(child, 'spawn');
  return child;
}

/** Asks a process to end, and makes it end when it does not. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const done = new AbortController();
  const force = sleep(STOP_TIMEOUT_MS, undefined, { signal: done.signal }).then(
    () => child.kill('SIGKILL'),
    () => undefined,
  );
  await exited;
  done.abort();
  await force;
}

/** @param parent where it is made; the system's folder for temporary files if undefined */
export function temporaryFolder(parent: string | undefined): string {
  const folder = mkdtempSync(join(parent ?? tmpdir(), 'clone-bench-'));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder: string): void {
  // Retries: a server that was killed a moment ago may still be writing.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  folders.delete(folder);
}

/** Kills what runs and removes what was written, at once. */
export function cleanUp(): void {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) removeFolder(folder);
}

/** Standard output of a program that is expected to succeed. */
export async function outputOf(command: string, args: readonly string[]): Promise<string> {
  const child = await startChild(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: exit code ${code ?? 'none'}\n${errors.trim()}`);
  return output;
}
