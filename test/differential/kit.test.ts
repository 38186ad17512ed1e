// The kit judges our server; here the kit itself is judged: a wrong reply of any kind must be caught.
import { describe, expect, it } from 'vitest';
import { encodeRequest, splitArguments } from './arguments.js';
import { firstDifference, report, type Exchange } from './compare.js';
import { encodeFrame, FrameError, readFrame, type Frame } from './raw-frame.js';
import {
  approx,
  complete,
  expected,
  masked,
  silent,
  t,
  unordered,
  unorderedPairs,
  type Case,
  type StepLike,
} from './steps.js';

function frames(bytes: string): Frame[] {
  const result: Frame[] = [];
  for (let at = 0; at < bytes.length;) {
    const next = readFrame(bytes, at);
    if (!next) throw new Error('incomplete');
    result.push(next.frame);
    at = next.end;
  }
  return result;
}

/** Whether the comparison finds a difference between two streams of replies to the steps. */
function differs(steps: readonly StepLike[], reference: string, subject: string, owed = true): boolean {
  const each = t('', ...steps);
  return firstDifference(each.steps, 3, '7.0', dealt(each, reference), dealt(each, subject), owed) !== undefined;
}

/** The frames dealt out to the steps, as many as each says. */
function dealt(each: Case, bytes: string): Exchange {
  const all = frames(bytes);
  const steps = each.steps.map((step) => all.splice(0, step.frames[3]));
  return { steps, rest: [all] };
}

describe('the comparison', () => {
  it('accepts equal bytes', () => {
    expect(differs(['GET k', 'PING'], '$1\r\nv\r\n+PONG\r\n', '$1\r\nv\r\n+PONG\r\n')).toBe(false);
  });

  it('catches another value, another type, another null and another error text', () => {
    expect(differs(['GET k'], '$1\r\nv\r\n', '$1\r\nw\r\n')).toBe(true);
    expect(differs(['GET k'], '$1\r\n1\r\n', ':1\r\n')).toBe(true);
    expect(differs(['GET k'], '$-1\r\n', '*-1\r\n')).toBe(true);
    expect(differs(['GET k'], '_\r\n', '$-1\r\n')).toBe(true);
    expect(differs(['GET k'], '-ERR syntax error\r\n', '-ERR syntax  error\r\n')).toBe(true);
    expect(differs(['HGETALL h'], '%1\r\n+a\r\n+b\r\n', '*2\r\n+a\r\n+b\r\n')).toBe(true);
  });

  it('catches a missing reply, a reply too many and replies in another order', () => {
    expect(differs(['GET k', 'PING'], '+A\r\n+B\r\n', '+A\r\n')).toBe(true);
    expect(differs(['PING'], '+A\r\n+OK\r\n', '+A\r\n+B\r\n+OK\r\n')).toBe(true);
    expect(differs(['GET k', 'PING'], '+A\r\n+B\r\n', '+B\r\n+A\r\n')).toBe(true);
    expect(differs([silent('SET k v'), 'PING'], '+PONG\r\n', '+OK\r\n+PONG\r\n')).toBe(true);
  });

  it('compares multisets where order means nothing', () => {
    expect(differs([unordered('KEYS *')], '*2\r\n+a\r\n+b\r\n', '*2\r\n+b\r\n+a\r\n')).toBe(false);
    expect(differs([unordered('KEYS *')], '*2\r\n+a\r\n+b\r\n', '*2\r\n+b\r\n+b\r\n')).toBe(true);
    expect(differs(['KEYS *'], '*2\r\n+a\r\n+b\r\n', '*2\r\n+b\r\n+a\r\n')).toBe(true);
    expect(
      differs([unorderedPairs('HGETALL h')], '*4\r\n+a\r\n:1\r\n+b\r\n:2\r\n', '*4\r\n+b\r\n:2\r\n+a\r\n:1\r\n'),
    ).toBe(false);
    expect(
      differs([unorderedPairs('HGETALL h')], '*4\r\n+a\r\n:1\r\n+b\r\n:2\r\n', '*4\r\n+b\r\n:1\r\n+a\r\n:2\r\n'),
    ).toBe(true);
  });

  it('looks for the elements of a scan in its second part, and at its cursor', () => {
    const reply = (cursor: string, ...keys: string[]): string =>
      `*2\r\n$1\r\n${cursor}\r\n*${keys.length}\r\n${keys.map((key) => `+${key}\r\n`).join('')}`;
    expect(differs([unordered('SCAN 0')], reply('0', 'a', 'b'), reply('0', 'b', 'a'))).toBe(false);
    expect(differs([unordered('SCAN 0')], reply('0', 'a', 'b'), reply('1', 'b', 'a'))).toBe(true);
    expect(differs([complete('SCAN 0')], '*2\r\n+a\r\n+b\r\n', '*2\r\n+b\r\n+a\r\n')).toBe(false);
    expect(differs([complete('SCAN 0')], '*2\r\n+a\r\n+b\r\n', '*1\r\n+a\r\n')).toBe(true);
  });

  it('hides what a mask names and nothing else', () => {
    const info = (id: number, name: string): string => {
      const line = `id=${id} addr=1.2.3.4:${id} fd=${id} name=${name} db=0 resp=2\n`;
      return `$${line.length}\r\n${line}\r\n`;
    };
    expect(differs([masked('CLIENT INFO', 'client-line')], info(1, 'me'), info(234, 'me'))).toBe(false);
    expect(differs([masked('CLIENT INFO', 'client-line')], info(1, 'me'), info(234, 'you'))).toBe(true);
    expect(
      differs([masked('HRANDFIELD h 2', 'shape')], '*2\r\n$1\r\na\r\n$2\r\nbc\r\n', '*2\r\n$2\r\nxy\r\n$1\r\nz\r\n'),
    ).toBe(false);
    expect(differs([masked('HRANDFIELD h 2', 'shape')], '*2\r\n$1\r\na\r\n$2\r\nbc\r\n', '*1\r\n$2\r\nxy\r\n')).toBe(
      true,
    );
  });

  it('allows a tolerance for remaining times, not for "none" and "missing"', () => {
    expect(differs([approx('TTL k', 2)], ':100\r\n', ':99\r\n')).toBe(false);
    expect(differs([approx('TTL k', 2)], ':100\r\n', ':97\r\n')).toBe(true);
    expect(differs([approx('TTL k', 2)], ':1\r\n', ':-1\r\n')).toBe(true);
    expect(differs([approx('TTL k', 2)], ':-1\r\n', ':-2\r\n')).toBe(true);
  });

  it('asks our server for what it owes where the reference is not the measure', () => {
    const step = expected('CLIENT NO-TOUCH ON', 'client-no-touch', '+OK\r\n');
    expect(differs([step], '-ERR unknown\r\n', '+OK\r\n')).toBe(false);
    expect(differs([step], '-ERR unknown\r\n', '-ERR unknown\r\n')).toBe(true);
    expect(differs([step], '-ERR unknown\r\n', '-ERR unknown\r\n', false)).toBe(false);
  });

  it('reports protocol, step, both replies and the case', () => {
    const each = t('', 'SET k v', 'GET k');
    const { steps } = each;
    const [wanted, got] = ['+OK\r\n$1\r\nv\r\n', '+OK\r\n$1\r\n\x00\r\n'].map((bytes) => dealt(each, bytes));
    const difference = wanted && got && firstDifference(steps, 2, '7.0', wanted, got, true);
    expect(difference).toBeDefined();
    expect(difference && report(steps, 2, difference)).toBe(
      [
        'RESP2, step 2: GET k',
        '  reference: $1\\r\\nv\\r\\n',
        '  subject:   $1\\r\\n\\x00\\r\\n',
        '  case:      SET k v | GET k',
      ].join('\n'),
    );
  });
});

