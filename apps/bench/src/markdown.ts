/** Tables and numbers as `docs/benchmarks.md` shows them. */

/** The first column is text, the others are figures. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}

/** A count: 1234567.8 as 1,234,568. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** @param digits after the point */
export function decimal(value: number, digits = 2): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '–';
}
