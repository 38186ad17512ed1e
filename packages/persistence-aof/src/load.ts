/**
 * The reading side: replays the files of a log in the manifest's order.
 *
 * A file is read in large chunks, the next one on its way while the current one is parsed, by the same parser that
 * serves sockets; what is applied are views into the chunk. Between chunks the event loop runs.
 *
 * Three ends of a file are told apart. *Complete*: it ends behind a command. *Truncated*: the bytes after the last complete
 * command (or before a MULTI without EXEC) could be the beginning of one, so nothing says that more than the
 * last write is missing; zeros at the end count as missing, since file systems put them where a size reached the disk
 * and the data did not. *Damaged*: anything else. Only a truncated end of the last file with content may be cut, and
 * nothing on the disk is changed before everything is applied.
 *
 * A transaction is applied when its EXEC has been read, without MULTI and EXEC: nobody looks in between during a replay.
 */
import { NEED_MORE, PROTOCOL_ERROR, Request, RequestParser } from '@clone/resp-codec';
import type { RequestLimits } from '@clone/resp-codec';
import { AofError } from './errors.js';
import type { FileHandle, FileSystem } from './file-system.js';
import { FileSet } from './file-set.js';
import type { AofLocation } from './file-set.js';
import { KeptCommands } from './kept-commands.js';
import { Rejection, type Skipping, SkippedPlaces, StartOver } from './skipping.js';
import { endsWithinCommand } from './tail.js';

/** Where the log is, and what is done about an end that is cut off. */
export interface LoadOptions extends AofLocation {
  fileSystem: FileSystem;
  /** Redis's `aof-load-truncated`: whether a truncated tail is cut (with a warning) or refused. */
  loadTruncated: boolean;
  /** With it, a command that `apply` throws a `Rejection` for is passed over; without, it ends the load. */
  skipping?: Skipping;
  /** Bytes read at a time, and parsed in one turn of the event loop. Default 512 KiB. */
  chunkBytes?: number;
  /**
   * Shown up to 32 requests before the first of them is applied, `requests[0, count)`, all in the bytes of the first
   * unless inline: a store may look at their keys together. Valid until the next call.
   */
  lookAhead?: (requests: readonly Request[], count: number) => void;
  /** Called after each chunk. Both in bytes, over all files. */
  onProgress?: (done: number, total: number) => void;
  /** Something that a person should know, in one line. */
  onWarning?: (text: string) => void;
}

/** What was read. */
export interface LoadReport {
  /** False: there is no log, nothing was applied. */
  exists: boolean;
  /** Names, in order. */
  files: string[];
  /** Commands applied, those in transactions included. */
  commands: number;
  /** Bytes applied. */
  bytes: number;
  /** Bytes cut off the last file. */
  truncatedBytes: number;
  /** Commands, and transactions as one each, that were passed over (`LoadOptions.skipping`). */
  skipped: number;
}

/**
 * Takes one command. The request is only valid during the call. What it throws ends the replay (`REJECTED`), unless it is a
 * `Rejection` and there is `skipping`.
 * `index` is its place in the last `lookAhead`, -1 for none.
 */
export type ApplyCommand = (request: Request, index: number) => void;

const DEFAULT_CHUNK_BYTES = 512 * 1024;
/** Sockets have limits on what clients may ask for; a log holds what was accepted. Only a line is short (Redis: 1024). */
const LIMITS: RequestLimits = { inline: 1024, multibulk: 0x7fffffff, bulk: 0x7fffffff };
/** Requests that are parsed before the first of them is applied. */
const BATCH = 32;
const NOT_A_COMMAND = 'not a command';
const HASH = 0x23;
const CR = 0x0d;
const LF = 0x0a;
const SELECT_FIRST_DATABASE = Buffer.from('*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n', 'latin1');
const SELECT = Buffer.from('SELECT', 'latin1');
const MULTI = Buffer.from('MULTI', 'latin1');
const EXEC = Buffer.from('EXEC', 'latin1');

/** A file to replay. */
interface Part {
  readonly index: number;
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly isBase: boolean;
}

/**
 * Applies every command of the log, `SELECT` among them; each file begins with database 0, for which `apply` gets
 * a `SELECT 0` between files with content. A single file as Redis before 7.0 kept it is taken in as a base.
 *
 * @throws AofError `MANIFEST`, `MISSING_FILE`, `RDB_BASE`, `TRUNCATED`, `DAMAGED`, `REJECTED`, with nothing changed on disk;
 * whatever the file system throws.
 */
