// What does `everysec` lose when the power fails? Ask a disk that keeps no more than it promised.
import { AppendOnlyFile, loadAppendOnlyFile, SimulatedDisk } from '@clone/persistence-aof';

const disk = new SimulatedDisk({ random: Math.random });
disk.put('/data/.keep', new Uint8Array(0));
const log = new AppendOnlyFile({ fileSystem: disk, directory: '/data', policy: 'everysec', now: 0 });
await log.open();

let now = 0;
for (let i = 0; i < 250; i++) {
  const command = Buffer.from(`*2\r\n$4\r\nPING\r\n$${String(i).length}\r\n${i}\r\n`);
  log.append(0, command, 0, command.length);
  log.flush();
  log.tick((now += 10)); // time is a number here
  await new Promise((resolve) => setImmediate(resolve));
}
disk.crash('power');

let kept = 0;
const options = { fileSystem: disk, directory: '/data', loadTruncated: true };
const report = await loadAppendOnlyFile(options, (request) => {
  if (request.argc === 2 && request.lengths[0] === 4) kept++;
});
console.log(`250 commands in 2.5 s, ${kept} left; ${report.truncatedBytes} bytes of a torn one were cut off`);
