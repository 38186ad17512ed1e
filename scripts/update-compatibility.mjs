// Writes the table of known differences into docs/compatibility.md: `node scripts/update-compatibility.mjs`, after a change of
// test/differential/known-differences.ts. A test compares the two, so forgetting it is noticed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './workspace.mjs';

// The table is TypeScript without imports: stripped of its types it can be loaded as it is.
const source = readFileSync(join(root, 'test/differential/known-differences.ts'), 'utf8');
const { outputText } = ts.transpileModule(source, {
  compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
});
/** @type {{ differencesAsMarkdown: () => string }} */
const { differencesAsMarkdown } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);

const page = join(root, 'docs/compatibility.md');
const begin = '<!-- prettier-ignore-start -->\n';
const end = '\n<!-- prettier-ignore-end -->';
const [before, rest] = readFileSync(page, 'utf8').split(begin);
const after = rest?.split(end)[1];
if (before === undefined || after === undefined)
  throw new Error('docs/compatibility.md has lost the place of the table');
writeFileSync(page, `${before}${begin}\n${differencesAsMarkdown()}\n${end}${after}`);
