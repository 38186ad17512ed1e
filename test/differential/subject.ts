// The server under test, inside this process. DIFFERENTIAL_SUBJECT=redis-server puts a second reference in its place:
// the kit must then find no difference at all, which shows that it is deterministic.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Config, createServer } from '@clone/server';
import { splitArguments } from './arguments.js';
import { configurationOf, makeDirectory, startReference, type Target } from './reference.js';
import type { Setting } from './steps.js';

/** Whether the subject is a second reference: then replies that only our server owes are not asked for. */
export const subjectIsReference = process.env.DIFFERENTIAL_SUBJECT === 'redis-server';

export async function startSubject(setting: Setting = {}): Promise<Target> {
  if (subjectIsReference) return startReference(setting, 'second redis-server');
  const directory = makeDirectory(setting);
  // A Unix socket, as the reference has: CLIENT LIST shows it.
  const path = join(directory, 'socket');
  const config = new Config({ directory, file: join(directory, 'redis.conf') });
  config.load(
    configurationOf(setting, directory).map((text) => {
      const [name = '', ...args] = splitArguments(text).map((word) => word.toString());
      return { name, args, place: 'redis.conf', text };
    }),
  );
  const server = await createServer({ port: false, config });
  return {
    name: 'clone-server',
    address: { path },
    directory,
    login: setting.login,
    keyspace: server.keyspace,
    stop: async () => {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
