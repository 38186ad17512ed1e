// The table of all parameters in docs/configuration.md is made of PARAMETERS.
// `UPDATE_DOCS=1 npx vitest run apps/server/src/config/documentation.test.ts` writes it anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Parameter } from './parameter.js';
import { PARAMETERS } from './parameters.js';

const page = new URL('../../../../docs/configuration.md', import.meta.url);
const begin = '<!-- parameters: generated -->\n<!-- prettier-ignore-start -->\n';
const end = '\n<!-- prettier-ignore-end -->\n<!-- parameters: end -->';

function whenSet(parameter: Parameter): string {
  if (!parameter.mutable) return 'start';
  return parameter.protected ? 'any time, protected' : 'any time';
}

function state({ idle, unsupported, ours }: Parameter): string {
  if (unsupported !== undefined) return `only its default is accepted: ${unsupported}`;
  if (idle !== undefined) return `accepted without effect: ${idle}`;
  return ours ? 'works; not in Redis' : 'works';
}

function row(parameter: Parameter): string {
  const { name, alias, hidden } = parameter;
  const names = `\`${name}\`${alias === undefined ? '' : `, \`${alias}\``}${hidden ? ' (not listed)' : ''}`;
  const value = parameter.default === '' ? '' : `\`${parameter.default}\``;
  return `| ${names} | ${value} | ${whenSet(parameter)} | ${state(parameter)} |`;
}

const table = ['| Parameter | Default | Set | |', '| --- | --- | --- | --- |', ...PARAMETERS.map(row)].join('\n');

test('the page lists every parameter, with what becomes of it', () => {
  const text = readFileSync(page, 'utf8');
  const generated = `${begin}\n${table}\n${end}`;
  if (process.env.UPDATE_DOCS === '1') {
    const [before, rest = ''] = text.split(begin);
    writeFileSync(page, `${before ?? ''}${generated}${rest.split(end)[1] ?? ''}`);
    return;
  }
  expect(text).toContain(generated);
});
