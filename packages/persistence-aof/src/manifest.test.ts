import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseFile, formatManifest, incrFile, parseManifest } from './manifest.js';
import type { AofFile, Manifest } from './manifest.js';

const NAME = 'appendonly.aof.manifest';
const parse = (text: string): Manifest => parseManifest(Buffer.from(text, 'latin1'), NAME);

describe('The manifest', () => {
  it('is written as redis-server 7.0 writes it: base, history, increments', () => {
    const manifest: Manifest = {
      base: baseFile('appendonly.aof', 2),
      history: [{ name: 'appendonly.aof.1.base.aof', seq: 1, type: 'history' }],
      incrs: [incrFile('appendonly.aof', 2), incrFile('appendonly.aof', 3)],
    };
    expect(formatManifest(manifest)).toBe(
      'file appendonly.aof.2.base.aof seq 2 type b\n' +
        'file appendonly.aof.1.base.aof seq 1 type h\n' +
        'file appendonly.aof.2.incr.aof seq 2 type i\n' +
        'file appendonly.aof.3.incr.aof seq 3 type i\n',
    );
  });

  it('reads comments, keys in any order and case, and keys that it does not know', () => {
    expect(parse('# a comment\nTYPE b SEQ 7 File x.rdb color blue\r\n')).toEqual({
      base: { name: 'x.rdb', seq: 7, type: 'base' },
      history: [],
      incrs: [],
    });
  });

  it('quotes names as sdscatrepr does', () => {
    const text = (name: string): string =>
      formatManifest({ base: { name, seq: 1, type: 'base' }, history: [], incrs: [] });
    expect(text('my file')).toBe('file "my file" seq 1 type b\n');
    expect(text('a"b\\c')).toBe('file "a\\"b\\\\c" seq 1 type b\n');
    // Not escaped, but quoted: a word that begins with it would be read as one in single quotes.
    expect(text("'__proto__")).toBe('file "\'__proto__" seq 1 type b\n');
    expect(text('tab\tend')).toBe('file "tab\\tend" seq 1 type b\n');
    expect(text('é')).toBe('file "\\xc3\\xa9" seq 1 type b\n');
  });

  it('gives back what was written, whatever the names', () => {
    const name = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }).filter((text) => !/[/\\\0]/.test(text));
    const file = (type: AofFile['type']): fc.Arbitrary<AofFile> =>
      fc.record({ name, seq: fc.integer({ min: 1, max: 2 ** 31 }), type: fc.constant(type) });
    const manifest = fc.record({
      base: fc.option(file('base'), { nil: undefined }),
      history: fc.array(file('history'), { maxLength: 3 }),
      incrs: fc
        .uniqueArray(file('incr'), { maxLength: 4, selector: ({ seq }) => seq })
        .map((files) => files.sort((a, b) => a.seq - b.seq)),
    });
    fc.assert(
      fc.property(manifest, (original) => {
        const text = formatManifest(original);
        fc.pre(text !== '');
        expect(parse(text)).toEqual(original);
      }),
    );
  });

  it.each([
    ['', 0, 'Found an empty AOF manifest'],
    ['\n', 1, 'Invalid AOF manifest file format'],
    ['file a seq 1\n', 1, 'Invalid AOF manifest file format'],
    ['file a seq 1 type\n', 1, 'Invalid AOF manifest file format'],
    ['file a seq one type b\n', 1, 'Invalid AOF manifest file format'],
    ['file "a seq 1 type b\n', 1, 'Invalid AOF manifest file format'],
    ['file a sequel 1 type b\n', 1, 'Invalid AOF manifest file format'],
    ['file a seq 1 type x\n', 1, 'Unknown AOF file type'],
    ['file dir/a seq 1 type b\n', 1, "File can't be a path, just a filename"],
    ['file a seq 1 type b\nfile c seq 2 type b\n', 2, 'Found duplicate base file information'],
    ['file a seq 2 type i\nfile c seq 2 type i\n', 2, 'Found a non-monotonic sequence number'],
    ['file a seq 1 type b', 1, 'The AOF manifest file contains too long line'],
    [`# ok\nfile ${'a'.repeat(1024)} seq 1 type b\n`, 2, 'The AOF manifest file contains too long line'],
  ])('refuses %j, naming line %i', (text, line, problem) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        code: 'MANIFEST',
        file: NAME,
        offset: line,
        message: `Reading the manifest file ${NAME}, at line ${line}: ${problem}`,
      }),
    );
  });
});
