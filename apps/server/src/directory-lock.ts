/**
 * One server per data directory. The lock is the file `clone.lock` in it, held from before
 * anything is read there until nothing is written any more; who persists nothing makes none.
 *
 * **Whether a holder lives.** If its pid belongs to our set of pids the system is asked
 * (`process-facts.ts`). Otherwise it runs, or ran, in another container, on another machine, or
 * before a reboot: it is watched. A holder changes its record every `BEAT_MS`; a starter looks
 * `LOOKS` times, `LOOK_MS` apart, and takes over only if no look found a change. Looks are
 * counted, so that no clocks are compared and a starter that was suspended looks again.
 *
 * **Taking over.** A record is known by its token, which no other record ever has. Whoever removes
 * or replaces the record with token T in a file must first own its *claim*, the file of that name
 * with `.T` behind it, which it creates exclusively, and then find that T is still there; then it
 * renames its claim, which holds its own record, over the lock. So of several starters that find
 * the same dead holder one has the claim, and the others meet a living process there. A starter
 * that was slow creates the claim after it was renamed away, and then finds another token in the
 * lock: it gives its claim up and begins again. A claim whose owner died is taken over in the same
 * way, by a claim of its own. A holder that leaves claims itself, so that it cannot remove the
 * lock of one that has just taken over.
 *
 * **What cannot be had.** A holder that is suspended (SIGSTOP, a paused virtual machine) for
 * longer than the watch, and that is not in the starter's set of pids, looks dead. Before each
 * change on disk it looks at its lock if it has not done so for `FRESH_MS`; if the lock is
 * another's it changes nothing more and the server stops. Only a suspension between that look and
 * the change itself is not noticed.
 */
