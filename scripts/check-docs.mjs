// Every export of every published package has a docstring: what an editor shows to who uses it. For a class, that is true of
// its public methods, too, unless the name and the types say all; an exported type alias or interface, likewise.
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { conclude, root, workspaces } from './workspace.mjs';

/** @type {string[]} */
const problems = [];
const published = workspaces().filter(({ published }) => published);
const entries = published.map(({ directory }) => join(directory, 'src/index.ts')).filter(existsSync);
const paths = Object.fromEntries(published.map(({ name, directory }) => [name, [join(directory, 'src/index.ts')]]));
const program = ts.createProgram(entries, {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  types: ['node'],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  paths,
});
const checker = program.getTypeChecker();

let count = 0;
for (const { name, directory } of published) {
  const source = program.getSourceFile(join(directory, 'src/index.ts'));
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) {
    problems.push(`${name}: src/index.ts exports nothing`);
    continue;
  }
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    count++;
    if (ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() !== '') continue;
    const declaration = symbol.declarations?.[0];
    const file = declaration?.getSourceFile();
    const line = file && declaration ? file.getLineAndCharacterOfPosition(declaration.getStart()).line + 1 : 0;
    problems.push(`${name}: ${exported.name} has no docstring (${file ? relative(root, file.fileName) : '?'}:${line})`);
  }
}
console.log(`${count} exports`);
conclude('docstrings', problems);