export async function loadAppendOnlyFile(options: LoadOptions, apply: ApplyCommand): Promise<LoadReport> {
  const { fileSystem } = options;
  const files = new FileSet(fileSystem, options);
  await files.load();
  if (files.unnamed.length > 0) {
    const names = files.unnamed.join(', ');
    options.onWarning?.(`The manifest does not name ${names} in ${files.directory}: not read, and left as they are`);
  }
  const oldStyle = await hasOldStyleFile(files, fileSystem);
  const parts = await listParts(files, fileSystem, oldStyle);
  const report: LoadReport = {
    exists: parts.length > 0,
    files: parts.map((part) => part.name),
    commands: 0,
    bytes: 0,
    truncatedBytes: 0,
    skipped: 0,
  };
  const places = options.skipping === undefined ? undefined : new SkippedPlaces(options.skipping);
  // Empty increments after it do not make a file less the last one.
  const last = parts.findLastIndex((part) => part.size > 0);
  const total = parts.reduce((sum, part) => sum + part.size, 0);

  const replayAll = async (): Promise<void> => {
    for (const part of parts) {
      const replay = new Replay(part, apply, report, options.lookAhead, places);
      if (report.bytes > 0 && part.size > 0) replay.selectFirstDatabase();
      const handle = await fileSystem.open(part.path, 'read');
      let validBytes = 0;
      try {
        await readAhead(handle, part.size, options.chunkBytes ?? DEFAULT_CHUNK_BYTES, (chunk, length) => {
          const goOn = replay.feed(chunk, length);
          options.onProgress?.(report.bytes, total);
          return goOn;
        });
        validBytes = await replay.end(handle, part.index === last, options.loadTruncated);
      } finally {
        await handle.close();
      }
      if (part.index === last && validBytes < part.size) report.truncatedBytes = part.size - validBytes;
    }
  };
  for (;;) {
    try {
      await replayAll();
      break;
    } catch (error) {
      if (!(error instanceof StartOver)) throw error;
      Object.assign(report, { commands: 0, bytes: 0, skipped: 0 });
    }
  }

  const lastPart = parts[last];
  if (lastPart !== undefined && report.truncatedBytes > 0) {
    const offset = lastPart.size - report.truncatedBytes;
    await cut(fileSystem, lastPart.path, offset);
    options.onWarning?.(
      `The append only file ${lastPart.name} ends within a command or transaction: cut ${report.truncatedBytes} bytes at offset ${offset}, because aof-load-truncated is yes`,
    );
  }
  if (oldStyle) {
    await files.adoptOldStyleFile();
    options.onWarning?.(`Moved the old-style append only file ${files.appendFileName} into ${files.directory}`);
  }
  return report;
}

/** A file outside of the directory counts while no manifest does, or one that was written for taking it in. */
async function hasOldStyleFile(files: FileSet, fileSystem: FileSystem): Promise<boolean> {
  const { base, incrs } = files.manifest;
  if (incrs.length > 0) return false;
  if (base !== undefined) {
    if (base.name !== files.appendFileName || (await fileSystem.stat(files.path(base.name))) !== undefined)
      return false;
  }
  const stat = await fileSystem.stat(files.oldStylePath);
  return stat !== undefined && !stat.isDirectory;
}

async function listParts(files: FileSet, fileSystem: FileSystem, oldStyle: boolean): Promise<Part[]> {
  if (oldStyle) {
    const size = (await fileSystem.stat(files.oldStylePath))?.size ?? 0;
    return [{ name: files.appendFileName, path: files.oldStylePath, size, isBase: true, index: 0 }];
  }
  const { base, incrs } = files.manifest;
  const parts: Part[] = [];
  for (const file of base === undefined ? incrs : [base, ...incrs]) {
    const { name } = file;
    const size = await files.sizeOf(file);
    parts.push({ index: parts.length, name, path: files.path(name), size, isBase: file === base });
  }
  return parts;
}

/** Reads `[0, size)`, until `use` answers false, with the next read in flight while `use` works on the last. */
async function readAhead(
  handle: FileHandle,
  size: number,
  chunkBytes: number,
  use: (chunk: Uint8Array, length: number) => boolean,
): Promise<void> {
  let current: Uint8Array = new Uint8Array(Math.min(chunkBytes, size));
  let next: Uint8Array = new Uint8Array(current.length);
  let position = 0;
  let reading = read(handle, current, position, size);
  while (position < size) {
    const length = await reading;
    position += length;
    reading = read(handle, next, position, size);
    let goOn: boolean;
    try {
      goOn = use(current, length);
    } catch (error) {
      await reading.catch(() => undefined);
      throw error;
    }
    if (!goOn) break;
    [current, next] = [next, current];
  }
  await reading;
}

