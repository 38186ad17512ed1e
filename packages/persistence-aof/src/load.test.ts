import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AofError } from './errors.js';
import { formatManifest, incrFile, baseFile } from './manifest.js';
import { SimulatedDisk } from './simulated-disk.js';
import { Rejection, type Skipped } from './skipping.js';
import type { LoadOptions, LoadReport } from './load.js';
import { loadAppendOnlyFile } from './load.js';
import { command, replay, seededRandom, settle, wordsOf } from './testing.fixture.js';

const FOLDER = '/data/appendonlydir';
const BASE = `${FOLDER}/appendonly.aof.1.base.aof`;
const INCR = `${FOLDER}/appendonly.aof.1.incr.aof`;
const INCR2 = `${FOLDER}/appendonly.aof.2.incr.aof`;

const select = command('SELECT', '0').toString();
const set = (key: string, value = 'v'): string => command('SET', key, value).toString();
const multi = command('MULTI').toString();
const exec = command('EXEC').toString();

/** A disk with a base and one or two increments of this content. */
function diskWith(base: string, incr: string, incr2?: string): SimulatedDisk {
  const disk = new SimulatedDisk({ random: seededRandom(1) });
  const put = (path: string, text: string): void => disk.put(path, Buffer.from(text, 'latin1'));
  const incrs = incr2 === undefined ? [1] : [1, 2];
  put(BASE, base);
  put(INCR, incr);
  if (incr2 !== undefined) put(INCR2, incr2);
  const manifest = {
    base: baseFile('appendonly.aof', 1),
    history: [],
    incrs: incrs.map((seq) => incrFile('appendonly.aof', seq)),
  };
  put(`${FOLDER}/appendonly.aof.manifest`, formatManifest(manifest));
  return disk;
}

function optionsFor(disk: SimulatedDisk, options: Partial<LoadOptions> = {}): LoadOptions {
  return { fileSystem: disk, directory: '/data', loadTruncated: true, ...options };
}

/** Loads in chunks of every interesting size; all must give the same. */
async function load(disk: SimulatedDisk, options: Partial<LoadOptions> = {}): ReturnType<typeof replay> {
  return replay(optionsFor(disk, { chunkBytes: 16, ...options }));
}

/** The error of a load that must fail, after checking that it left the disk alone. */
async function refusal(disk: SimulatedDisk, options: Partial<LoadOptions> = {}): Promise<AofError> {
  const before = disk.contents();
  const error: unknown = await load(disk, options).catch((reason: unknown) => reason);
  expect(disk.contents()).toEqual(before);
  if (!(error instanceof AofError)) throw new Error('it was not refused');
  return error;
}

function text(disk: SimulatedDisk, path: string): string | undefined {
  const bytes = disk.contents().get(path);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('latin1');
}

