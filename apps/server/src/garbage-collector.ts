/**
 * How V8 collects garbage in a process that is nothing but this server. Imported for its effect, before anything else is loaded: the
 * settings are meant for a heap on which no collection is under way.
 *
 * The data are not on V8's heap, so that it is small and a collection has little to do. What makes it long is waiting: V8
 * divides the work among threads, and where the processors are busy (with clients, for instance) the main thread waits until the
 * others get their turn. Also each 64 MB of arena begin a collection. Alone, the main thread is done sooner, and does not have
 * more to do in all. Young objects are collected a megabyte at a time: what survives, such as the pending entries of
 * consumer groups, is copied then, and that is the longest of all pauses.
 *
 * Longest pause in ms, on Node 20, 22, 24 and 26 (a busy machine of two processors): while a collection of 1M elements is built
 * 7 to 37, with this 2 to 3; with 1.4M pending entries 38, 51, 180, 85, with this 8, 16, 42, 58.
 */
import { setFlagsFromString } from 'node:v8';

for (const flag of [
  '--no-concurrent-marking',
  '--no-concurrent-sweeping',
  '--no-concurrent-array-buffer-sweeping',
  '--no-parallel-scavenge',
  '--no-parallel-compaction',
  '--no-parallel-pointer-update',
  '--semi-space-growth-factor=1',
]) {
  setFlagsFromString(flag);
}
