/**
 * A disk in memory that misbehaves on command, for tests: what a program may rely on is what real disks promise, and no more.
 *
 * - Content: a write reaches the disk with `sync`. At a crash, of the writes since then the first few survive, in order,
 *   and the next one perhaps in part.
 * - Names: a create, rename or unlink reaches the disk with `syncDirectory`. At a crash each one since then may
 *   or may not have happened, independently of the others and of the file's content.
 * - A failing `sync` may forget what it could not write: it stays readable until the crash, and later syncs succeed without it.
 * - A failing `write` may have written a part. A full disk writes what fits, then fails with ENOSPC.
 *
 * Deterministic: everything that is left to chance asks `random`. With `stepwise` calls wait until the test lets them happen.
 */
import { basename, dirname } from 'node:path';
import type { FileHandle, FileStat, FileSystem, OpenMode } from './file-system.js';
import { SimulatedFile } from './simulated-file.js';

/** A call that can be made to fail. */
export type DiskOperation =
  'open' | 'read' | 'write' | 'truncate' | 'sync' | 'rename' | 'unlink' | 'mkdir' | 'syncDirectory';

/** How the disk behaves. All chance comes from `random`. */
export interface SimulatedDiskOptions {
  /** Uniform in [0, 1). */
  random: () => number;
  /** Calls happen one by one in `step()`. Default false: each in a microtask of its own. */
  stepwise?: boolean;
}

interface Directory {
  entries: Map<string, Node>;
  /** What a crash cannot take away. */
  durable: Map<string, Node>;
}

type Node = Directory | SimulatedFile;

/** A change of names that is not on the disk yet. */
interface NameChange {
  readonly directories: readonly Directory[];
  apply(entriesOf: (directory: Directory) => Map<string, Node>): void;
}

interface Failure {
  readonly operation: DiskOperation;
  /** Calls of this kind that still succeed. */
  remaining: number;
  readonly code: string;
}

interface WaitingCall {
  run(): void;
  /** The effect without an answer: the caller is gone. */
  apply(): void;
}

/**
 * A disk in memory for tests: `crash` loses what was not synced and tears the last write, `fail` makes a call fail, `capacity`
 * fills it up.
 */
export class SimulatedDisk implements FileSystem {
  /** Bytes in all files together; writing beyond it fails with ENOSPC. */
  capacity = Infinity;
  readonly #random: () => number;
  readonly #stepwise: boolean;
  readonly #root: Directory = newDirectory();
  #unsyncedNames: NameChange[] = [];
  #failures: Failure[] = [];
  #waiting: WaitingCall[] = [];
  readonly #counts = new Map<DiskOperation, number>();
  /** Grows with each crash: calls and handles from before are dead. */
  #generation = 0;

  constructor(options: SimulatedDiskOptions) {
    this.#random = options.random;
    this.#stepwise = options.stepwise ?? false;
  }

  /** Calls that wait for `step()`. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Calls of this kind that happened so far, failed ones included. */
  count(operation: DiskOperation): number {
    return this.#counts.get(operation) ?? 0;
  }

  /** Lets one waiting call happen, any of them; false when there is none. */
  step(): boolean {
    const index = Math.floor(this.#random() * this.#waiting.length);
    const [call] = this.#waiting.splice(index, 1);
    call?.run();
    return call !== undefined;
  }

  /** Makes the `nth` call of this kind from now on (1: the next) fail with an error of this code, once. */
  fail(operation: DiskOperation, nth = 1, code = 'EIO'): void {
    this.#failures.push({ operation, remaining: nth - 1, code });
  }

  /** Forgets failures that have not happened yet. */
  heal(): void {
    this.#failures = [];
    this.capacity = Infinity;
  }

  /**
   * Ends every program that uses the disk: its calls never settle, those under way may still take effect. `power` then
   * loses what was not synced; `process` keeps it, as the operating system does. Programs end at calls: let answers
   * that were given settle first, or the program goes on until it waits for its next call.
   */
  crash(kind: 'power' | 'process'): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const call of waiting) if (this.#random() < 0.5) call.apply();
    this.#generation++;
    this.heal();
    if (kind === 'process') return;
    // Either the newest changes are missing, as with a journal, or any of them.
    const firstLost = Math.floor(this.#random() * (this.#unsyncedNames.length + 1));
    const journaled = this.#random() < 0.5;
    this.#unsyncedNames.forEach((change, index) => {
      if (journaled ? index < firstLost : this.#random() < 0.5) change.apply(durableOf);
    });
    this.#unsyncedNames = [];
    this.#restore(this.#root);
  }

