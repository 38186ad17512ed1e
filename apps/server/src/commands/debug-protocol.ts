// DEBUG PROTOCOL: one reply of each type, with the values that Redis's client tests expect.

import type { CommandContext } from '@clone/command-registry';

export function replyWithProtocolType(ctx: CommandContext): void {
  const { reply } = ctx;
  switch (ctx.latin1(2).toLowerCase()) {
    case 'string':
      reply.bulkLatin1('Hello World');
      break;
    case 'integer':
      reply.integer(12345);
      break;
    case 'double':
      reply.double(3.141);
      break;
    case 'null':
      reply.null();
      break;
    case 'array':
      reply.array(3);
      for (let i = 0; i < 3; i++) reply.integer(i);
      break;
    case 'set':
      reply.set(3);
      for (let i = 0; i < 3; i++) reply.integer(i);
      break;
    case 'map':
      reply.map(3);
      for (let i = 0; i < 3; i++) {
        reply.integer(i);
        reply.boolean(i === 1);
      }
      break;
    case 'attrib':
      if (reply.protocol === 3) {
        reply.attribute(1);
        reply.bulkLatin1('key-popularity');
        reply.array(2);
        reply.bulkLatin1('key:123');
        reply.integer(90);
      }
      reply.bulkLatin1('Some real reply following the attribute');
      break;
    case 'push':
      if (reply.protocol === 2) {
        reply.error('ERR RESP2 is not supported by this command');
        break;
      }
      reply.push(2);
      reply.bulkLatin1('server-cpu-usage');
      reply.integer(42);
      reply.bulkLatin1('Some real reply following the push reply');
      break;
    case 'true':
      reply.boolean(true);
      break;
    case 'false':
      reply.boolean(false);
      break;
    case 'verbatim':
      reply.verbatim('txt', 'This is a verbatim\nstring');
      break;
    case 'bignum':
      reply.bigNumber(1234567999999999999999999999999999999n);
      break;
    default:
      reply.error(
        'ERR Wrong protocol type name. Please use one of the following: string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false',
      );
  }
}
