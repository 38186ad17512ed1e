// The server under test, inside this process. DIFFERENTIAL_SUBJECT=7.0 (or 8.0) puts a second reference in its place:
// the kit must then find no difference from the first at all, which shows that it is deterministic.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Config, createServer } from '@clone/server';
import { splitArguments } from './arguments.js';
import { configurationOf, makeDirectory, startReference, type Target } from './reference.js';
import type { Version } from './known-differences.js';
import type { Setting } from './steps.js';

const asked = process.env.DIFFERENTIAL_SUBJECT;

/** The reference of which the subject is a second one: then replies that only our server owes are not asked for. */
export const subjectVersion: Version | undefined = asked === '7.0' || asked === '8.0' ? asked : undefined;
export const subjectIsReference = subjectVersion !== undefined;

export async function startSubject(setting: Setting = {}): Promise<Target> {
  if (subjectVersion) return startReference(setting, subjectVersion, `a second redis-server ${subjectVersion}`);
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
