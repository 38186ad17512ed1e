import { describe, expect, it } from 'vitest';
import { ProtocolError, type Reply, ReplyDecoder, ReplyError, StringTooLongError } from './index.js';

describe('the errors of the client side', () => {
  it('have the code of a reply apart', () => {
    expect(new ReplyError('MOVED 3999 127.0.0.1:6381')).toMatchObject({ code: 'MOVED', name: 'ReplyError' });
    expect(new ReplyError('NOPE').code).toBe('NOPE');
    expect(new ReplyError(' x').code).toBe('');
  });

  it('say where and why', () => {
    expect(new ProtocolError('wrong', 7)).toMatchObject({
      message: 'wrong (at byte 7)',
      offset: 7,
      reason: 'malformed',
    });
    expect(new ProtocolError('wrong', 7, 'size')).toMatchObject({ reason: 'size', name: 'ProtocolError' });
    expect(new StringTooLongError(9)).toMatchObject({ byteLength: 9, name: 'StringTooLongError' });
  });

  it('have no stack when a server sent them, and leave stacks to all others', () => {
    const replies: Reply[] = [];
    const limit = Error.stackTraceLimit;
    new ReplyDecoder({ onReply: (reply) => replies.push(reply) }).write(new TextEncoder().encode('-ERR a\r\n'));
    expect((replies[0] as ReplyError).stack).toBe('ReplyError: ERR a');
    expect(Error.stackTraceLimit).toBe(limit);
    expect(new ReplyError('ERR a').stack).toContain('errors.test');
  });
});
