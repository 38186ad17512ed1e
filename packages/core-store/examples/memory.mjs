// What a million keys cost in memory, and what the slowest write: `node examples/memory.mjs`
import { Keyspace } from '@clone/core-store';

const keys = 1_000_000;
const keyspace = new Keyspace({ clock: Date, random: Math.random, hashSeed: [1, 2] });
const db = keyspace.databases[0];
const key = Buffer.alloc(16);
const value = Buffer.alloc(64, 'v');
const empty = keyspace.usedMemory;

const start = performance.now();
let longest = 0;
for (let i = 0; i < keys; i++) {
  key.write(`key:${String(i).padStart(12, '0')}`, 'latin1');
  const before = performance.now();
  db.setString(key, 0, 16, value, 0, 64, false);
  longest = Math.max(longest, performance.now() - before);
}
const seconds = (performance.now() - start) / 1000;
const { reserved, used, chunks } = keyspace.arena.statistics;

console.log(`${keys} keys of 16 bytes with values of 64 in ${seconds.toFixed(2)} s`);
console.log(`${((used - empty) / keys).toFixed(1)} bytes per key in use, ${(reserved / keys).toFixed(1)} reserved`);
console.log(`${chunks} buffers for the garbage collector to know of; the slowest SET took ${longest.toFixed(2)} ms`);
