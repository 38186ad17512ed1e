// Every program in a README, or a page of docs, is taken out of it, compiled under `strict`, and run as it is written: only
// the ports that it names are replaced by those of servers that are there. A fragment without an import of its own goes on
// where the one before it ended.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServer, type Server } from '@clone/server';
import { makeCertificate } from './support/certificates.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Below `dist`, so that `@clone/server` and its neighbors are found as a program finds them, and git does not look. */
const directory = mkdtempSync(fileURLToPath(new URL('../dist/readmes-', import.meta.url)));

interface Program {
  /** The page, and the number of the fragment that it begins with. */
  readonly name: string;
  readonly path: string;
  readonly source: string;
}

const markdown = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md')
    .map((name) => join(folder, name));

const pages = [
  ...markdown('.'),
  ...markdown('docs'),
  ...['apps', 'packages'].flatMap((parent) =>
    readdirSync(join(root, parent)).flatMap((name) => markdown(join(parent, name))),
  ),
];

function programsOf(page: string): Program[] {
  const text = readFileSync(join(root, page), 'utf8');
  const folder = join(directory, page.replaceAll(/\W/g, '-'));
  const programs: Program[] = [];
  for (const match of text.matchAll(/^```(?:js|ts|mjs|javascript|typescript)\r?\n([^]*?)^```/gm)) {
    const source = match[1]!;
    const before = programs.at(-1);
    if (before !== undefined && !/^import /m.test(source)) {
      programs[programs.length - 1] = { ...before, source: `${before.source}\n${source}` };
      continue;
    }
    // One example may import another by its name, which stands above it.
    const named = /examples\/(\w+\.mjs)`\]\([^)]*\):\s*$/.exec(text.slice(0, match.index))?.[1];
    const number = programs.length + 1;
    const file = named ?? `program-${number}${source.includes("from 'vitest'") ? '.test' : ''}.mjs`;
    programs.push({ name: `${page}, program ${number}`, path: join(folder, file), source });
  }
  return programs;
}

const programs = pages.flatMap(programsOf);

const authority = makeCertificate('authority', { isAuthority: true });
const certificate = makeCertificate('localhost', { issuer: authority });
let server: Server;

beforeAll(async () => {
  server = await createServer({
    tlsPort: 0,
    config: {
      'tls-cert-file': certificate.certFile,
      'tls-key-file': certificate.keyFile,
      'tls-auth-clients': false,
    },
  });
  for (const { path, source } of programs) {
    const folder = dirname(path);
    mkdirSync(join(folder, 'certs'), { recursive: true });
    writeFileSync(
      join(folder, 'vitest.config.mjs'),
      "export default { test: { include: ['*.test.mjs'], exclude: [] } };",
    );
    writeFileSync(join(folder, 'certs/ca.crt'), authority.cert);
    writeFileSync(join(folder, 'certs/server.crt'), certificate.cert);
    writeFileSync(join(folder, 'certs/server.key'), certificate.key);
    writeFileSync(
      path,
      source
        .replaceAll('7000', String(server.port))
        .replaceAll('6380,', `${server.tlsPort},`)
        .replaceAll(':6380', `:${server.tlsPort}`),
    );
  }
});

afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('there are programs in the pages', () => {
  expect(programs.map(({ name }) => name)).toEqual(
    expect.arrayContaining(
      ['README.md', 'apps/server/README.md', 'packages/eviction-lru/README.md'].map((page) => `${page}, program 1`),
    ),
  );
});

test('they compile under strict', () => {
  const program = ts.createProgram(
    programs.map(({ path }) => path),
    {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts'],
      types: ['node'],
      strict: true,
      // JavaScript has no place for the types of parameters; all else is looked at as in TypeScript.
      noImplicitAny: false,
      allowJs: true,
      checkJs: true,
      noEmit: true,
      skipLibCheck: true,
    },
  );
  const diagnostics = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
    const name = programs.find(({ path }) => file !== undefined && relative(path, file.fileName) === '')?.name;
    return `${name ?? file?.fileName ?? ''}, line ${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  expect(diagnostics).toEqual([]);
});

describe('they run', () => {
  test.each(programs)('$name', async ({ path }) => {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const args = path.endsWith('.test.mjs') ? [vitest, 'run', '--root', dirname(path), '--dir', dirname(path)] : [path];
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: '', NO_COLOR: '1' };
    const result = await new Promise<{ code: unknown; output: string }>((resolve) => {
      execFile(process.execPath, args, { cwd: dirname(path), timeout: 25_000, env }, (error, stdout, stderr) => {
        resolve({ code: error?.code ?? (error === null ? 0 : error.signal), output: stdout + stderr });
      });
    });
    expect(result.code, result.output).toBe(0);
  });
});
