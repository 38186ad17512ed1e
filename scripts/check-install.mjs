// The packages as a stranger gets them: all tarballs installed together by npm into an empty project, every one imported,
// type-checked without skipLibCheck, and the examples of its README run there. `--from DIR` takes tarballs that
// check-packages.mjs has left; without it they are packed first.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { conclude, readJson, root, run, runNode, runNpm, workspaces } from './workspace.mjs';

const { values } = parseArgs({ options: { from: { type: 'string' } } });
const project = mkdtempSync(join(tmpdir(), 'clone-install-'));
let tarballs = values.from === undefined ? undefined : resolve(values.from);
if (tarballs === undefined) {
  tarballs = join(project, 'tarballs');
  const { code } = await runNode(join(root, 'scripts/check-packages.mjs'), ['--out', tarballs], { quiet: true });
  if (code !== 0) console.error('check-packages.mjs has found problems: see there');
}

/** @type {string[]} */
const problems = [];
const published = workspaces().filter(({ published }) => published);
const rootVersions = {
  typescript: readJson(join(root, 'node_modules/typescript/package.json')).version,
  '@types/node': readJson(join(root, 'node_modules/@types/node/package.json')).version,
};
writeFileSync(
  join(project, 'package.json'),
  JSON.stringify({ name: 'stranger', version: '1.0.0', private: true, type: 'module', devDependencies: rootVersions }),
);

const files = readdirSync(tarballs).filter((name) => name.endsWith('.tgz'));
if (files.length !== published.length) problems.push(`${files.length} tarballs for ${published.length} packages`);
const install = await runNpm(
  [
    'install',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...files.map((name) => join(/** @type {string} */ (tarballs), name)),
  ],
  { cwd: project, quiet: true },
);
if (install.code !== 0) problems.push(`npm install\n${install.output}`);
else {
  // A package that came from the registry instead would hide what is wrong with ours.
  const { packages } = readJson(join(project, 'package-lock.json'));
  for (const [path, { resolved = '' }] of Object.entries(packages)) {
    if (path.includes('node_modules/@clone/') && !resolved.startsWith('file:'))
      problems.push(`${path} came from ${resolved}`);
  }

  const names = published.map(({ name }) => name);
  writeFileSync(
    join(project, 'imports.mjs'),
    names
      .map(
        (name) => `if (Object.keys(await import('${name}')).length === 0) throw new Error('${name} exports nothing');`,
      )
      .join('\n'),
  );
  const imports = await run(process.execPath, ['imports.mjs'], { cwd: project, quiet: true, timeout: 20_000 });
  if (imports.code !== 0 || imports.output !== '') problems.push(`import prints or fails\n${imports.output}`);

  // What a package exports is used by name, so that every declaration file is read.
  writeFileSync(
    join(project, 'types.ts'),
    names
      .map((name, i) => `import * as p${i} from '${name}';\nexport const keys${i}: (keyof typeof p${i})[] = [];\n`)
      .join(''),
  );
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        module: 'NodeNext',
        target: 'ES2023',
        lib: ['ES2023'],
        types: ['node'],
        strict: true,
        skipLibCheck: false,
        noEmit: true,
      },
      files: ['types.ts'],
    }),
  );
  const types = await runNode(join(project, 'node_modules/typescript/bin/tsc'), ['-p', '.'], {
    cwd: project,
    quiet: true,
  });
  if (types.code !== 0) problems.push(`tsc\n${types.output}`);

  for (const { name, directory } of published) {
    const examples = join(directory, 'examples');
    const scripts = existsSync(examples) ? readdirSync(examples).filter((file) => file.endsWith('.mjs')) : [];
    if (scripts.length === 0) problems.push(`${name}: no example`);
    const target = join(project, 'examples', name);
    mkdirSync(target, { recursive: true });
    const readme = join(directory, 'README.md');
    const tour = existsSync(readme) ? readFileSync(readme, 'utf8') : '';
    // All of them first: one example may import another.
    for (const file of scripts) copyFileSync(join(examples, file), join(target, file));
    for (const file of scripts) {
      if (!tour.includes(`examples/${file}`)) problems.push(`${name}: README.md does not lead to examples/${file}`);
      const { code, output } = await run(process.execPath, [file], { cwd: target, quiet: true, timeout: 60_000 });
      console.log(`${name}/examples/${file}: ${code === 0 ? 'ok' : 'failed'}`);
      if (code !== 0) problems.push(`${name}/examples/${file}\n${output}`);
    }
  }

  const cli = await runNode(join(project, 'node_modules/@clone/server/bin/clone-server.js'), ['--version'], {
    cwd: project,
    quiet: true,
    timeout: 20_000,
  });
  if (cli.code !== 0) problems.push(`clone-server --version\n${cli.output}`);
}

rmSync(project, { recursive: true, force: true });
conclude('npm install', problems);
