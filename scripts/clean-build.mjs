// `prepack` of every published package: what goes to npm is built from nothing, so that no file of a deleted source is in it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './workspace.mjs';

const directory = process.cwd();
rmSync(join(directory, 'dist'), { recursive: true, force: true });
// On stderr: `pnpm pack --json` owns stdout.
const { code, output } = await build(join(directory, 'tsconfig.build.json'), { quiet: true });
process.stderr.write(output);
process.exitCode = code;
