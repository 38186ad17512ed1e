/**
 * The manifest of Redis 7's multi-part append-only file: which files make up the log, in which order.
 *
 * One line per file, `file <name> seq <n> type <b|h|i>`: at most one base (the state at some moment), then increments
 * (the commands since), with strictly growing numbers. History files are replaced ones, waiting to be deleted. Lines
 * that begin with `#` are comments. Names that hold blanks, quotes or non-printable bytes stand in double
 * quotes with C-like escapes, byte by byte. Source of the format: aof.c of Redis 7.0.
 */
import { AofError } from './errors.js';

type AofFileType = 'base' | 'history' | 'incr';

export interface AofFile {
  /** Without directory. */
  readonly name: string;
  readonly seq: number;
  readonly type: AofFileType;
}

/** Immutable: a change makes a new one, which counts once it is on the disk. */
export interface Manifest {
  readonly base: AofFile | undefined;
  readonly history: readonly AofFile[];
  readonly incrs: readonly AofFile[];
}

export const EMPTY_MANIFEST: Manifest = { base: undefined, history: [], incrs: [] };

const TYPE_LETTERS: Record<AofFileType, string> = { base: 'b', history: 'h', incr: 'i' };
/** A longer line cannot be read by Redis. */
const MAX_LINE = 1024;

/** A base as Redis names it. */
export function baseFile(appendFileName: string, seq: number): AofFile {
  return { name: `${appendFileName}.${seq}.base.aof`, seq, type: 'base' };
}

/** An increment as Redis names it. */
export function incrFile(appendFileName: string, seq: number): AofFile {
  return { name: `${appendFileName}.${seq}.incr.aof`, seq, type: 'incr' };
}

export function formatManifest(manifest: Manifest): string {
  const files = [...(manifest.base === undefined ? [] : [manifest.base]), ...manifest.history, ...manifest.incrs];
  return files.map((file) => `file ${quoteName(file.name)} seq ${file.seq} type ${TYPE_LETTERS[file.type]}\n`).join('');
}

/** @throws AofError `MANIFEST`, with the number of the line, in Redis's words. */
export function parseManifest(bytes: Uint8Array, manifestName: string): Manifest {
  let base: AofFile | undefined;
  const history: AofFile[] = [];
  const incrs: AofFile[] = [];
  const refuse = (lineNumber: number, problem: string): never => {
    throw new AofError('MANIFEST', `Reading the manifest file ${manifestName}, at line ${lineNumber}: ${problem}`, {
      file: manifestName,
      offset: lineNumber,
    });
  };
  if (bytes.length === 0) refuse(0, 'Found an empty AOF manifest');

  const lines = latin1(bytes).split('\n');
  const unterminated = lines.pop();
  lines.forEach((rawLine, index) => {
    const lineNumber = index + 1;
    if (rawLine.startsWith('#')) return;
    if (rawLine.length > MAX_LINE) refuse(lineNumber, 'The AOF manifest file contains too long line');
    const file = parseLine(rawLine);
    if (typeof file === 'string') return refuse(lineNumber, file);
    if (file.type === 'base') {
      if (base !== undefined) refuse(lineNumber, 'Found duplicate base file information');
      base = file;
    } else if (file.type === 'history') {
      history.push(file);
    } else {
      if (file.seq <= (incrs.at(-1)?.seq ?? 0)) refuse(lineNumber, 'Found a non-monotonic sequence number');
      incrs.push(file);
    }
  });
  if (unterminated !== '') refuse(lines.length + 1, 'The AOF manifest file contains too long line');
  return { base, history, incrs };
}

/** One line, or what is wrong with it. */
function parseLine(line: string): AofFile | string {
  const invalid = 'Invalid AOF manifest file format';
  const words = splitWords(line.trim());
  if (words === undefined || words.length < 6 || words.length % 2 !== 0) return invalid;
  let name = '';
  let seq = 0;
  let type: AofFileType | undefined;
  for (let i = 0; i < words.length; i += 2) {
    const value = words[i + 1] ?? '';
    switch (words[i]?.toLowerCase()) {
      case 'file':
        name = Buffer.from(value, 'latin1').toString('utf8');
        if (/[/\\]/.test(name)) return "File can't be a path, just a filename";
        break;
      case 'seq':
        seq = /^\d{1,15}$/.test(value) ? Number(value) : 0;
        break;
      case 'type':
        if (value === 'b') type = 'base';
        else if (value === 'h') type = 'history';
        else if (value === 'i') type = 'incr';
        else return 'Unknown AOF file type';
        break;
      default: // Redis ignores keys that it does not know.
    }
  }
  return name === '' || seq === 0 || type === undefined ? invalid : { name, seq, type };
}

const ESCAPES: Record<string, string> = {
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
  '\x07': 'a',
  '\b': 'b',
  '\\': '\\',
  '"': '"',
};
const UNESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b' };

/** The name as it is, or quoted if it holds anything but printable ASCII without blanks, quotes and backslashes. */
function quoteName(name: string): string {
  const bytes = latin1(Buffer.from(name, 'utf8'));
  if (/^[!#-&(-[\]-~]+$/.test(bytes)) return bytes;
  const quoted = bytes.replace(/[^ !#-[\]-~]/g, (char) => {
    const letter = ESCAPES[char];
    return letter === undefined ? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}` : `\\${letter}`;
  });
  return `"${quoted}"`;
}

/** Words separated by blanks, in double quotes with escapes or in single quotes; `undefined` when a quote is not closed. */
function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s"']+))(?=\s|$)/gsy;
  while (pattern.lastIndex < line.length) {
    const match = pattern.exec(line);
    if (match === null) return undefined;
    const [, double, single, plain] = match;
    words.push(plain ?? single?.replaceAll("\\'", "'") ?? unescape(double ?? ''));
  }
  return words;
}

function unescape(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|(.))/gis, (_, hex: string | undefined, char: string | undefined) =>
    hex === undefined ? (UNESCAPES[char ?? ''] ?? char ?? '') : String.fromCharCode(parseInt(hex, 16)),
  );
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