describe('the frame reader', () => {
  const samples = [
    ...[
      '+OK\r\n',
      '-ERR no\r\n',
      ':-12\r\n',
      '$0\r\n\r\n',
      '$4\r\n\r\n\r\n\r\n',
      '$-1\r\n',
      '*-1\r\n',
      '*0\r\n',
      '_\r\n',
    ],
    ...[
      '#t\r\n',
      ',1.5\r\n',
      '(123\r\n',
      '=7\r\ntxt:abc\r\n',
      '!3\r\nERR\r\n',
      '~1\r\n:1\r\n',
      '>2\r\n+a\r\n*1\r\n:1\r\n',
    ],
    ...['%1\r\n+a\r\n*2\r\n:1\r\n$-1\r\n', '|1\r\n+key\r\n:1\r\n*1\r\n:2\r\n'],
  ];

  it('reads every type and gives its bytes back', () => {
    for (const bytes of samples) {
      const result = readFrame(bytes, 0);
      expect(result?.end).toBe(bytes.length);
      expect(result && encodeFrame(result.frame)).toBe(bytes);
    }
  });

  it('waits for the rest of a frame', () => {
    for (const bytes of samples) {
      for (let end = 0; end < bytes.length; end++) expect(readFrame(bytes.slice(0, end), 0)).toBeUndefined();
    }
  });

  it('refuses what is no reply', () => {
    expect(() => readFrame('hello\r\n', 0)).toThrow(FrameError);
    expect(() => readFrame('$x\r\n', 0)).toThrow(FrameError);
    expect(() => readFrame('$1\r\nabc\r\n', 0)).toThrow(FrameError);
  });
});

describe('the compact notation', () => {
  const words = (line: string): string[] => splitArguments(line).map((word) => word.toString('latin1'));

  it('splits at spaces and joins quoted parts', () => {
    expect(words('SET  k v ')).toEqual(['SET', 'k', 'v']);
    expect(words('SET "a b" \'c d\' ""')).toEqual(['SET', 'a b', 'c d', '']);
    expect(words('a"b c"d')).toEqual(['ab cd']);
  });

  it('knows escapes for any byte', () => {
    expect(words('"\\x00\\xfF\\r\\n\\t\\"\\\\"')).toEqual(['\x00\xff\r\n\t"\\']);
    expect(words("'it\\'s \\n'")).toEqual(["it's \\n"]);
    expect(words('k\\*y')).toEqual(['k\\*y']);
    expect(splitArguments('é')).toEqual([Buffer.from([0xc3, 0xa9])]);
  });

  it('refuses unbalanced quotes', () => {
    expect(() => splitArguments('SET "k')).toThrow('unbalanced');
  });

  it('becomes a request of bulk strings', () => {
    expect(encodeRequest(splitArguments('GET "\\xff"')).toString('latin1')).toBe('*2\r\n$3\r\nGET\r\n$1\r\n\xff\r\n');
  });
});