  open(path: string, mode: OpenMode): Promise<FileHandle> {
    return this.#call('open', () => {
      const directory = this.#directory(dirname(path));
      const name = basename(path);
      let file = directory.entries.get(name);
      if (file !== undefined && mode === 'exclusive') throw failure('EEXIST');
      if (file !== undefined && !(file instanceof SimulatedFile)) throw failure('EISDIR');
      if (file === undefined) {
        if (mode === 'read' || mode === 'existing') throw failure('ENOENT');
        file = new SimulatedFile();
        this.#link(directory, name, file);
      }
      if (mode === 'create' && file.size > 0) file.truncate(0);
      return this.#handle(file);
    });
  }

  async readFile(path: string): Promise<Uint8Array> {
    const handle = await this.open(path, 'read');
    const size = (await this.stat(path))?.size ?? 0;
    const bytes = new Uint8Array(size);
    await handle.read(bytes, 0, size, 0);
    await handle.close();
    return bytes;
  }

  /** Puts a file there, synced, without a call that could fail or be counted. Directories are made as needed. */
  put(path: string, bytes: Uint8Array): void {
    const directory = this.#directory(dirname(path), true);
    const file = new SimulatedFile();
    file.write(bytes, 0);
    file.sync();
    directory.entries.set(basename(path), file);
    directory.durable.set(basename(path), file);
  }

  /** Every file by its path, as a program sees it now. */
  contents(): Map<string, Uint8Array> {
    const files = new Map<string, Uint8Array>();
    const visit = (directory: Directory, path: string): void => {
      for (const [name, node] of directory.entries) {
        if (node instanceof SimulatedFile) files.set(`${path}/${name}`, node.bytes().slice());
        else visit(node, `${path}/${name}`);
      }
    };
    visit(this.#root, '');
    return files;
  }

  rename(from: string, to: string): Promise<void> {
    return this.#call('rename', () => {
      const source = this.#directory(dirname(from));
      const target = this.#directory(dirname(to));
      const node = source.entries.get(basename(from));
      if (node === undefined) throw failure('ENOENT');
      this.#change({
        directories: [source, target],
        apply(entriesOf) {
          if (entriesOf(source).get(basename(from)) === node) entriesOf(source).delete(basename(from));
          entriesOf(target).set(basename(to), node);
        },
      });
    });
  }

  unlink(path: string): Promise<void> {
    return this.#call('unlink', () => {
      const directory = this.#directory(dirname(path));
      const node = directory.entries.get(basename(path));
      if (node === undefined) throw failure('ENOENT');
      this.#change({
        directories: [directory],
        apply(entriesOf) {
          if (entriesOf(directory).get(basename(path)) === node) entriesOf(directory).delete(basename(path));
        },
      });
    });
  }

  mkdir(path: string): Promise<void> {
    return this.#call('mkdir', () => {
      const parent = this.#directory(dirname(path));
      if (!parent.entries.has(basename(path))) this.#link(parent, basename(path), newDirectory());
    });
  }

  readdir(path: string): Promise<string[]> {
    return this.#call('read', () => [...this.#directory(path).entries.keys()]);
  }

  stat(path: string): Promise<FileStat | undefined> {
    return this.#call('read', () => {
      const node = this.#find(path);
      if (node === undefined) return undefined;
      return node instanceof SimulatedFile ? { size: node.size, isDirectory: false } : { size: 0, isDirectory: true };
    });
  }

  syncDirectory(path: string): Promise<void> {
    return this.#call('syncDirectory', () => {
      const directory = this.#directory(path);
      for (const change of this.#unsyncedNames) if (change.directories.includes(directory)) change.apply(durableOf);
      this.#unsyncedNames = this.#unsyncedNames.filter((change) => !change.directories.includes(directory));
    });
  }

  #handle(file: SimulatedFile): FileHandle {
    const generation = this.#generation;
    let isOpen = true;
    const call = <T>(operation: DiskOperation, run: () => T, whenFailing?: () => void): Promise<T> => {
      if (generation !== this.#generation) return new Promise(() => undefined);
      if (!isOpen) return Promise.reject(failure('EBADF'));
      return this.#call(operation, run, whenFailing);
    };
    const handle: FileHandle = {
      read: (buffer, offset, length, position) => call('read', () => file.read(buffer, offset, length, position)),
      write: (buffers, position) => {
        const write = (limit: number): number => {
          const bytes = Buffer.concat(buffers).subarray(0, limit);
          file.write(bytes, position);
          return bytes.length;
        };
        return call(
          'write',
          () => {
            const wanted = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
            const fits = this.capacity - this.#used() + Math.max(0, file.size - position);
            if (fits <= 0 && wanted > 0) throw failure('ENOSPC');
            return write(Math.min(wanted, fits));
          },
          () => write(Math.floor(this.#random() * 64)),
        );
      },
      // Two calls, between which the power may fail as it may within the one of a real disk.
      writeSynced: async (buffers, position) => {
        const written = await handle.write(buffers, position);
        await handle.sync();
        return written;
      },
      truncate: (size) => call('truncate', () => file.truncate(size)),
      sync: () =>
        call(
          'sync',
          () => file.sync(),
          () => {
            if (this.#random() < 0.5) file.forgetUnsynced();
          },
        ),
      close: () => {
        if (generation !== this.#generation) return new Promise(() => undefined);
        if (!isOpen) return Promise.reject(failure('EBADF'));
        isOpen = false;
        return Promise.resolve();
      },
    };
    return handle;
  }

  /** Runs a call when its time comes; `whenFailing` is what a call that is made to fail does nevertheless. */
  #call<T>(operation: DiskOperation, run: () => T, whenFailing?: () => void): Promise<T> {
    const generation = this.#generation;
    return new Promise<T>((resolve) => {
      const call: WaitingCall = {
        run: () => {
          if (generation !== this.#generation) return;
          this.#counts.set(operation, this.count(operation) + 1);
          resolve(
            new Promise<T>((answer) => {
              this.#failIfDue(operation, whenFailing);
              answer(run());
            }),
          );
        },
        apply: () => {
          try {
            run();
          } catch {
            // Nobody is left who could be told.
          }
        },
      };
      if (this.#stepwise) this.#waiting.push(call);
      else queueMicrotask(() => call.run());
    });
  }

  #failIfDue(operation: DiskOperation, whenFailing: (() => void) | undefined): void {
    let code: string | undefined;
    this.#failures = this.#failures.filter((pending) => {
      if (pending.operation !== operation) return true;
      if (pending.remaining-- > 0 || code !== undefined) return true;
      code = pending.code;
      return false;
    });
    if (code === undefined) return;
    whenFailing?.();
    throw failure(code);
  }

  #link(directory: Directory, name: string, node: Node): void {
    this.#change({ directories: [directory], apply: (entriesOf) => void entriesOf(directory).set(name, node) });
  }

  #change(change: NameChange): void {
    change.apply((directory) => directory.entries);
    this.#unsyncedNames.push(change);
  }

  #restore(directory: Directory): void {
    directory.entries = new Map(directory.durable);
    for (const node of directory.entries.values()) {
      if (node instanceof SimulatedFile) node.crash(this.#random);
      else this.#restore(node);
    }
  }

  #used(): number {
    const visit = (directory: Directory): number => {
      let bytes = 0;
      for (const node of directory.entries.values()) bytes += node instanceof SimulatedFile ? node.size : visit(node);
      return bytes;
    };
    return visit(this.#root);
  }

  #find(path: string): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const name of path.split(/[/\\]/)) {
      if (name === '' || name === '.') continue;
      if (node === undefined || node instanceof SimulatedFile) return undefined;
      node = node.entries.get(name);
    }
    return node;
  }

  #directory(path: string, create = false): Directory {
    let node = this.#find(path);
    if (node === undefined && create) {
      const parent = this.#directory(dirname(path), true);
      node = newDirectory();
      parent.entries.set(basename(path), node);
      parent.durable.set(basename(path), node);
    }
    if (node === undefined) throw failure('ENOENT');
    if (node instanceof SimulatedFile) throw failure('ENOTDIR');
    return node;
  }
}

function newDirectory(): Directory {
  return { entries: new Map(), durable: new Map() };
}

function durableOf(directory: Directory): Map<string, Node> {
  return directory.durable;
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}
