// A counter that survives kill -9: node examples/visits.mjs [directory], as often as you like.
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppendOnlyFile, loadAppendOnlyFile, NodeFileSystem } from '@clone/persistence-aof';

const fileSystem = new NodeFileSystem();
const directory = process.argv[2] ?? (await mkdtemp(join(tmpdir(), 'visits-')));
await mkdir(directory, { recursive: true });

// 1. What happened before: every command, in order.
let visits = 0;
const report = await loadAppendOnlyFile({ fileSystem, directory, loadTruncated: true }, (request) => {
  const name = Buffer.from(request.bytes.buffer, request.bytes.byteOffset + request.offsets[0], request.lengths[0]);
  if (name.toString() === 'INCR') visits++;
});
console.log(report.exists ? `${visits} visits so far` : 'the first visit');

// 2. What happens now. `always`: nobody is told of a visit before it is on the disk.
const waiting = [];
const log = new AppendOnlyFile({
  fileSystem,
  directory,
  policy: 'always',
  now: Date.now(),
  onDurable: (offset) => {
    while (waiting.length > 0 && waiting[0].offset <= offset) waiting.shift().resolve();
  },
  onFatal: (error) => {
    console.error('the disk failed', error);
    process.exit(1);
  },
});
await log.open();
const timer = setInterval(() => log.tick(Date.now()), 100);

const incr = Buffer.from('*2\r\n$4\r\nINCR\r\n$6\r\nvisits\r\n');
const visit = () => {
  log.append(0, incr, 0, incr.length);
  log.flush();
  return new Promise((resolve) => waiting.push({ offset: log.appendedOffset, resolve }));
};
await Promise.all([visit(), visit(), visit()]);
console.log(`three more, safe on the disk; see ${directory}`);

clearInterval(timer);
await log.close();
