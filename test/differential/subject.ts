// The server under test, inside this process. DIFFERENTIAL_SUBJECT=redis-server puts a second reference in its place:
// the kit must then find no difference at all, which shows that it is deterministic.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedConfig, startReference, type Target } from './reference.js';

/** Whether the subject is a second reference: then replies that only our server owes are not asked for. */
export const subjectIsReference = process.env.DIFFERENTIAL_SUBJECT === 'redis-server';

interface RunningServer {
  readonly port: number;
  stop(): Promise<void>;
}

type CreateServer = (options: { port: number; config: Record<string, string> }) => Promise<RunningServer>;

export async function startSubject(): Promise<Target> {
  if (subjectIsReference) return startReference('second redis-server');
  const { createServer } = (await import('@clone/server')) as unknown as { createServer: CreateServer };
  const directory = mkdtempSync(join(tmpdir(), 'differential-'));
  const server = await createServer({ port: 0, config: { ...sharedConfig, dir: directory } });
  return {
    name: 'clone-server',
    address: { host: '127.0.0.1', port: server.port },
    stop: async () => {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
