/**
 * A row of columns of characters for the LATENCY GRAPH: one column per sample, as high as its value, with its label written downwards below.
 */
export interface Column {
  readonly value: number;
  readonly label: string;
}

const ROWS = 4;
/** A column's top, by the height of what is left in it, lowest first. */
const TOPS = ['_', 'o', '#'];

/** @returns lines of the same length, each ended by a line end */
export function sparkline(columns: readonly Column[]): string {
  if (columns.length === 0) return '';
  const values = columns.map(({ value }) => value);
  const lowest = Math.min(...values);
  const range = Math.max(...values) - lowest;
  // Heights in steps: each row has as many as there are tops.
  const steps = ROWS * TOPS.length - 1;
  const heights = values.map((value) => (range === 0 ? 0 : Math.round(((value - lowest) / range) * steps)));
  const lines: string[] = [];
  for (let row = ROWS - 1; row >= 0; row--) {
    const base = row * TOPS.length;
    lines.push(
      heights
        .map((height) => (height < base ? ' ' : height >= base + TOPS.length ? '|' : TOPS[height - base]!))
        .join(''),
    );
  }
  const labelRows = Math.max(...columns.map(({ label }) => label.length));
  lines.push(' '.repeat(columns.length));
  for (let i = 0; i < labelRows; i++) lines.push(columns.map(({ label }) => label[i] ?? ' ').join(''));
  return lines.map((line) => `${line}\n`).join('');
}
