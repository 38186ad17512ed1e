// What somebody may have meant who wrote a directive that there is none of.

/** A hint for the error about `name`, lower-case; '' when there is nothing to say. @param known all directives */
export function hintFor(name: string, known: Iterable<string>): string {
  const [before = '', ...after] = name.split('=');
  const names = [...known];
  if (after.length > 0 && names.includes(before))
    return `the value stands behind a space: ${before} ${after.join('=')}`;
  const distances = names.map((each) => [each, distance(name, each)] as const);
  const [nearest, edits] = distances.reduce((a, b) => (b[1] < a[1] ? b : a));
  return edits <= 2 && name.length > 3 ? `did you mean ${nearest}?` : '';
}

/** Letters to insert, remove or replace (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
