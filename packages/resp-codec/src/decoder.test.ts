import { describe, expect, it } from 'vitest';
import {
  ProtocolError,
  type Reply,
  ReplyDecoder,
  type ReplyDecoderOptions,
  ReplyError,
  StringTooLongError,
  VerbatimString,
} from './index.js';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

function decodeAll(text: string, options: Partial<ReplyDecoderOptions> = {}): Reply[] {
  const replies: Reply[] = [];
  new ReplyDecoder({ onReply: (reply) => replies.push(reply), ...options }).write(bytes(text));
  return replies;
}

function decode(text: string, options: Partial<ReplyDecoderOptions> = {}): Reply {
  const replies = decodeAll(text, options);
  expect(replies).toHaveLength(1);
  return replies[0]!;
}

describe('a decoder without options', () => {
  it.each<[string, Reply]>([
    ['+OK\r\n', 'OK'],
    ['+\r\n', ''],
    ['+PONG\r\n', 'PONG'],
    ['-WRONGTYPE Operation\r\n', new ReplyError('WRONGTYPE Operation')],
    ['!10\r\nERR a\r\nbcd\r\n', new ReplyError('ERR a\r\nbcd')],
    [':0\r\n', 0],
    [':-0\r\n', 0],
    [':+7\r\n', 7],
    [':-12345\r\n', -12345],
    [':00000000000000000012\r\n', 12],
    [':123456789012\r\n', 123456789012],
    [':9007199254740991\r\n', 9007199254740991],
    [':9007199254740992\r\n', 9007199254740992n],
    [':-9223372036854775808\r\n', -9223372036854775808n],
    ['$-1\r\n', null],
    ['*-1\r\n', null],
    ['_\r\n', null],
    ['$0\r\n\r\n', ''],
    ['$6\r\na\r\nb\r\n\r\n', 'a\r\nb\r\n'],
    ['$5\r\nh\u00e9\u20ac\r\n'.replace('$5', '$6'), 'h\u00e9\u20ac'],
    ['#t\r\n', true],
    ['#f\r\n', false],
    [',3.25\r\n', 3.25],
    [',-0\r\n', -0],
    [',10\r\n', 10],
    [',1e100\r\n', 1e100],
    [',0.1234567890123456789\r\n', 0.1234567890123456789],
    [',inf\r\n', Infinity],
    [',-inf\r\n', -Infinity],
    [',nan\r\n', NaN],
    [',-nan\r\n', NaN],
    ['(-3492890328409238509324850943850943825024385\r\n', -3492890328409238509324850943850943825024385n],
    ['(5\r\n', 5n],
    ['=8\r\ntxt:some\r\n', 'some'],
    ['*0\r\n', []],
    ['*2\r\n*1\r\n$1\r\na\r\n:2\r\n', [['a'], 2]],
    [
      '%2\r\n+a\r\n:1\r\n:2\r\n*0\r\n',
      new Map<Reply, Reply>([
        ['a', 1],
        [2, []],
      ]),
    ],
    ['~2\r\n+a\r\n+a\r\n', ['a', 'a']],
  ])('makes of %j what one expects', (text, value) => {
    expect(decode(text)).toStrictEqual(value);
  });

  it('keeps errors inside of aggregates as values', () => {
    const [first, second] = decode('*2\r\n-ERR a\r\n+b\r\n') as Reply[];
    expect(first).toBeInstanceOf(ReplyError);
    expect(first).toMatchObject({ name: 'ReplyError', code: 'ERR', message: 'ERR a' });
    expect(second).toBe('b');
  });
});