async function read(handle: FileHandle, buffer: Uint8Array, position: number, size: number): Promise<number> {
  const wanted = Math.min(buffer.length, size - position);
  if (wanted === 0) return 0;
  const length = await handle.read(buffer, 0, wanted, position);
  if (length === 0) throw new Error('The append only file became shorter while it was read');
  return length;
}

async function cut(fileSystem: FileSystem, path: string, size: number): Promise<void> {
  const handle = await fileSystem.open(path, 'existing');
  try {
    await handle.truncate(size);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** One file being replayed. */
class Replay {
  readonly #part: Part;
  readonly #apply: ApplyCommand;
  readonly #report: LoadReport;
  readonly #parser = new RequestParser(LIMITS);
  /** Bytes given to the parser. */
  #fed = 0;
  /** Everything before it is parsed. */
  #position = 0;
  /** Why the bytes at `#position` are no command, once it is known. */
  #problem = '';
  /** Offset of the MULTI of a transaction without EXEC so far, or -1; the commands since are in `#transaction`. */
  #multi = -1;
  readonly #transaction = new KeptCommands();
  readonly #lookAhead: LoadOptions['lookAhead'];
  /** Requests that were parsed and are about to be applied, and where in the file each of them ends. */
  readonly #batch = Array.from({ length: BATCH }, () => new Request());
  readonly #ends = new Float64Array(BATCH);

  readonly #places: SkippedPlaces | undefined;

  constructor(
    part: Part,
    apply: ApplyCommand,
    report: LoadReport,
    lookAhead: LoadOptions['lookAhead'],
    places: SkippedPlaces | undefined,
  ) {
    this.#places = places;
    this.#lookAhead = lookAhead;
    this.#part = part;
    this.#apply = apply;
    this.#report = report;
  }

  selectFirstDatabase(): void {
    const parser = new RequestParser(LIMITS);
    parser.feed(SELECT_FIRST_DATABASE, 0, SELECT_FIRST_DATABASE.length);
    parser.next();
    this.#apply(parser.request, -1);
  }

  /** Applies what is complete in `chunk[0, length)`; false when nothing after `#position` can be. @throws AofError */
  feed(chunk: Uint8Array, length: number): boolean {
    if (this.#fed === 0 && startsWithRdbMagic(chunk, length)) throw this.#rdbError();
    const parser = this.#parser;
    const startBytes = this.#position;
    parser.feed(chunk, 0, length);
    this.#fed += length;
    for (;;) {
      const answer = parser.next();
      if (answer === NEED_MORE) break;
      if (answer === PROTOCOL_ERROR) {
        this.#problem = parser.error;
        break;
      }
      if (!this.#applyBatch(this.#readBatch())) break;
    }
    if (this.#problem === '' && this.#fed - parser.buffered !== this.#position) this.#problem = NOT_A_COMMAND;
    this.#report.bytes += this.#position - startBytes;
    return this.#problem === '';
  }

  /** Gathers the parser's request and those behind it in the chunk; answers how many. */
  #readBatch(): number {
    const parser = this.#parser;
    const batch = this.#batch;
    let n = 0;
    do {
      this.#ends[n] = this.#fed - parser.buffered;
      batch[n] = parser.exchange(batch[n]!);
      n++;
    } while (n < BATCH && parser.inPlace && parser.nextInPlace());
    this.#lookAhead?.(batch, n);
    return n;
  }

  /** False: what comes is no command. */
  #applyBatch(count: number): boolean {
    for (let i = 0; i < count; i++) {
      const request = this.#batch[i]!;
      const end = this.#ends[i]!;
      if (!this.#isWellFormed(request, end)) return false;
      if (!request.inline) this.#take(request, i);
      this.#position = end;
    }
    return true;
  }

  /** The parser is made for clients: it takes inline commands, passes over empty lines and does not look at the last line end. */
  #isWellFormed(request: Request, end: number): boolean {
    const { bytes, start } = request;
    if (request.inline) {
      if (bytes[start] !== HASH) this.#problem = NOT_A_COMMAND;
    } else if (this.#position + request.end - start !== end) {
      this.#problem = NOT_A_COMMAND;
    } else if (bytes[request.end - 2] !== CR || bytes[request.end - 1] !== LF) {
      this.#problem = 'no line end after a command';
    }
    return this.#problem === '';
  }

  /** Judges the end of the file; answers how many bytes of it are valid. @throws AofError */
  async end(handle: FileHandle, mayCut: boolean, loadTruncated: boolean): Promise<number> {
    const { name, size } = this.#part;
    if (this.#position < size && !(await endsWithinCommand(handle, this.#position, size))) {
      throw this.#damage(this.#problem === '' ? NOT_A_COMMAND : this.#problem);
    }
    const valid = this.#multi >= 0 ? this.#multi : this.#position;
    if (valid === size) return size;
    if (mayCut && loadTruncated) return valid;
    const what = this.#multi >= 0 ? 'a transaction' : 'a command';
    const why = mayCut
      ? 'make a backup, then set aof-load-truncated to yes or use redis-check-aof --fix on the manifest'
      : 'it is not the last file, so commands in between are missing';
    throw new AofError(
      'TRUNCATED',
      `The append only file ${name} ends within ${what} that begins at offset ${valid}: ${why}`,
      {
        file: name,
        offset: valid,
      },
    );
  }

  #take(request: Request, index: number): void {
    if (isName(request, EXEC)) {
      if (this.#multi < 0) throw this.#damage('EXEC without MULTI');
      this.#applyTransaction();
    } else if (this.#multi >= 0) {
      this.#transaction.keep(request.bytes, request.start, request.end);
    } else if (isName(request, MULTI)) {
      this.#multi = this.#position;
    } else {
      this.#applyOne(request, index, false);
    }
  }

  /** False: the command was skipped. @param isPartlyApplied whether a part of its transaction has been applied */
  #applyOne(request: Request, index: number, isPartlyApplied: boolean): boolean {
    try {
      this.#apply(request, index);
    } catch (cause) {
      this.#rejected(cause, isPartlyApplied);
      return false;
    }
    this.#report.commands++;
    return true;
  }

  #rejected(cause: unknown, isPartlyApplied: boolean): void {
    const { name, index } = this.#part;
    const isTransaction = this.#multi >= 0;
    const offset = isTransaction ? this.#multi : this.#position;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const mayBeSkipped = cause instanceof Rejection;
    if (mayBeSkipped && this.#places !== undefined) {
      this.#report.skipped++;
      this.#places.add(index, { file: name, offset, isTransaction, reason }, isPartlyApplied);
      return;
    }
    const what = isTransaction ? 'transaction' : 'command';
    const hint = mayBeSkipped
      ? '. Make a backup; aof-load-skip-rejected yes starts without what cannot be applied'
      : '';
    throw new AofError(
      'REJECTED',
      `Cannot apply the ${what} at offset ${offset} of the append only file ${name}: ${reason}${hint}`,
      { file: name, offset, cause },
    );
  }

  #applyTransaction(): void {
    let skips = this.#places?.has(this.#part.index, this.#multi) === true;
    if (skips) this.#report.skipped++;
    let applied = 0;
    for (const { bytes, length } of this.#transaction.pieces) {
      const parser = new RequestParser(LIMITS);
      parser.feed(bytes, 0, length);
      while (parser.next() !== NEED_MORE) {
        const { request } = parser;
        // What follows the transaction is meant for the database that it has selected.
        if (skips && !isName(request, SELECT, 2)) continue;
        if (this.#applyOne(request, -1, applied > 0)) applied++;
        else skips = true;
      }
    }
    this.#transaction.clear();
    this.#multi = -1;
  }

  #damage(problem: string): AofError {
    const { name } = this.#part;
    const message = `Bad file format reading the append only file ${name} at offset ${this.#position}: ${problem}. Make a backup, then use redis-check-aof --fix on the manifest`;
    return new AofError('DAMAGED', message, { file: name, offset: this.#position });
  }

  #rdbError(): AofError {
    const { name } = this.#part;
    const message = `The append only file ${name} is in RDB format, which is not supported: write it with aof-use-rdb-preamble no`;
    return new AofError('RDB_BASE', message, { file: name, offset: 0 });
  }
}

function startsWithRdbMagic(bytes: Uint8Array, length: number): boolean {
  return length >= 5 && Buffer.from(bytes.buffer, bytes.byteOffset, 5).toString('latin1') === 'REDIS';
}

/** Whether the request is this command with so many arguments, itself included, in any case. `name` is upper case. */
function isName(request: Request, name: Uint8Array, argc = 1): boolean {
  if (request.argc !== argc || request.lengths[0] !== name.length) return false;
  const at = request.offsets[0]!;
  for (let i = 0; i < name.length; i++) {
    if ((request.bytes[at + i]! & 0xdf) !== name[i]) return false;
  }
  return true;
}
