import { expect, it } from 'vitest';
import { count, decimal, table } from './markdown.js';

it('renders a Markdown table with figures aligned right', () => {
  expect(table(['what', 'n'], [['a', '1']])).toBe('| what | n |\n| --- | ---: |\n| a | 1 |');
});

it('groups counts by thousands', () => {
  expect(count(1_234_567.8)).toBe('1,234,568');
});

it('rounds decimals and shows what is no number as a dash', () => {
  expect([decimal(1.005, 1), decimal(2), decimal(Number.NaN)]).toEqual(['1.0', '2.00', '–']);
});
