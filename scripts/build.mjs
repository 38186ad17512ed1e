// Builds every package that has a build, in one incremental `tsc -b`: what `test` and `bench` run first.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runNode, toolScript, workspaces } from './workspace.mjs';

const projects = workspaces()
  .map(({ directory }) => join(directory, 'tsconfig.build.json'))
  .filter((path) => existsSync(path));
const { code } = await runNode(toolScript('typescript', 'tsc'), ['-b', ...projects]);
process.exitCode = code;
