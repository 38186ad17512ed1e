import type { ReplyWriter } from '@clone/resp-codec';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Frame, type Pushed } from './pushes.js';

class Text extends Frame {
  text: string;

  constructor(text = '') {
    super();
    this.text = text;
    this.begin(2);
  }

  protected override write(writer: ReplyWriter): void {
    const bytes = Buffer.from(this.text, 'latin1');
    writer.raw(bytes, 0, bytes.length);
  }
}

test('who had the same to send before a message shares the same behind it', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((each) => new Text(each)) as [Text, Text, Text];
  const abc = c.appendedTo(b.appendedTo(a.appendedTo(undefined)));
  expect(c.appendedTo(b.appendedTo(a.appendedTo(undefined)))).toBe(abc);
  expect(abc.text).toBe('abc');
  expect(abc.bytes).toBe(abc.bytes);
});

test('who had something else is not disturbed by what others append', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((each) => new Text(each)) as [Text, Text, Text];
  const start = a.appendedTo(undefined);
  const ab = b.appendedTo(start);
  const ac = c.appendedTo(start);
  const abc = c.appendedTo(ab);
  expect([start, ab, ac, abc].map(({ text }) => text)).toEqual(['a', 'ab', 'ac', 'abc']);
});

test('equal messages are not the same message, nor is the next one of a frame', () => {
  const frame = new Text('x');
  const first = frame.appendedTo(undefined);
  expect(new Text('x').appendedTo(undefined)).not.toBe(first);
  frame.text = 'y';
  frame.begin(3);
  expect(frame.appendedTo(first).text).toBe('xy');
  expect(frame.appendedTo(undefined).text).toBe('y');
  expect(first.text).toBe('x');
});

test('each receiver has to send what was pushed to it, in order', () => {
  const push = fc.record({ text: fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 300 }), to: fc.nat(7) });
  fc.assert(
    fc.property(fc.array(push, { maxLength: 40 }), (pushes) => {
      const frame = new Text();
      const pushed: (Pushed | undefined)[] = [undefined, undefined, undefined];
      const texts = ['', '', ''];
      for (const { text, to } of pushes) {
        frame.text = text;
        frame.begin(3);
        for (let i = 0; i < 3; i++) {
          if ((to & (1 << i)) === 0) continue;
          pushed[i] = frame.appendedTo(pushed[i]);
          texts[i] = `${texts[i] ?? ''}${text}`;
        }
      }
      for (let i = 0; i < 3; i++) {
        expect(pushed[i]?.text ?? '').toBe(texts[i]);
        expect(pushed[i]?.bytes.toString('latin1') ?? '').toBe(texts[i]);
      }
    }),
  );
});
