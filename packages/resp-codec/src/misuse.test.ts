// Arguments that are plainly wrong, as a program without types may pass them, are refused where they are passed.
import { expect, test } from 'vitest';
import { ReplyDecoder } from './decoder.js';
import { CommandEncoder } from './encoder.js';
import { FrameScanner } from './frame-scanner.js';
import type { ReplyDecoderOptions } from './reply.js';
import { REQUEST, RequestParser } from './request-parser.js';

const onReply = (): void => undefined;
const ping = new TextEncoder().encode('PING\r\n');

test.each([
  ['PING\r\n', 0, 6],
  [ping, 0, 7],
  [ping, -1, 6],
  [ping, undefined, 6],
  [ping, 0, undefined],
  [ping, NaN, 6],
  [[80, 10], 0, 2],
  [undefined, 0, 0],
])('RequestParser.feed(%o, %o, %o)', (chunk, start, end) => {
  const parser = new RequestParser();
  expect(() => parser.feed(chunk as Uint8Array, start!, end!)).toThrow(RangeError);
  parser.feed(ping, 0, ping.length);
  expect(parser.next()).toBe(REQUEST);
});

test('a FrameScanner of another kind', () => {
  expect(() => new FrameScanner('commands' as 'requests')).toThrow("kind is 'requests' or 'replies': commands");
});

test.each([
  [{}, 'onReply is a function'],
  [{ onReply: 1 }, 'onReply is a function'],
  [{ onReply, bulk: 'buffer' }, 'bulk is one of string, bytes, view: buffer'],
  [{ onReply, map: true }, 'map is one of map, object, array: true'],
  [{ onReply, set: 'Set' }, 'set is one of array, set: Set'],
  [{ onReply, bigInteger: 'number' }, 'bigInteger is one of bigint, string: number'],
  [{ onReply, verbatim: 'text' }, 'verbatim is one of plain, tagged: text'],
])('a ReplyDecoder with %o', (options, message) => {
  expect(() => new ReplyDecoder(options as ReplyDecoderOptions)).toThrow(message);
});

test('a command with an argument that has no bytes', () => {
  const encoder = new CommandEncoder();
  for (const bad of [undefined, null, {}, true, ['a']]) {
    expect(() => encoder.add(['SET', 'k', bad as string])).toThrow('argument 2 of a command');
  }
  expect(encoder.length).toBe(0);
});
