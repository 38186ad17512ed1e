// The patterns of `include`, as the shell has them: `*`, `?`, `[a-z]`, `[!a-z]` in any part of a path, and a leading dot
// only where the pattern has one.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { globMatch } from '@clone/command-registry';

export function isGlob(path: string): boolean {
  return /[*?[]/.test(path);
}

/** The paths that match, sorted by their bytes; none where a directory cannot be read. @param pattern an absolute path */
export function expandGlob(pattern: string): string[] {
  const [root = '', ...parts] = pattern.split('/');
  let paths = [root === '' ? '/' : root];
  for (const part of parts) {
    paths = paths.flatMap((path) => (isGlob(part) ? matchesIn(path, part) : [join(path, part)]));
  }
  return paths.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function matchesIn(directory: string, part: string): string[] {
  // Redis's patterns say `^` where the shell says `!`.
  const pattern = Buffer.from(part.replaceAll('[!', '[^'));
  const matches = (name: string): boolean => {
    const bytes = Buffer.from(name);
    return globMatch(pattern, 0, pattern.length, bytes, 0, bytes.length, false);
  };
  try {
    const names = readdirSync(directory).filter((name) => part.startsWith('.') || !name.startsWith('.'));
    return names.filter(matches).map((name) => join(directory, name));
  } catch {
    return [];
  }
}
