// The floors of docs/architecture.md, kept: a package imports only from lower floors, whether it says so in an import statement,
// in package.json or in a tsconfig reference. And what keeps floors 1 to 4 deterministic: no socket, no environment, no log, no timer,
// no clock and no randomness of their own; all of that is handed to them by the floor above.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { conclude, readJson, root, workspaces } from './workspace.mjs';

/** A new package takes its place here. The top floor is private: nothing may import it. @type {ReadonlyMap<string, number>} */
const floors = new Map([
  ['@clone/resp-codec', 1],
  ['@clone/core-store', 1],
  ['@clone/eviction-lru', 2],
  ['@clone/persistence-aof', 3],
  ['@clone/command-registry', 4],
  ['@clone/server', 5],
  ['@clone/bench', 6],
  ['@clone/test', 6],
]);
const highestPureFloor = 4;

/** Node's modules that only compute. Everything else touches the world. */
const pureModules = new Set(['node:buffer', 'node:events', 'node:path', 'node:util']);
/** The one door to the disk. @type {ReadonlyMap<string, ReadonlySet<string>>} */
const doors = new Map([['packages/persistence-aof/src/node-file-system.ts', new Set(['node:fs', 'node:fs/promises'])]]);

const forbiddenGlobals = new Set([
  ...['process', 'console', 'performance', 'crypto', 'navigator', 'fetch', 'WebSocket', 'require', 'global'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
]);
const forbiddenMembers = new Set(['Date.now', 'Math.random', 'Atomics.wait']);

/** @type {string[]} */
const problems = [];
const all = workspaces();

/** @param {string} text */
const packageOf = (text) => (text.startsWith('@clone/') ? text.split('/').slice(0, 2).join('/') : undefined);

/** @param {string} directory @returns {string[]} */
const sourcesIn = (directory) =>
  existsSync(directory)
    ? readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
        const path = join(directory, entry.name);
        if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'dist' ? [] : sourcesIn(path);
        return /\.[cm]?[jt]s$/.test(entry.name) ? [path] : [];
      })
    : [];

/**
 * Every module that a file names: import, export … from, import(), import type.
 * @param {ts.SourceFile} source @returns {{ text: string, line: number }[]}
 */
function modulesOf(source) {
  /** @type {{ text: string, line: number }[]} */
  const found = [];
  /** @param {ts.Node | undefined} node */
  const add = (node) => {
    if (node === undefined || !ts.isStringLiteralLike(node)) return;
    found.push({ text: node.text, line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1 });
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0]);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/**
 * Uses of what belongs to the outside world. A name that the file declares itself is the file's own and not the global.
 * @param {ts.SourceFile} source @returns {{ text: string, line: number }[]}
 */
function worldUses(source) {
  /** @type {Set<string>} */
  const declared = new Set();
  /** @type {{ text: string, line: number }[]} */
  const found = [];
  /** @param {ts.Node} node */
  const collect = (node) => {
    if (
      (ts.isVariableDeclaration(node) ||
        ts.isParameter(node) ||
        ts.isBindingElement(node) ||
        ts.isFunctionDeclaration(node) ||
        ts.isImportSpecifier(node)) &&
      node.name !== undefined &&
      ts.isIdentifier(node.name)
    ) {
      declared.add(node.name.text);
    }
    ts.forEachChild(node, collect);
  };
  /** @param {ts.Node} node @param {string} text */
  const add = (node, text) =>
    found.push({ text, line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1 });
  /** A name after a dot, a key or a declaration names no global; `globalThis.name` does. @param {ts.Identifier} node */
  const isReference = (node) => {
    const { parent } = node;
    if (ts.isPropertyAccessExpression(parent)) {
      return parent.expression === node || /\bglobalThis\b/.test(parent.expression.getText(source));
    }
    if (ts.isShorthandPropertyAssignment(parent)) return true;
    if (ts.isTypeNode(parent) || ts.isQualifiedName(parent) || ts.isExportSpecifier(parent)) return false;
    return !('name' in parent && parent.name === node) && !('propertyName' in parent && parent.propertyName === node);
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isIdentifier(node) && forbiddenGlobals.has(node.text) && !declared.has(node.text) && isReference(node)) {
      add(node, node.text);
    } else if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      const text = `${node.expression.text}.${node.name.text}`;
      if (forbiddenMembers.has(text)) add(node, text);
    } else if (
      ts.isNewExpression(node) &&
      node.expression.getText(source) === 'Date' &&
      (node.arguments?.length ?? 0) === 0
    ) {
      add(node, 'new Date()');
    }
    ts.forEachChild(node, visit);
  };
  collect(source);
  visit(source);
  return found;
}

