// The whole server on a disk that loses what was not synced: under `always` what was acknowledged is there.
import { join } from 'node:path';
import { SimulatedDisk } from '@clone/persistence-aof';
import { createServer, type Server } from '@clone/server';
import { expect, test } from 'vitest';
import { Client } from './support/client.js';
import { seededRandom } from './support/data.js';
import { deadProcess, temporaryDirectory, turn } from './support/server.js';

/** Lets calls of the disk happen until the promise settles. */
async function pump<T>(disk: SimulatedDisk, promise: Promise<T>): Promise<T> {
  const pending = { yes: true };
  const done = promise.finally(() => {
    pending.yes = false;
  });
  while (pending.yes) {
    disk.step();
    await turn();
  }
  return done;
}

/** Each server is a process of its own, or the second would find the directory in use. */
let lives = 0;

function startOn(disk: SimulatedDisk, dir: string): Promise<Server> {
  const config = { appendonly: true, appendfsync: 'always', dir };
  const options = { port: false, fileSystem: disk, processFacts: deadProcess(++lives), config } as const;
  return pump(disk, createServer(options));
}

test.each(Array.from({ length: 40 }, (_, i) => i))('power fails at a random moment (seed %i)', async (seed) => {
  const random = seededRandom(seed);
  const disk = new SimulatedDisk({ random, stepwise: true });
  const dir = temporaryDirectory();
  disk.put(join(dir, 'here'), new Uint8Array(0));
  let expected = '';
  let acknowledged = 0;
  for (let crash = 0; crash < 3; crash++) {
    const server = await startOn(disk, dir);
    const client = new Client(server.connect());
    const found = (await pump(disk, client.call('GET', 'log'))) ?? '';
    // Everything acknowledged, and of the rest a part from its beginning.
    expect(found).toEqual(expect.stringContaining(expected));
    let sent = found as string;
    expected = sent;
    const steps = 5 + Math.floor(random() * 150);
    for (let i = 0; i < steps; i++) {
      if (random() < 0.4) {
        sent += `${crash}.${i},`;
        const whole = sent;
        void client.call('APPEND', 'log', `${crash}.${i},`).then((length) => {
          if (length !== whole.length) return;
          expected = whole;
          acknowledged++;
        });
      }
      if (random() < 0.05) void client.call('BGREWRITEAOF');
      if (random() < 0.8) disk.step();
      await turn();
    }
    disk.crash('power');
    const survivor = await startOn(disk, dir);
    const after = (await pump(disk, new Client(survivor.connect()).call('GET', 'log'))) ?? '';
    expect((after as string).startsWith(expected)).toBe(true);
    expect(sent.startsWith(after as string)).toBe(true);
    expected = after as string;
    await pump(disk, survivor.stop());
  }
  expect(acknowledged).toBeGreaterThan(0);
});
