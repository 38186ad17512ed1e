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
const text = readFileSync(page, 'utf8');
// The first of the page's generated tables.
const from = text.indexOf(begin);
const to = text.indexOf(end, from);
if (from < 0 || to < 0) throw new Error('docs/compatibility.md has lost the place of the table');
writeFileSync(page, `${text.slice(0, from)}${begin}\n${differencesAsMarkdown()}\n${text.slice(to)}`);