for (const workspace of all) {
  const floor = floors.get(workspace.name);
  if (floor === undefined) {
    problems.push(`${workspace.path}: ${workspace.name} has no floor in scripts/check-floors.mjs`);
    continue;
  }
  /** @param {string} where @param {string} name */
  const mustBeLower = (where, name) => {
    const other = floors.get(name);
    if (other === undefined) problems.push(`${where}: ${name} has no floor`);
    else if (other >= floor) problems.push(`${where}: floor ${floor} must not use ${name} (floor ${other})`);
  };

  // package.json
  const { manifest } = workspace;
  const runtime = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
  for (const name of Object.keys({ ...runtime, ...manifest.devDependencies })) {
    if (packageOf(name) !== undefined) mustBeLower(`${workspace.path}/package.json`, name);
  }
  if (floor <= highestPureFloor) {
    for (const name of Object.keys(runtime).filter((name) => packageOf(name) === undefined)) {
      problems.push(
        `${workspace.path}/package.json: floors 1 to ${highestPureFloor} depend on nothing outside, but: ${name}`,
      );
    }
  }

  // tsconfig references: the same packages as the dependencies, else `tsc -b` builds too little or in the wrong order.
  const buildConfig = join(workspace.directory, 'tsconfig.build.json');
  if (existsSync(buildConfig)) {
    /** @type {{ references?: { path: string }[] }} */
    const { references = [] } = readJson(buildConfig);
    const referenced = references.map(({ path }) => {
      const directory = dirname(join(workspace.directory, path));
      return all.find((other) => other.directory === directory)?.name ?? path;
    });
    for (const name of referenced) mustBeLower(`${workspace.path}/tsconfig.build.json`, name);
    const needed = Object.keys(runtime).filter((name) => packageOf(name) !== undefined);
    for (const name of needed.filter((name) => !referenced.includes(name))) {
      problems.push(`${workspace.path}/tsconfig.build.json: no reference to ${name}, which package.json depends on`);
    }
    for (const name of referenced.filter((name) => !needed.includes(name))) {
      problems.push(
        `${workspace.path}/tsconfig.build.json: a reference to ${name}, which package.json does not depend on`,
      );
    }
  }

  // Sources, tests and examples included: a test that reaches up would pull the upper floor into every change of the lower one.
  for (const file of sourcesIn(workspace.directory)) {
    const path = relative(root, file).split(sep).join('/');
    const source = ts.createSourceFile(path, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    const inner = path.slice(workspace.path.length + 1);
    const pure = floor <= highestPureFloor && inner.startsWith('src/') && !/\.(test|fixture)\.ts$/.test(inner);

    for (const { text, line } of modulesOf(source)) {
      const where = `${path}:${line}`;
      const name = packageOf(text);
      if (name !== undefined && name !== workspace.name) mustBeLower(where, name);
      if (name !== undefined && text !== name && text !== `${name}/package.json`) {
        problems.push(`${where}: ${text} reaches into the inside of ${name}`);
      }
      if (text.startsWith('.') && relative(workspace.directory, join(dirname(file), text)).startsWith('..')) {
        problems.push(`${where}: ${text} leaves the package`);
      }
      if (!pure || text.startsWith('.') || name !== undefined) continue;
      const module = isBuiltin(text) && !text.startsWith('node:') ? `node:${text}` : text;
      if (!pureModules.has(module) && doors.get(path)?.has(module) !== true) {
        problems.push(`${where}: floors 1 to ${highestPureFloor} do not import ${text}`);
      }
    }
    if (!pure) continue;
    for (const { text, line } of worldUses(source)) {
      problems.push(
        `${path}:${line}: floors 1 to ${highestPureFloor} do not use ${text}: let the floor above hand it in`,
      );
    }
  }
}

for (const path of doors.keys()) {
  if (existsSync(dirname(join(root, path))) && !existsSync(join(root, path))) {
    problems.push(`${relative(root, fileURLToPath(import.meta.url))}: ${path} is listed but does not exist`);
  }
}

conclude('floors', problems);
