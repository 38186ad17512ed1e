// What the scripts of this folder share: where the packages are, and how to run a tool so that it works
// the same on Linux, macOS and Windows. Tools are run as `node <their script>`: there is no `.cmd` to find and no shell to quote for.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {string | Record<string, string>} [bin]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, unknown>} [exports]
 * @property {string[]} [files]
 * @property {Record<string, string>} [engines]
 * @property {unknown} [sideEffects]
 * @property {Record<string, unknown>} [publishConfig]
 * @property {{ type?: string, url?: string, directory?: string }} [repository]
 * @property {string} [type]
 * @property {string} [license]
 * @property {string} [description]
 */

/**
 * One package of the workspace; `path` is relative to the root and has forward slashes.
 * @typedef {{ name: string, path: string, directory: string, manifest: Manifest, published: boolean }} Workspace
 */

/** @param {string} file @returns {any} */
export const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Every package below packages/ and apps/, and the tests that need several of them. @returns {Workspace[]} */
export function workspaces() {
  const paths = ['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  );
  return [...paths, 'test']
    .filter((path) => existsSync(join(root, path, 'package.json')))
    .map((path) => {
      const directory = join(root, path);
      const manifest = /** @type {Manifest} */ (readJson(join(directory, 'package.json')));
      return { name: manifest.name, path, directory, manifest, published: manifest.private !== true };
    });
}

/** The script behind a package's command, as seen from the root's dependencies. @param {string} name @param {string} [command] */
export function toolScript(name, command = name) {
  const require = createRequire(join(root, 'package.json'));
  // Not `require.resolve(name/package.json)`: some packages do not export their manifest.
  const directory = (require.resolve.paths(name) ?? [])
    .map((base) => join(base, name))
    .find((path) => existsSync(path));
  if (directory === undefined) throw new Error(`${name} is not installed: run "npx pnpm@10 install"`);
  const { bin } = /** @type {Manifest} */ (readJson(join(directory, 'package.json')));
  const script = typeof bin === 'string' ? bin : bin?.[command];
  if (script === undefined) throw new Error(`${name} has no command ${command}`);
  return join(directory, script);
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {boolean} [quiet] collect the output instead of showing it
 * @property {number} [timeout] milliseconds
 */

/**
 * Runs a program to its end. Never throws for a bad exit: look at `code`.
 * @param {string} command @param {readonly string[]} args @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string }>} the output is stdout and stderr as they came, '' unless quiet
 */
export function run(command, args, { cwd = root, env = process.env, quiet = false, timeout } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, timeout, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** @param {string} script @param {readonly string[]} args @param {RunOptions} [options] */
export const runNode = (script, args, options) => run(process.execPath, [script, ...args], options);

/** npm comes with Node; its script lies where the installation has put it. @param {readonly string[]} args @param {RunOptions} [options] */
export function runNpm(args, options) {
  const bin = dirname(process.execPath);
  const candidates = [join(bin, 'node_modules'), join(bin, '../lib/node_modules'), join(bin, '../share/nodejs')];
  const script = candidates.map((base) => join(base, 'npm/bin/npm-cli.js')).find((path) => existsSync(path));
  return script === undefined ? run('npm', args, options) : runNode(script, args, options);
}

/** The pnpm that started this script, else the one that npx finds. @param {readonly string[]} args @param {RunOptions} [options] */
export function runPnpm(args, options) {
  const started = process.env['npm_execpath'];
  if (started !== undefined && /pnpm\.c?js$/.test(started)) return runNode(started, args, options);
  return runNpm(['exec', '--yes', '--', 'pnpm@10', ...args], options);
}

/** Brings the `dist` of a project and of all below it up to date. @param {string} path of the tsconfig, from the root */
export const build = (path, options = /** @type {RunOptions} */ ({})) =>
  runNode(toolScript('typescript', 'tsc'), ['-b', path], options);

/**
 * Prints what a check found, and sets the exit code.
 * @param {string} title @param {readonly string[]} problems
 */
export function conclude(title, problems) {
  for (const problem of problems) console.error(`  ${problem}`);
  console.log(problems.length === 0 ? `${title}: ok` : `${title}: ${problems.length} problem(s)`);
  if (problems.length > 0) process.exitCode = 1;
}
