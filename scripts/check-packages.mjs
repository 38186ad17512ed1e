// Looks at each published package the way npm will see it: builds it from nothing, packs it, lists what is in the tarball, and lets
// publint and attw judge it. `--out DIR` keeps the tarballs for check-install.mjs.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { conclude, readJson, root, run, runNode, runPnpm, toolScript, workspaces } from './workspace.mjs';

const { values } = parseArgs({ options: { out: { type: 'string' } } });
const out = values.out === undefined ? mkdtempSync(join(tmpdir(), 'clone-pack-')) : resolve(values.out);
mkdirSync(out, { recursive: true });

/** @type {string[]} */
const problems = [];
const rootManifest = readJson(join(root, 'package.json'));

/** What a manifest must say before npm may see it. @param {import('./workspace.mjs').Workspace} workspace @returns {string[]} */
function manifestProblems({ manifest, path }) {
  /** @type {string[]} */
  const found = [];
  /** @param {boolean} holds @param {string} problem */
  const expect = (holds, problem) => {
    if (!holds) found.push(problem);
  };
  expect(manifest.type === 'module', '"type" must be "module"');
  expect(manifest.license === 'MIT', '"license" must be "MIT"');
  expect((manifest.description ?? '') !== '', '"description" is missing');
  expect(manifest.sideEffects === false, '"sideEffects" must be false');
  expect(
    manifest.engines?.['node'] === rootManifest.engines.node,
    `"engines.node" must be "${rootManifest.engines.node}"`,
  );
  expect(manifest.publishConfig?.['provenance'] === true, '"publishConfig.provenance" must be true');
  expect(manifest.publishConfig?.['access'] === 'public', '"publishConfig.access" must be "public"');
  expect(manifest.repository?.directory === path, `"repository.directory" must be "${path}"`);
  expect(/^git\+https:/.test(manifest.repository?.url ?? ''), '"repository.url" must be a git+https URL');
  const exported = manifest.exports ?? {};
  expect(exported['./package.json'] === './package.json', '"exports" must have "./package.json"');
  expect('.' in exported, '"exports" must have "."');
  for (const [name, target] of Object.entries(exported)) {
    if (name === './package.json') continue;
    const conditions = typeof target === 'object' && target !== null ? Object.keys(target) : [];
    expect(conditions[0] === 'types', `"exports" of "${name}" must have "types" first`);
    expect(conditions.at(-1) === 'default', `"exports" of "${name}" must have "default" last`);
  }
  for (const name of ['dist', 'README.md', 'LICENSE', 'CHANGELOG.md']) {
    expect(manifest.files?.includes(name) === true, `"files" must have "${name}"`);
  }
  return found;
}

/** @param {string} file @param {boolean} hasBin the package has a command */
const belongs = (file, hasBin) =>
  ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'].includes(file) ||
  (hasBin && /^bin\/[\w-]+\.js$/.test(file)) ||
  /^examples\/[\w-]+\.mjs$/.test(file) ||
  (/^src\/[\w/.-]+\.ts$/.test(file) && !/\.(test|fixture|spec|bench)\./.test(file)) ||
  (/^dist\/[\w/.-]+\.(js|d\.ts)$/.test(file) && !/\.(test|fixture|spec|bench)\./.test(file));

/** Relative links of a README that lead to nothing in the tarball. @param {string} readme @param {string[]} files */
function danglingLinks(readme, files) {
  const links = [...readme.matchAll(/\]\(([^)\s#]+)(#[^)\s]*)?\)/g)].map((match) => match[1] ?? '');
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const path = posix.normalize(link).replace(/\/$/, '');
    return !files.some((file) => file === path || file.startsWith(`${path}/`));
  });
}

/** @type {{ name: string, tarball: string }[]} */
const packed = [];
// One after the other: packing rebuilds `dist`, which the next package compiles against.
for (const workspace of workspaces().filter(({ published }) => published)) {
  const { name, directory, manifest } = workspace;
  problems.push(...manifestProblems(workspace).map((problem) => `${name}: ${problem}`));

  const file = `${name.replace('@', '').replace('/', '-')}.tgz`;
  const tarball = join(out, file);
  rmSync(tarball, { force: true });
  const pack = await runPnpm(['pack', '--out', tarball], { cwd: directory, quiet: true });
  if (pack.code !== 0) {
    problems.push(`${name}: pnpm pack failed\n${pack.output}`);
    continue;
  }
  // In its folder by its bare name: GNU tar takes what stands before a colon for a host, and Windows has colons in paths.
  const list = await run('tar', ['-tzf', file], { cwd: out, quiet: true });
  const files = list.output
    .split(/\r?\n/)
    .filter(Boolean)
    .map((line) => line.replace(/^package\//, ''));
  files.sort();
  console.log(`${name} ${manifest.version}: ${files.length} files`);
  for (const path of files) {
    console.log(`  ${path}`);
    if (!belongs(path, manifest.bin !== undefined)) problems.push(`${name}: ${path} does not belong in the tarball`);
  }
  for (const path of ['dist/index.js', 'dist/index.d.ts', 'README.md', 'LICENSE']) {
    if (!files.includes(path)) problems.push(`${name}: ${path} is missing from the tarball`);
  }
  for (const link of danglingLinks(readFileSync(join(directory, 'README.md'), 'utf8'), files)) {
    problems.push(`${name}: README.md links to ${link}, which is not in the tarball`);
  }
  packed.push({ name, tarball });
}

const publint = toolScript('publint');
const attw = toolScript('@arethetypeswrong/cli', 'attw');
for (const { name, tarball } of packed) {
  const [lint, types] = await Promise.all([
    runNode(publint, ['--strict', tarball], { quiet: true }),
    runNode(attw, [tarball, '--profile', 'esm-only', '--no-color', '--no-emoji'], { quiet: true }),
  ]);
  if (lint.code !== 0) problems.push(`${name}: publint\n${lint.output}`);
  if (types.code !== 0) problems.push(`${name}: attw\n${types.output}`);
}

if (values.out === undefined) rmSync(out, { recursive: true, force: true });
conclude('packages', problems);
