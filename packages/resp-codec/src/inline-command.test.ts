import { expect, it } from 'vitest';
import { splitInlineCommand } from './inline-command.js';
import { Request } from './request.js';

function split(line: string): string[] | undefined {
  const request = new Request();
  const bytes = Uint8Array.from(`##${line}##`, (c) => c.charCodeAt(0));
  if (!splitInlineCommand(bytes, 2, bytes.length - 2, request)) return undefined;
  return Array.from({ length: request.argc }, (_, i) => {
    const from = request.offsets[i]!;
    return String.fromCharCode(...request.bytes.subarray(from, from + request.lengths[i]!));
  });
}

it('parts arguments at blanks', () => {
  expect(split('')).toEqual([]);
  expect(split(' \t\v\f\r ')).toEqual([]);
  expect(split('  set\tfoo  bar ')).toEqual(['set', 'foo', 'bar']);
  expect(split('a\rb')).toEqual(['a', 'b']);
});

it('keeps vertical tab and form feed inside an argument, though they are blanks before one', () => {
  expect(split('\vecho\f a\vb')).toEqual(['echo\f', 'a\vb']);
});

it('unescapes within double quotes', () => {
  expect(split('"\\x41\\x4\\n\\r\\t\\b\\a\\z\\"\\\\\\xfF\\x"')).toEqual(['Ax4\n\r\t\b\x07z"\\\xffx']);
});

it('knows only the escaped quote within single quotes', () => {
  expect(split("'a\\'b\\n\\x41\"'")).toEqual(['a\'b\\n\\x41"']);
});

it('opens quotes in the middle of an argument and ends it when they close', () => {
  expect(split('a"b c" d')).toEqual(['ab c', 'd']);
  expect(split("a'b c'")).toEqual(['ab c']);
  expect(split('"a"\vb')).toEqual(['a', 'b']);
});

it('takes empty quotes as an empty argument', () => {
  expect(split('echo "" \'\'')).toEqual(['echo', '', '']);
});

it('refuses unbalanced quotes', () => {
  for (const line of ['"', "'", '"a', "'a\\'", '"a\\"', '"a"b', "'a'b", 'a "b" "c', '"a\\']) {
    expect(split(line), line).toBeUndefined();
  }
});
