// The server under test, inside this process. DIFFERENTIAL_SUBJECT=redis-server puts a second reference in its place:
// the kit must then find no difference at all, which shows that it is deterministic.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from '@clone/server';
import { configuration, startReference, type ConfigParameters, type Target } from './reference.js';

/** Whether the subject is a second reference: then replies that only our server owes are not asked for. */
export const subjectIsReference = process.env.DIFFERENTIAL_SUBJECT === 'redis-server';

export async function startSubject(more: ConfigParameters = {}): Promise<Target> {
  if (subjectIsReference) return startReference(more, 'second redis-server');
  const directory = mkdtempSync(join(tmpdir(), 'differential-'));
  // A Unix socket, as the reference has: CLIENT LIST shows it.
  const path = join(directory, 'socket');
  const server = await createServer({
    port: false,
    config: { ...configuration(more), dir: directory, unixsocket: path },
  });
  return {
    name: 'clone-server',
    address: { path },
    directory,
    keyspace: server.keyspace,
    stop: async () => {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
