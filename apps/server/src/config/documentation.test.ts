// The table of all parameters in docs/configuration.md is made of PARAMETERS, and so is the type `ConfigRecord`.
// `UPDATE_DOCS=1 npx vitest run apps/server/src/config/documentation.test.ts` writes it anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
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

const declaration = new URL('config-record.ts', import.meta.url);

const TYPES = {
  flag: "boolean | 'yes' | 'no' | Text",
  integer: 'number | string',
  octal: 'number | string',
  size: 'number | bigint | string',
  text: 'string',
  list: 'string | number | readonly (string | number)[]',
};

function typeOf({ kind, choices }: Parameter): string {
  if (kind !== 'choice') return TYPES[kind];
  const words = [...choices.map((word) => `'${word}'`), 'Text'].join(' | ');
  return choices.includes('yes') && choices.includes('no') ? `boolean | ${words}` : words;
}

function properties(parameter: Parameter): string {
  const { name, alias, accepts, idle, unsupported, default: value } = parameter;
  const isKey = /^[a-z]+$/.test(name);
  const state = idle === undefined ? '' : ` Accepted without effect: ${idle}.`;
  const only = unsupported === undefined ? '' : ` Only the default: ${unsupported}.`;
  const begin = `Accepts ${accepts}. By default ${value === '' ? 'empty' : `\`${value}\``}.`;
  const own = `  /** ${begin}${state}${only} */\n  readonly ${isKey ? name : `'${name}'`}?: ${typeOf(parameter)};`;
  return alias === undefined
    ? own
    : `${own}\n  /** The older name of \`${name}\`. */\n  readonly '${alias}'?: ${typeOf(parameter)};`;
}

const source = `// Made of the table in parameters.ts by documentation.test.ts: change that, and run this with UPDATE_DOCS=1.

/** Any text, so that an object written elsewhere need not be \`as const\`; editors offer the words before it nevertheless. */
type Text = string & {};

/**
 * Parameters of redis.conf by name, as \`createServer\` takes them. Numbers stand for themselves, sizes are in bytes unless they are texts
 * such as \`'100mb'\`; \`true\` is \`yes\`. docs/configuration.md says what each does.
 */
export interface ConfigRecord {
  /** Users of the access control list, a line of redis.conf each: \`'alice on >secret ~app:* +@all'\`. */
  readonly user?: string | readonly string[];
  /** Commands with another name, or none, a line each: \`'FLUSHALL ""'\`. */
  readonly 'rename-command'?: string | readonly string[];
${PARAMETERS.map(properties).join('\n')}
}
`;

test('the type of parameters for createServer has every one of them', async () => {
  const path = fileURLToPath(declaration);
  const formatted = await format(source, { ...(await resolveConfig(path)), filepath: path });
  if (process.env.UPDATE_DOCS === '1') writeFileSync(declaration, formatted);
  expect(readFileSync(declaration, 'utf8')).toBe(formatted);
});