describe('Loading', () => {
  it('answers that there is no log in an empty directory', async () => {
    const disk = new SimulatedDisk({ random: seededRandom(1) });
    disk.put('/data/other', new Uint8Array(0));
    const { commands, report } = await load(disk);
    expect(commands).toEqual([]);
    expect(report).toEqual({ exists: false, files: [], commands: 0, bytes: 0, truncatedBytes: 0, skipped: 0 });
  });

  it('applies base and increments in order, each beginning with database 0', async () => {
    const disk = diskWith(select + set('a'), command('SELECT', '5').toString() + set('b'), select + set('c'));
    const { commands, report } = await load(disk, { loadTruncated: false });
    expect(commands).toEqual([
      'SELECT 0',
      'SET a v',
      'SELECT 0',
      'SELECT 5',
      'SET b v',
      'SELECT 0',
      'SELECT 0',
      'SET c v',
    ]);
    expect(report).toEqual({
      exists: true,
      files: ['appendonly.aof.1.base.aof', 'appendonly.aof.1.incr.aof', 'appendonly.aof.2.incr.aof'],
      commands: 6,
      bytes: 3 * (select + set('a')).length,
      truncatedBytes: 0,
      skipped: 0,
    });
  });

  it('gives the same whatever the size of the chunks, with commands larger than a chunk', async () => {
    const words = fc.array(fc.string({ maxLength: 60 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(words, { maxLength: 10 }),
        fc.integer({ min: 1, max: 90 }),
        async (lists, chunkBytes) => {
          const named = lists.map((list) => ['X', ...list]);
          const disk = diskWith('', named.map((list) => Buffer.from(command(...list)).toString('latin1')).join(''));
          const { commands } = await replay(optionsFor(disk, { chunkBytes, loadTruncated: false }));
          expect(commands).toEqual(named.map((list) => list.join(' ')));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('skips annotations', async () => {
    const disk = diskWith('', `#TS:1700000000\r\n${select}#TS:1700000001\r\n${set('a')}#TS:1700000002\r\n`);
    const { commands, report } = await load(disk, { loadTruncated: false });
    expect(commands).toEqual(['SELECT 0', 'SET a v']);
    expect(report.truncatedBytes).toBe(0);
  });

  it('reports progress over all files, up to the end', async () => {
    const disk = diskWith(select + set('a'), select + set('b'));
    const progress: [number, number][] = [];
    await load(disk, { onProgress: (done, total) => progress.push([done, total]) });
    const total = 2 * (select + set('a')).length;
    expect(progress.at(-1)).toEqual([total, total]);
    expect(progress.length).toBeGreaterThan(4);
    expect(progress.map(([done]) => done)).toEqual(progress.map(([done]) => done).sort((a, b) => a - b));
  });

  it('stops at a command that cannot be applied, and says where and why', async () => {
    const disk = diskWith('', select + set('a') + set('b'));
    const cause = new Error('unknown command');
    const loading = loadAppendOnlyFile(optionsFor(disk), (request) => {
      if (request.bytes[request.offsets[1] ?? 0] === 'b'.charCodeAt(0)) throw cause;
    });
    await expect(loading).rejects.toMatchObject({
      code: 'REJECTED',
      file: 'appendonly.aof.1.incr.aof',
      offset: (select + set('a')).length,
      cause,
      message: expect.stringContaining('unknown command') as string,
    });
  });
});

describe('Passing over rejected commands', () => {
  const bad = set('bad');
  const begin = select + set('a');

  /** Loads into a store that rejects the key `bad`, or throws something else for `broken`. */
  async function loadSkipping(
    disk: SimulatedDisk,
  ): Promise<{ applied: string[]; skipped: Skipped[]; attempts: number; report: LoadReport }> {
    const applied: string[] = [];
    const skipped: Skipped[] = [];
    let attempts = 1;
    const startOver = (): void => {
      applied.length = 0;
      attempts++;
    };
    const skipping = { skipped: (what: Skipped): void => void skipped.push(what), startOver };
    const report = await loadAppendOnlyFile(optionsFor(disk, { chunkBytes: 16, skipping }), (request) => {
      const words = wordsOf(request);
      if (words[1] === 'bad') throw new Rejection('it is bad');
      if (words[1] === 'broken') throw new Error('no memory');
      applied.push(words.join(' '));
    });
    return { applied, skipped, attempts, report };
  }

  const file = 'appendonly.aof.1.incr.aof';
  const reason = 'it is bad';

  it('names each of them once, goes on behind it, and counts', async () => {
    const disk = diskWith('', begin + bad + set('b') + bad);
    const before = disk.contents();
    const { applied, skipped, report } = await loadSkipping(disk);
    expect(applied).toEqual(['SELECT 0', 'SET a v', 'SET b v']);
    const second = (begin + bad + set('b')).length;
    expect(skipped).toEqual([
      { file, offset: begin.length, isTransaction: false, reason },
      { file, offset: second, isTransaction: false, reason },
    ]);
    expect(report).toMatchObject({ commands: 3, skipped: 2 });
    expect(disk.contents()).toEqual(before);
  });

  it('passes over a transaction as a whole, but for the database it selects, and begins anew where it was half applied', async () => {
    const five = command('SELECT', '5').toString();
    const disk = diskWith('', begin + bad + multi + set('b') + five + bad + set('c') + exec + set('d') + bad);
    const { applied, skipped, attempts, report } = await loadSkipping(disk);
    expect(applied).toEqual(['SELECT 0', 'SET a v', 'SELECT 5', 'SET d v']);
    expect(attempts).toBe(2);
    expect(skipped.map(({ isTransaction }) => isTransaction)).toEqual([false, true, false]);
    expect(skipped[1]).toEqual({ file, offset: (begin + bad).length, isTransaction: true, reason });
    expect(report).toMatchObject({ commands: 4, skipped: 3, bytes: disk.contents().get(INCR)?.length });
  });

  it('does not begin anew for a transaction whose first command is rejected', async () => {
    const { applied, attempts, report } = await loadSkipping(diskWith('', begin + multi + bad + set('b') + exec));
    expect(applied).toEqual(['SELECT 0', 'SET a v']);
    expect(attempts).toBe(1);
    expect(report.skipped).toBe(1);
  });

  it('tells transactions at the same offset of two files apart', async () => {
    const unit = multi + set('b') + bad + exec;
    const fine = multi + set('b') + set('good') + exec;
    const { applied, attempts } = await loadSkipping(diskWith('', unit, fine));
    expect(applied).toEqual(['SELECT 0', 'SET b v', 'SET good v']);
    expect(attempts).toBe(2);
  });

  it('ends where the reason is another one than the command', async () => {
    const disk = diskWith('', begin + set('broken'));
    await expect(loadSkipping(disk)).rejects.toMatchObject({ code: 'REJECTED', offset: begin.length });
  });

  it('is named in the error of a load without it', async () => {
    const loading = loadAppendOnlyFile(optionsFor(diskWith('', begin + multi + bad + exec)), (request) => {
      if (wordsOf(request)[1] === 'bad') throw new Rejection(reason);
    });
    await expect(loading).rejects.toThrow(
      `Cannot apply the transaction at offset ${begin.length} of the append only file ${file}: it is bad. Make a backup; aof-load-skip-rejected yes starts without what cannot be applied`,
    );
  });
});

describe('A transaction in the log', () => {
  it('is applied as its commands, without MULTI and EXEC', async () => {
    const disk = diskWith('', select + multi + set('a') + set('b') + exec + set('c'));
    const { commands, report } = await load(disk, { loadTruncated: false });
    expect(commands).toEqual(['SELECT 0', 'SET a v', 'SET b v', 'SET c v']);
    expect(report.commands).toBe(4);
  });

  it('without EXEC is not applied, and is cut off from its MULTI on', async () => {
    const kept = select + set('a');
    const disk = diskWith('', kept + multi + set('b') + set('c'));
    const { commands, report } = await load(disk);
    expect(commands).toEqual(['SELECT 0', 'SET a v']);
    expect(report.truncatedBytes).toBe((multi + set('b') + set('c')).length);
    expect(text(disk, INCR)).toBe(kept);
  });

  it('may have names in any case, and may be empty', async () => {
    const disk = diskWith('', '*1\r\n$5\r\nmulti\r\n*1\r\n$4\r\neXeC\r\n' + set('a'));
    expect((await load(disk)).commands).toEqual(['SET a v']);
  });

  it('cannot end before it began', async () => {
    const disk = diskWith('', select + exec);
    expect(await refusal(disk)).toMatchObject({ code: 'DAMAGED', offset: select.length });
  });
});

describe('A truncated tail', () => {
  it('is cut at every possible byte with aof-load-truncated yes, and refused with no', async () => {
    const kept = select + set('a');
    const last = '#TS:1700000000\r\n' + multi + set('b', 'x\r\n*1\r\n') + exec;
    for (let cut = 1; cut < last.length; cut++) {
      const disk = diskWith('', kept + last.slice(0, cut));
      const valid = kept.length + (cut < 16 ? 0 : 16);
      if (valid === kept.length + cut) continue;
      const error = await refusal(disk, { loadTruncated: false });
      expect([error.code, error.file, error.offset]).toEqual(['TRUNCATED', 'appendonly.aof.1.incr.aof', valid]);

      const warnings: string[] = [];
      const { commands, report } = await load(disk, { onWarning: (warning) => warnings.push(warning) });
      expect(commands).toEqual(['SELECT 0', 'SET a v']);
      expect(report.truncatedBytes).toBe(kept.length + cut - valid);
      expect(text(disk, INCR)?.length).toBe(valid);
      expect(warnings).toEqual([
        expect.stringContaining(`appendonly.aof.1.incr.aof ends within a command or transaction`),
      ]);
      disk.crash('power');
      expect((await load(disk, { loadTruncated: false })).commands).toEqual(commands);
    }
  });

  it('may have been filled up with zeros by the file system', async () => {
    for (const [tail, zeros] of [
      ['', 1],
      ['', 100_000],
      ['*3\r\n$3\r\nSE', 70_000],
      ['*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$400\r\nabc', 4096],
      ['#TS:17', 5000],
    ] as const) {
      const disk = diskWith('', select + set('a') + tail + '\0'.repeat(zeros));
      const { commands, report } = await load(disk, { chunkBytes: 1000 });
      expect(commands).toEqual(['SELECT 0', 'SET a v']);
      expect(report.truncatedBytes).toBe(tail.length + zeros);
      expect(text(disk, INCR)).toBe(select + set('a'));
    }
  });

  it('is refused in a file that is not the last with content', async () => {
    for (const loadTruncated of [true, false]) {
      const disk = diskWith(select, select + set('a').slice(0, -3), select + set('b'));
      expect(await refusal(disk, { loadTruncated })).toMatchObject({
        code: 'TRUNCATED',
        file: 'appendonly.aof.1.incr.aof',
        offset: select.length,
      });
    }
  });

  it('is cut although empty increments follow', async () => {
    const disk = diskWith('', select + set('a') + '*3\r\n', '');
    expect((await load(disk)).report.truncatedBytes).toBe(4);
    expect(text(disk, INCR)).toBe(select + set('a'));
  });

  it('that cannot be cut ends the load with the error of the disk', async () => {
    const disk = diskWith('', select + '*3\r\n');
    disk.fail('truncate');
    await expect(load(disk)).rejects.toMatchObject({ code: 'EIO' });
  });
});

describe('Damage', () => {
  it.each([
    ['an inline command', 'PING\r\n'],
    ['an empty line', '\r\n'],
    ['no arguments', '*0\r\n'],
    ['a negative count', '*-1\r\n'],
    ['a wrong marker', '*1\r\n+4\r\nPING\r\n'],
    ['a length that is no number', '*1\r\n$x\r\nPING\r\n'],
    ['a length that is too small', '*1\r\n$3\r\nPING\r\n'],
    ['a length that is too large', '*1\r\n$5\r\nPING\r\n'],
    ['zeros', '\0'.repeat(512)],
    ['zeros in a command', '*2\r\n$4\r\nPI' + '\0'.repeat(600)],
  ])('in the middle refuses to load, with file and offset: %s', async (_, damage) => {
    for (const loadTruncated of [true, false]) {
      for (const behind of [set('b'), set('b').repeat(100)]) {
        const disk = diskWith(select + set('a'), select + set('c') + damage + behind);
        const error = await refusal(disk, { loadTruncated });
        expect(error).toMatchObject({
          code: 'DAMAGED',
          file: 'appendonly.aof.1.incr.aof',
          offset: (select + set('c')).length,
        });
        expect(error.message).toContain(`appendonly.aof.1.incr.aof at offset ${(select + set('c')).length}`);
      }
    }
  });

  it.each(['PING', '*x', '*1\r\n$4\r\nPINGxx', '*1\r\n+', '*00', '*1\r\n$-1'])(
    'at the very end is told from a truncated tail: %j',
    async (tail) => {
      const disk = diskWith('', select + tail);
      expect(await refusal(disk)).toMatchObject({ code: 'DAMAGED', offset: select.length });
    },
  );

  it('never shows as anything but a typed error, and never as commands that were not there', async () => {
    const original = select + multi + set('a') + set('b', 'x'.repeat(40)) + exec + set('c');
    const expected = ['SELECT 0', 'SET a v', `SET b ${'x'.repeat(40)}`, 'SET c v'];
    const change = fc.record({ at: fc.nat(original.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(change, fc.boolean(), async ({ at, byte }, loadTruncated) => {
        const bytes = Buffer.from(original, 'latin1');
        bytes[at] = byte;
        const disk = diskWith('', bytes.toString('latin1'));
        try {
          const { commands } = await load(disk, { loadTruncated });
          expect(commands.length).toBeLessThanOrEqual(expected.length + 2);
        } catch (error) {
          expect(error).toBeInstanceOf(AofError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('of the set of files is named: a missing file, a manifest that is none', async () => {
    const disk = diskWith(select, select);
    await disk.unlink(INCR);
    expect(await refusal(disk)).toMatchObject({ code: 'MISSING_FILE', file: 'appendonly.aof.1.incr.aof' });
    disk.put(`${FOLDER}/appendonly.aof.manifest`, Buffer.from('file x\n'));
    expect(await refusal(disk)).toMatchObject({ code: 'MANIFEST', offset: 1 });
  });
});

describe('A base in RDB format', () => {
  it('is refused in one line that names the setting', async () => {
    const disk = diskWith('REDIS0010\xfa\tredis-ver\x057.0.15', select);
    const error = await refusal(disk);
    expect(error).toMatchObject({ code: 'RDB_BASE', file: 'appendonly.aof.1.base.aof' });
    expect(error.message).toMatch(/^[^\n]*aof-use-rdb-preamble no[^\n]*$/);
  });
});

describe('A single file of Redis before 7.0', () => {
  const old = (content: string): SimulatedDisk => {
    const disk = new SimulatedDisk({ random: seededRandom(1) });
    disk.put('/data/appendonly.aof', Buffer.from(content, 'latin1'));
    return disk;
  };

  it('becomes the base', async () => {
    const disk = old(select + set('a'));
    const warnings: string[] = [];
    const first = await load(disk, { onWarning: (warning) => warnings.push(warning) });
    expect(first.commands).toEqual(['SELECT 0', 'SET a v']);
    expect(warnings).toHaveLength(1);
    expect([...disk.contents().keys()].sort()).toEqual([
      '/data/appendonlydir/appendonly.aof',
      '/data/appendonlydir/appendonly.aof.manifest',
    ]);
    expect(text(disk, `${FOLDER}/appendonly.aof.manifest`)).toBe('file appendonly.aof seq 1 type b\n');
    disk.crash('power');
    expect((await load(disk)).commands).toEqual(first.commands);
  });

  it('is found again after a crash at any moment of being taken in', async () => {
    for (let seed = 0; seed < 100; seed++) {
      const disk = new SimulatedDisk({ random: seededRandom(seed), stepwise: true });
      disk.put('/data/appendonly.aof', Buffer.from(select + set('a') + '*3', 'latin1'));
      const step = async (): Promise<boolean> => {
        await settle();
        return disk.step();
      };
      void load(disk);
      for (let steps = 0; steps < seed; steps++) await step();
      await settle();
      disk.crash('power');
      const again = load(disk);
      while (await step());
      expect((await again).commands).toEqual(['SELECT 0', 'SET a v']);
    }
  });

  it('stays where it is when it cannot be loaded', async () => {
    expect(await refusal(old(select + 'nonsense\r\n'))).toMatchObject({ code: 'DAMAGED', file: 'appendonly.aof' });
    expect(await refusal(old('REDIS0010'))).toMatchObject({ code: 'RDB_BASE' });
  });

  it('is left alone where a log of this version exists', async () => {
    const disk = diskWith('', select + set('new'));
    disk.put('/data/appendonly.aof', Buffer.from(select + set('old')));
    expect((await load(disk)).commands).toEqual(['SELECT 0', 'SET new v']);
    expect(text(disk, '/data/appendonly.aof')).toBe(select + set('old'));
  });
});
