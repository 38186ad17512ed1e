/**
 * What a name says of a file in a log's directory. The names are those of Redis 7:
 * `<appendfilename>.<n>.base.aof` (or `.rdb`), `<appendfilename>.<n>.incr.aof`,
 * `<appendfilename>.manifest`; before them `temp-` while a file is not finished.
 */
const NUMBERED = /^(.*)\.(\d{1,15})\.(base|incr)\.(?:aof|rdb)$/s;
const MANIFEST = '.manifest';

export interface NumberedFile {
  readonly appendFileName: string;
  readonly seq: number;
  readonly type: 'base' | 'incr';
}

/** `undefined` when the name is not that of a base or an increment. */
export function parseFileName(name: string): NumberedFile | undefined {
  const match = NUMBERED.exec(name);
  if (match === null) return undefined;
  const [, appendFileName = '', seq, type] = match;
  return { appendFileName, seq: Number(seq), type: type === 'base' ? 'base' : 'incr' };
}

/** Content that never counted: the rest of a rewrite or an update that was interrupted. */
export function isTemporary(name: string): boolean {
  return name.startsWith('temp-');
}

/** The `appendfilename` that a manifest belongs to; `undefined` for other files. */
export function manifestOwner(name: string): string | undefined {
  return name.endsWith(MANIFEST) && !isTemporary(name) ? name.slice(0, -MANIFEST.length) : undefined;
}

export function manifestOf(appendFileName: string): string {
  return `${appendFileName}${MANIFEST}`;
}
