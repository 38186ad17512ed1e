// A proxy that reports each request and reply by kind and size, and decodes none of them.
import { connect, createServer } from 'node:net';
import { FrameScanner } from '@clone/resp-codec';

function pass(from, to, kind, report) {
  const scanner = new FrameScanner(kind);
  from.on('error', () => to.destroy());
  from.on('end', () => to.end());
  from.on('data', (chunk) => {
    try {
      let start = 0;
      for (let end; (end = scanner.next(chunk, start)) !== -1; start = end) {
        report(kind, String.fromCharCode(scanner.frameType), scanner.frameLength);
      }
      to.write(chunk);
    } catch (error) {
      console.log(`${kind}: ${error.message}`);
      from.destroy();
      to.destroy();
    }
  });
}

export const proxy = createServer((client) => {
  const upstream = connect(Number(process.env.UPSTREAM ?? 6379));
  const report = (kind, type, length) => console.log(`${kind} ${type} ${length} bytes`);
  pass(client, upstream, 'requests', report);
  pass(upstream, client, 'replies', report);
});

proxy.listen(Number(process.env.PORT ?? 6381), () => {
  console.log(`passing on from ${proxy.address().port}`);
});