import { join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import type { FileSystem } from '@clone/persistence-aof';
import { reasonOf } from './config/config-file.js';
import { formatLock, LOCK_NAME, parseLock, type LockContent, type LockRecord } from './lock-record.js';
import type { ProcessFacts } from './process-facts.js';

const BEAT_MS = 2000;
/** A lock that was seen to be ours within this time is taken to be so still. */
const FRESH_MS = 5000;
const LOOK_MS = 1000;
const LOOKS = 15;
/**
 * So often the lock may change hands, or be there and not to be read, before a starter gives up.
 */
const ROUNDS = 100;
/** More than any record. */
const RECORD_BYTES = 4096;

/** The data directory belongs to another server. */
export class DirectoryLockedError extends Error {
  override readonly name = 'DirectoryLockedError';
  /** Of the server that holds the directory; 0 when it is not known. */
  readonly pid: number;
  /** The name of the machine that it runs on. */
  readonly host: string;
  /** The directory. */
  readonly path: string;

  constructor(message: string, path: string, holder: Pick<LockRecord, 'pid' | 'host'>) {
    super(message);
    this.path = path;
    this.pid = holder.pid;
    this.host = holder.host;
  }
}

export interface LockHost {
  readonly fileSystem: FileSystem;
  readonly facts: ProcessFacts;
  log(level: 'notice' | 'warning', message: string): void;
  /** Another server has the directory: nothing may be written there any more. Called once. */
  lost(error: DirectoryLockedError): void;
}

/** A lock file as it was read. */
interface Found {
  readonly content: LockContent;
  readonly text: string;
}

/** Tokens held by servers of this process: the system cannot be asked about parts of a process. */
const HELD_KEY = Symbol.for('@clone/server: locks of this process');
const globals = globalThis as { [HELD_KEY]?: Set<string> };
const heldHere = globals[HELD_KEY] ?? new Set<string>();
globals[HELD_KEY] = heldHere;

export class DirectoryLock {
  readonly #host: LockHost;
  #directory = '';
  /** Ours, while it is held or being taken. */
  #record: LockRecord | undefined;
  #isHeld = false;
  #taking: Promise<void> | undefined;
  #releasing: Promise<void> | undefined;
  #beating: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #confirmed = { monotonic: 0, wall: 0 };
  #isBeatFailing = false;
  #lost: DirectoryLockedError | undefined;
  #givenUp = false;
  #wake: () => void = () => undefined;

  constructor(host: LockHost) {
    this.#host = host;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /**
   * Resolves when the directory is ours.
   * @throws DirectoryLockedError while another server has it; an Error with one line for what the
   * disk refuses
   */
  take(directory: string): Promise<void> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    if (this.#isHeld && this.#releasing === undefined) return Promise.resolve();
    this.#taking ??= this.#take(directory).finally(() => {
      this.#taking = undefined;
    });
    return this.#taking;
  }

  /**
   * To be called before a change on disk. `undefined`: go on. Otherwise it rejects if the lock is
   * not ours any more.
   */
  confirm(): Promise<void> | undefined {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    if (!this.#isHeld) return Promise.reject(new Error('the data directory is not locked'));
    return this.#isFresh() ? undefined : this.#confirmNow();
  }

  /** Ends a `take` that waits, and lets no other begin. */
  giveUp(): void {
    this.#givenUp = true;
    this.#wake();
  }

  /** Gives the directory back for good. */
  async close(): Promise<void> {
    this.giveUp();
    await this.#releasing;
    await this.release();
  }

  /** Gives the directory back, once nothing is written there any more. */
  release(): Promise<void> {
    this.#releasing ??= this.#release().finally(() => {
      this.#releasing = undefined;
    });
    return this.#releasing;
  }

  get #path(): string {
    return join(this.#directory, LOCK_NAME);
  }

  // ── taking ────────────────────────────────────────────────────────────────────────────────────────────────────────

  async #take(directory: string): Promise<void> {
    await this.#releasing;
    const { facts } = this.#host;
    const { pid, host, pidSet, start } = facts;
    this.#directory = directory;
    const record = { pid, host, token: facts.newToken(), pidSet, start, beat: 0 };
    this.#record = record;
    heldHere.add(record.token);
    try {
      for (let round = 0; this.#givenUp || !(await this.#tryToTake()); round++) {
        if (this.#givenUp) throw new Error('the start was given up');
        if (round === ROUNDS) throw new Error(`can't lock the directory '${directory}': ${this.#path} keeps changing`);
      }
    } catch (error) {
      heldHere.delete(record.token);
      this.#record = undefined;
      if (error instanceof DirectoryLockedError || !hasCode(error)) throw error;
      throw new Error(`can't lock the directory '${directory}': ${reasonOf(error)}`, { cause: error });
    }
    this.#isHeld = true;
    this.#confirmed = facts.clocks();
    this.#planBeat();
  }

  /** False: something has changed meanwhile, try again. */
  async #tryToTake(): Promise<boolean> {
    const record = this.#record!;
    const { monotonic } = this.#host.facts.clocks();
    if (!(await this.#create(this.#path))) {
      const found = await this.#read(this.#path);
      if (this.#isOurs(found)) return true;
      if (found === undefined || !(await this.#isDead(this.#path, found))) return false;
      if (!(await this.#seize(this.#path, found))) return false;
    } else if (this.#host.facts.clocks().monotonic - monotonic >= FRESH_MS) {
      // It was unfinished for so long that another one may be about to take it over.
      await this.#remove(record);
      return false;
    }
    return this.#isOurs(await this.#read(this.#path));
  }

  /** Makes a file with our record. False: there is one already. */
  async #create(path: string): Promise<boolean> {
    const { fileSystem } = this.#host;
    const bytes = formatLock(this.#record!);
    let handle;
    try {
      handle = await fileSystem.open(path, 'exclusive');
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
    try {
      if ((await handle.write([bytes], 0)) < bytes.length) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      // After a reboot a record tells more than a file that is not finished. One that only removes
      // a lock does not stay.
      if (!this.#isHeld) await handle.sync();
      await handle.close();
    } catch (error) {
      await handle.close().catch(() => undefined);
      const found = await this.#read(path).catch(() => undefined);
      if (found?.content === 'unfinished' || this.#isOurs(found)) await fileSystem.unlink(path).catch(() => undefined);
      throw error;
    }
    return true;
  }

  /**
   * Whether who made this file is dead, after watching it if need be. False: the file has changed.
   * @throws DirectoryLockedError
   */
  async #isDead(path: string, found: Found): Promise<boolean> {
    const { facts } = this.#host;
    const { content } = found;
    if (content === 'foreign') {
      throw new Error(`'${path}' is no lock file of this server: move it away, or choose another dir`);
    }
    if (content !== 'unfinished' && facts.isSamePidSet(content.pidSet)) {
      const isThisProcess = content.pid === facts.pid && content.start === facts.start;
      if (!isThisProcess && !facts.isAlive(content.pid, content.start)) return true;
      if (!isThisProcess || heldHere.has(content.token)) throw this.#lockedBy(content);
      // A thread of this process, or a server that could not remove its lock: only watching can
      // tell.
    }
    return this.#watch(path, found);
  }

  async #watch(path: string, found: Found): Promise<boolean> {
    const { content } = found;
    const seconds = (LOOKS * LOOK_MS) / 1000;
    const whose = content === 'unfinished' || content === 'foreign' ? 'an unknown server' : holderName(content);
    this.#host.log(
      'warning',
      `${path} is of ${whose}, which cannot be asked whether it lives (another container or machine, or a reboot): waiting ${seconds} seconds for a sign of life`,
    );
    for (let i = 0; i < LOOKS; i++) {
      await this.#wait(LOOK_MS);
      if (this.#givenUp) return false;
      const now = await this.#read(path);
      if (now?.text === found.text) continue;
      if (isRecord(now?.content) && isRecord(content) && now.content.token === content.token) {
        throw this.#lockedBy(now.content);
      }
      return false;
    }
    this.#host.log('warning', `${path} has not changed for ${seconds} seconds: ${whose} is gone, taking over`);
    return true;
  }

  /**
   * Puts our record into the place of one whose maker is dead. False: it is not there any more.
   */
  async #seize(path: string, dead: Found): Promise<boolean> {
    const { fileSystem } = this.#host;
    const claim = this.#claimOf(path, dead.content);
    if (!(await this.#create(claim))) {
      const other = await this.#read(claim);
      if (other === undefined || !(await this.#isDead(claim, other))) return false;
      if (!(await this.#seize(claim, other))) return false;
    }
    const now = await this.#read(path);
    const isThere = now !== undefined && isSame(now, dead);
    try {
      if (isThere) await fileSystem.rename(claim, path);
      else await fileSystem.unlink(claim);
    } catch (error) {
      // The claim was taken over: this process was suspended for too long.
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    }
    return isThere;
  }

  #claimOf(path: string, content: LockContent): string {
    return `${path}.${isRecord(content) ? content.token : 'unfinished'}`;
  }

  async #read(path: string): Promise<Found | undefined> {
    try {
      const bytes = await this.#host.fileSystem.readFile(path);
      return { content: parseLock(bytes), text: Buffer.from(bytes).toString('latin1') };
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  #isOurs(found: Found | undefined): boolean {
    return isRecord(found?.content) && found.content.token === this.#record?.token;
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #lockedBy(holder: LockRecord): DirectoryLockedError {
    const isHere = heldHere.has(holder.token);
    const who = isHere ? `another server of this process (pid ${holder.pid})` : holderName(holder);
    return new DirectoryLockedError(
      `the directory '${this.#directory}' is in use by ${who}: stop that server, or give this one a dir of its own`,
      this.#directory,
      holder,
    );
  }

  // ── holding ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #planBeat(): void {
    this.#timer = setTimeout(() => {
      void this.#confirmNow()
        .catch(() => undefined)
        .then(() => {
          if (this.#timer !== undefined) this.#planBeat();
        });
    }, BEAT_MS);
    // A process that has nothing else to do may end.
    this.#timer.unref();
  }

  #isFresh(): boolean {
    const { monotonic, wall } = this.#host.facts.clocks();
    return monotonic - this.#confirmed.monotonic < FRESH_MS && wall - this.#confirmed.wall < FRESH_MS;
  }

  #confirmNow(): Promise<void> {
    this.#beating ??= this.#beat().finally(() => {
      this.#beating = undefined;
    });
    return this.#beating;
  }

  /**
   * Changes our record, if it is there still. A lock that cannot be read or written says nothing:
   * that is logged, and the log goes on. One that was removed is made again.
   * @throws DirectoryLockedError
   */
  async #beat(): Promise<void> {
    const clocks = this.#host.facts.clocks();
    let found: Found | undefined;
    try {
      found = await this.#writeBeat();
      if (found === undefined && !(await this.#create(this.#path))) found = await this.#read(this.#path);
    } catch (error) {
      if (!this.#isBeatFailing)
        this.#host.log('warning', `The lock ${this.#path} cannot be renewed: ${reasonOf(error)}`);
      this.#isBeatFailing = true;
      return;
    }
    if (found !== undefined && !this.#isOurs(found)) this.#lose(found);
    this.#isBeatFailing = false;
    this.#confirmed = clocks;
  }

  /**
   * Through one handle: if the file gives way to another meanwhile, the beat goes to the one that
   * was read.
   */
  async #writeBeat(): Promise<Found | undefined> {
    let handle;
    try {
      handle = await this.#host.fileSystem.open(this.#path, 'existing');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
    try {
      const buffer = new Uint8Array(RECORD_BYTES);
      const bytes = buffer.subarray(0, await handle.read(buffer, 0, RECORD_BYTES, 0));
      const found = { content: parseLock(bytes), text: '' };
      if (!this.#isOurs(found)) return found;
      this.#record = { ...this.#record!, beat: this.#record!.beat + 1 };
      await handle.write([formatLock(this.#record)], 0);
      return found;
    } finally {
      await handle.close();
    }
  }

  #lose({ content }: Found): never {
    const holder = isRecord(content) ? content : { pid: 0, host: 'unknown' };
    const error = new DirectoryLockedError(
      `the directory '${this.#directory}' was taken over by ${holderName(holder)}, because this server gave no sign of life for too long; it writes nothing more`,
      this.#directory,
      holder,
    );
    this.#lost = error;
    this.#forget();
    this.#host.lost(error);
    throw error;
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isHeld = false;
    if (this.#record !== undefined) heldHere.delete(this.#record.token);
    this.#record = undefined;
  }

  async #release(): Promise<void> {
    await this.#taking?.catch(() => undefined);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#beating?.catch(() => undefined);
    const record = this.#record;
    if (!this.#isHeld || record === undefined) return;
    try {
      await this.#remove(record);
    } catch (error) {
      this.#host.log('warning', `The lock ${this.#path} cannot be removed: ${reasonOf(error)}`);
    }
    this.#forget();
  }

  async #remove(record: LockRecord): Promise<void> {
    const { fileSystem } = this.#host;
    const claim = this.#claimOf(this.#path, record);
    const isFresh = this.#isFresh();
    let isClaimed = false;
    try {
      isClaimed = await this.#create(claim);
    } catch (error) {
      // A full disk. Nobody can have watched long enough to take over if our last beat was just
      // now.
      if (!isFresh) throw error;
    }
    if ((isClaimed || isFresh) && this.#isOurs(await this.#read(this.#path))) await fileSystem.unlink(this.#path);
    if (isClaimed) await fileSystem.unlink(claim);
  }
}

function holderName({ pid, host }: Pick<LockRecord, 'pid' | 'host'>): string {
  return `pid ${pid} on host ${JSON.stringify(host)}`;
}

function isRecord(content: LockContent | undefined): content is LockRecord {
  return typeof content === 'object';
}

function isSame(one: Found, other: Found): boolean {
  if (isRecord(one.content) && isRecord(other.content)) return one.content.token === other.content.token;
  return one.text === other.text;
}

/** Whether an error is the system's, with one of these codes if any are given. */
function hasCode(error: unknown, ...codes: string[]): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return codes.length === 0 || codes.includes(String(error.code));
}
