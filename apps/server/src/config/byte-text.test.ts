import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, textOf } from './byte-text.js';

test('any bytes become a text and the same bytes again', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => bytesOf(textOf(bytes)).equals(bytes)));
});

test('what is UTF-8 is read as such, whatever stands around it', () => {
  const text = 'é€😀\ufffd';
  expect(textOf(Buffer.from(text))).toBe(text);
  const bytes = Buffer.concat([Buffer.from([0xff]), Buffer.from(text), Buffer.from([0xe2, 0x82])]);
  expect(textOf(bytes)).toBe(`\udcff${text}\udce2\udc82`);
});
