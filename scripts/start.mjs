// `npx pnpm@10 start [redis.conf] [--option value …]`: builds what changed, then is the server.
// The server runs in this process, not in a child: its pid is the one in the banner, signals and the exit code need no relay.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, root } from './workspace.mjs';

const onTerminal = process.stderr.isTTY;
if (onTerminal) process.stderr.write('Building …');
const { code, output } = await build('apps/server/tsconfig.build.json', { quiet: true });
// The banner is to be the first thing that is seen, so the line goes again.
if (onTerminal) process.stderr.write('\r\u001b[K');

if (code === 0) {
  const cli = join(root, 'apps/server/bin/clone-server.js');
  process.argv[1] = cli;
  await import(pathToFileURL(cli).href);
} else {
  process.stderr.write(`The server does not build:\n${output}`);
  process.exitCode = 1;
}