describe('the format of replies', () => {
  it('can be bytes of their own: the chunk may be reused', () => {
    const replies: Reply[] = [];
    const decoder = new ReplyDecoder({ bulk: 'bytes', onReply: (reply) => replies.push(reply) });
    const chunk = Buffer.from(`$3\r\nabc\r\n$5000\r\n${'x'.repeat(5000)}\r\n$2\r\n`);
    decoder.write(chunk);
    chunk.fill(0);
    decoder.write(Buffer.from('de\r\n'));
    expect(replies.map((reply) => Buffer.from(reply as Uint8Array).toString())).toEqual([
      'abc',
      'x'.repeat(5000),
      'de',
    ]);
    for (const reply of replies) expect(reply?.constructor).toBe(Uint8Array);
  });

  it('can be views of the chunk', () => {
    const replies: Reply[] = [];
    const chunk = bytes('$3\r\nabc\r\n');
    new ReplyDecoder({ bulk: 'view', onReply: (reply) => replies.push(reply) }).write(chunk);
    expect((replies[0] as Uint8Array).buffer).toBe(chunk.buffer);
  });

  it('leaves simple strings and errors text, where bulk strings are bytes', () => {
    expect(decode('*3\r\n+a\r\n-ERR b\r\n$1\r\nc\r\n', { bulk: 'bytes' })).toStrictEqual([
      'a',
      new ReplyError('ERR b'),
      Uint8Array.of(99),
    ]);
  });

  it('has maps as objects whose keys are text and cannot reach a prototype', () => {
    const object = decode('%3\r\n$9\r\n__proto__\r\n:1\r\n:2\r\n+x\r\n+a\r\n:3\r\n', { map: 'object', bulk: 'bytes' });
    expect(Object.getPrototypeOf(object)).toBeNull();
    expect(Object.entries(object as object)).toEqual([
      ['2', 'x'],
      ['__proto__', 1],
      ['a', 3],
    ]);
  });

  it('falls back to a Map for a key that is no property name', () => {
    expect(decode('%1\r\n*0\r\n:1\r\n', { map: 'object' })).toStrictEqual(new Map([[[], 1]]));
  });

  it('has maps as flat arrays, sets as Sets, big integers as text, and verbatim strings with their format', () => {
    const options = { map: 'array', set: 'set', bigInteger: 'string', verbatim: 'tagged' } as const;
    expect(decode('%1\r\n~2\r\n:1\r\n:2\r\n*2\r\n:9007199254740993\r\n=5\r\nmkd:x\r\n', options)).toStrictEqual([
      new Set([1, 2]),
      ['9007199254740993', new VerbatimString('mkd', 'x')],
    ]);
    expect(decodeAll('(+0012\r\n', options)).toEqual(['12']);
  });

  it('can change between replies, from the callback', () => {
    const replies: Reply[] = [];
    const decoder = new ReplyDecoder({
      onReply: (reply) => {
        replies.push(reply);
        decoder.setFormat({ bulk: replies.length % 2 === 1 ? 'bytes' : 'string' });
      },
    });
    decoder.write(bytes('$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n'));
    expect(replies).toStrictEqual(['a', Uint8Array.of(98), 'c']);
  });

  it('can change while a bulk is cut, and what was handed out stays', () => {
    const replies: Reply[] = [];
    const decoder = new ReplyDecoder({ onReply: (reply) => replies.push(reply) });
    decoder.write(bytes('$2\r\na'));
    decoder.setFormat({ bulk: 'bytes' });
    decoder.write(bytes('b\r\n$2\r\nc'));
    decoder.write(bytes('d\r\n'));
    expect(replies).toStrictEqual([Uint8Array.of(97, 98), Uint8Array.of(99, 100)]);
  });

  it('is right for text of every kind in one chunk, whatever stands beside it', () => {
    const texts = Array.from({ length: 500 }, (_, i) => (i % 7 === 0 ? 'é' : 'e').repeat(i % 40) + String(i));
    const stream = texts.map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`).join('');
    expect(decodeAll(stream)).toEqual(texts);
  });

  it('takes nothing from an earlier chunk, when text and views alternate', () => {
    const replies: Reply[] = [];
    const decoder = new ReplyDecoder({ bulk: 'view', onReply: (reply) => replies.push(reply) });
    for (const letter of ['a', 'b', 'c']) decoder.write(bytes(`+${letter}\r\n$1\r\nx\r\n+${letter}${letter}\r\n`));
    expect(replies.filter((reply) => typeof reply === 'string')).toEqual(['a', 'aa', 'b', 'bb', 'c', 'cc']);
  });

  it('is right for big cut texts of several connections, whose buffers pass from one to another', () => {
    const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(100_000));
    const replies: Reply[] = [];
    const decoders = texts.map(() => new ReplyDecoder({ onReply: (reply) => replies.push(reply) }));
    for (let round = 0; round < 3; round++) {
      for (const half of [0, 1]) {
        decoders.forEach((decoder, i) => {
          const stream = `$100000\r\n${texts[i]!}\r\n`;
          decoder.write(bytes(half === 0 ? stream.slice(0, 50_000) : stream.slice(50_000)));
        });
      }
    }
    expect(replies).toHaveLength(12);
    expect(replies.every((reply, i) => reply === texts[i % 4])).toBe(true);
  });

  it('replaces what is not UTF-8, each string by itself', () => {
    const chunk = Buffer.concat([
      Buffer.from('*2\r\n$2\r\n'),
      Buffer.from([0xe2, 0x82]),
      Buffer.from('\r\n$1\r\n'),
      Buffer.from([0xac]),
      Buffer.from('\r\n'),
    ]);
    const replies: Reply[] = [];
    new ReplyDecoder({ onReply: (reply) => replies.push(reply) }).write(chunk);
    expect(replies).toEqual([['\ufffd', '\ufffd']]);
  });
});

describe('pushes and attributes', () => {
  it('come apart from replies', () => {
    const seen: [string, Reply][] = [];
    const decoder = new ReplyDecoder({
      onReply: (reply) => seen.push(['reply', reply]),
      onPush: (push) => seen.push(['push', push]),
      onAttribute: (attribute) => seen.push(['attribute', attribute]),
    });
    decoder.write(bytes('>2\r\n+message\r\n$1\r\nx\r\n|1\r\n+ttl\r\n:9\r\n*2\r\n:1\r\n|0\r\n:2\r\n>0\r\n'));
    expect(seen).toStrictEqual([
      ['push', ['message', 'x']],
      ['attribute', new Map([['ttl', 9]])],
      ['attribute', new Map()],
      ['reply', [1, 2]],
      ['push', []],
    ]);
  });

  it('are dropped when nobody takes them', () => {
    expect(decodeAll('>1\r\n+x\r\n|1\r\n+a\r\n+b\r\n+OK\r\n')).toEqual(['OK']);
  });
});

describe('callbacks that misbehave', () => {
  it('cost other commands nothing: what one throws comes out of write after all replies were delivered', () => {
    const seen: Reply[] = [];
    const decoder = new ReplyDecoder({
      onReply: (reply) => {
        seen.push(reply);
        if (reply === 1) throw new Error('from the callback');
      },
    });
    expect(() => decoder.write(bytes(':1\r\n:2\r\n:3'))).toThrow('from the callback');
    decoder.write(bytes('\r\n'));
    expect(seen).toEqual([1, 2, 3]);
  });

  it('are all reported', () => {
    const decoder = new ReplyDecoder({
      onReply: (reply) => {
        throw new Error(typeof reply === 'string' ? reply : 'array');
      },
      onPush: () => {
        throw new Error('push');
      },
    });
    expect(() => decoder.write(bytes('+a\r\n>1\r\n+b\r\n'))).toThrow(AggregateError);
    expect(() => decoder.write(bytes('*1\r\n+c\r\n'))).toThrow('array');
  });

  it('cannot write to the decoder that calls them', () => {
    const decoder = new ReplyDecoder({ onReply: () => decoder.write(bytes('+b\r\n')) });
    expect(() => decoder.write(bytes('+a\r\n'))).toThrow('write() was called from a callback of the same decoder');
  });
});

describe('reset', () => {
  it('forgets a half reply, whatever half it is', () => {
    for (const half of ['*2\r\n*1\r\n', '$5\r\nab', '$5\r\n', '+O', '%1\r\n+a\r\n$2\r\nx', ':12\r']) {
      const replies: Reply[] = [];
      const decoder = new ReplyDecoder({ onReply: (reply) => replies.push(reply) });
      decoder.write(bytes(half));
      expect(decoder.buffered).toBe(half.length);
      decoder.reset();
      expect(decoder.buffered).toBe(0);
      decoder.write(bytes('+OK\r\n'));
      expect(replies).toEqual(['OK']);
    }
  });

  it('called from a callback drops the rest of the chunk', () => {
    for (const text of ['+a\r\n+b\r\n', '*1\r\n+a\r\n+b\r\n', '*0\r\n+b\r\n']) {
      for (const size of [1, 3, 100]) {
        const replies: Reply[] = [];
        const decoder = new ReplyDecoder({
          onReply: (reply) => {
            replies.push(reply);
            decoder.reset();
          },
        });
        // Only the chunk in which the first reply ends is dropped.
        const end = text.indexOf('+b');
        for (let at = 0; at < end; at += size)
          decoder.write(bytes(text.slice(at, at + size >= end ? undefined : at + size)));
        expect(replies).toHaveLength(1);
        expect(decoder.buffered).toBe(0);
        decoder.write(bytes(':1\r\n'));
        expect(replies).toHaveLength(2);
      }
    }
  });

  it('makes a decoder usable that had refused its input', () => {
    const replies: Reply[] = [];
    const decoder = new ReplyDecoder({ onReply: (reply) => replies.push(reply) });
    expect(() => decoder.write(bytes('+OK\r\n@'))).toThrow(ProtocolError);
    expect(() => decoder.write(bytes('+OK\r\n'))).toThrow("unknown reply type '@' (at byte 5)");
    decoder.reset();
    decoder.write(bytes('+OK\r\n'));
    expect(replies).toEqual(['OK', 'OK']);
  });
});

describe('what is not RESP', () => {
  it.each([
    ['\0', 'unknown reply type 0x00 (at byte 0)'],
    ['$?\r\n', 'invalid length (at byte 1)'],
    ['*?\r\n', 'invalid length (at byte 1)'],
    ['$-2\r\n', 'invalid length (at byte 1)'],
    ['%-1\r\n', 'invalid length (at byte 1)'],
    ['$\r\n', 'invalid length (at byte 1)'],
    ['$1\r\nab\r\n', 'expected CR LF after a bulk string (at byte 5)'],
    ['!1\r\nab\r\n', 'expected CR LF after a bulk string (at byte 5)'],
    ['+a\nb\r\n', 'LF without CR (at byte 2)'],
    ['+a\rb\r\n', 'CR without LF (at byte 2)'],
    [':\r\n', 'invalid integer (at byte 1)'],
    [':1x\r\n', 'invalid integer (at byte 1)'],
    [':9223372036854775808\r\n', 'invalid integer (at byte 1)'],
    [',1,5\r\n', 'invalid double (at byte 1)'],
    [',\r\n', 'invalid double (at byte 1)'],
    ['(1.5\r\n', 'invalid big number (at byte 1)'],
    ['#x\r\n', 'invalid boolean (at byte 1)'],
    ['_x\r\n', 'line too long (at byte 0)'],
    ['=3\r\ntxt\r\n', 'invalid format of a verbatim string (at byte 4)'],
    ['*1\r\n>1\r\n', 'a push inside of a reply (at byte 4)'],
  ])('is refused: %j', (text, message) => {
    expect(() => decodeAll(text)).toThrow(
      new ProtocolError(message.replace(/ \(at.*/, ''), Number(/\d+(?=\)$)/.exec(message)![0])),
    );
  });
});

describe('limits', () => {
  it('refuse a number that has no end', () => {
    for (const type of [':', ',', '(', '$', '*'])
      expect(() => decodeAll(type + '1'.repeat(20_000))).toThrow('line too long');
    expect(() => decodeAll(`(${'1'.repeat(20_000)}\r\n`)).toThrow('line too long');
  });

  it('refuse what nests too deep', () => {
    expect(decode('*1\r\n'.repeat(128) + ':1\r\n')).toBeInstanceOf(Array);
    expect(() => decodeAll('*1\r\n'.repeat(129))).toThrow(
      expect.objectContaining({ reason: 'depth', offset: 512 }) as Error,
    );
  });

  it('refuse an announced size at once', () => {
    for (const text of ['$101\r\n', '*34\r\n', '%17\r\n', '!101\r\n', '*1\r\n$101\r\n']) {
      expect(() => decodeAll(text, { maxBuffered: 100 })).toThrow(expect.objectContaining({ reason: 'size' }) as Error);
    }
  });

  it('count all of an incomplete reply, and nothing of complete ones', () => {
    const decoder = new ReplyDecoder({ maxBuffered: 100, onReply: () => undefined });
    for (let i = 0; i < 10; i++) decoder.write(bytes('*3\r\n$10\r\n0123456789\r\n:1\r\n:2\r\n'));
    decoder.write(bytes(`${'+OK\r\n'.repeat(100)}+${'x'.repeat(90)}`));
    expect(decoder.buffered).toBe(91);
    expect(() => decoder.write(bytes('xxxxxxxxxx'))).toThrow(expect.objectContaining({ reason: 'size' }) as Error);
  });

  it('stand against announcements: no memory is taken for four billion elements or half a gigabyte', () => {
    const decoder = new ReplyDecoder({ maxBuffered: Infinity, onReply: () => undefined });
    const before = process.memoryUsage();
    decoder.write(bytes('*4000000000\r\n%2000000000\r\n$536870912\r\nx'));
    const after = process.memoryUsage();
    expect(after.heapUsed - before.heapUsed).toBeLessThan(4e6);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(4e6);
    expect(decoder.buffered).toBe(39);
  });
});

describe('a string that is too long for V8', () => {
  const CHUNK = new Uint8Array(2 ** 24).fill(120);

  function longString(options: Partial<ReplyDecoderOptions>): Reply[] {
    const replies: Reply[] = [];
    const decoder = new ReplyDecoder({ onReply: (reply) => replies.push(reply), ...options });
    decoder.write(bytes('$536870912\r\n'));
    for (let i = 0; i < 32; i++) decoder.write(CHUNK);
    decoder.write(bytes('\r\n+OK\r\n'));
    return replies;
  }

  it('is a value of its own kind, and the replies behind it are unharmed', () => {
    const [error, next] = longString({});
    expect(error).toBeInstanceOf(StringTooLongError);
    expect(error).toMatchObject({ name: 'StringTooLongError', byteLength: 536870912 });
    expect(next).toBe('OK');
  });
});
