// Runs the test suite on other versions of Node: `node scripts/test-on-nodes.mjs [22 24 26] [-- vitest arguments]`.
// npm has Node's own binaries as packages, so nothing needs to be installed on the machine. They stay in node_modules/.cache.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readJson, root, run, runNode, runNpm, toolScript } from './workspace.mjs';

const separator = process.argv.indexOf('--');
const own = process.argv.slice(2, separator === -1 ? undefined : separator);
const vitestArguments = separator === -1 ? [] : process.argv.slice(separator + 1);
const { positionals } = parseArgs({ args: own, allowPositionals: true });
const versions = positionals.length > 0 ? positionals : ['22', '24', '26'];
const system = process.platform === 'win32' ? 'win' : process.platform;

/** @type {string[]} */
const results = [];
const built = await runNode(join(root, 'scripts/build.mjs'), []);
if (built.code !== 0) process.exit(1);
for (const version of versions) {
  const directory = join(root, 'node_modules/.cache/nodes', version);
  const name = `node-${system}-${process.arch}`;
  const node = join(directory, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(node)) {
    mkdirSync(directory, { recursive: true });
    // Its own manifest, or npm would take the workspace's root for the project.
    writeFileSync(join(directory, 'package.json'), '{ "private": true }');
    const install = await runNpm(['install', '--no-audit', '--no-fund', `${name}@${version}`], { cwd: directory });
    if (install.code !== 0) process.exit(1);
  }
  const { output } = await run(node, ['--version'], { quiet: true });
  const report = join(directory, 'report.json');
  rmSync(report, { force: true });
  // Tests start programs as `node …`, too: the folder of this one goes first.
  const env = {
    ...process.env,
    PATH: `${join(node, '..')}${process.platform === 'win32' ? ';' : ':'}${process.env['PATH'] ?? ''}`,
  };
  const { code } = await run(
    node,
    [
      toolScript('vitest'),
      'run',
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...vitestArguments,
    ],
    { env },
  );
  const { numPassedTests, numFailedTests } = existsSync(report)
    ? readJson(report)
    : { numPassedTests: 0, numFailedTests: 0 };
  results.push(
    `${output.trim()}: ${numPassedTests} passed, ${numFailedTests} failed${code === 0 ? '' : ` (exit code ${code})`}`,
  );
  if (code !== 0) process.exitCode = 1;
}
for (const result of results) console.log(result);
