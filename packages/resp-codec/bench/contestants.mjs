// The decoders under test behind one shape: `make(bulk, take)` answers a function that is fed with chunks.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ReplyDecoder } from '@clone/resp-codec';

const require = createRequire(import.meta.url);
const RedisParser = require('redis-parser');
// Neither client exports its decoder: they are taken from where the packages keep them.
const beside = (entry, ...path) => createRequire(entry)(join(dirname(entry), ...path));
const ioredis = beside(require.resolve('ioredis'), 'resp', 'decoder.js').Decoder;
const nodeRedisClient = createRequire(require.resolve('redis')).resolve('@redis/client');
const nodeRedis = beside(nodeRedisClient, 'lib', 'RESP', 'decoder.js').Decoder;

const ignore = () => undefined;
const BULK_STRING = 36;

function clientDecoder(Decoder) {
  return (bulk, take) => {
    const mapping = bulk === 'string' ? {} : { [BULK_STRING]: Buffer };
    const decoder = new Decoder({ onReply: take, onErrorReply: take, onPush: ignore, getTypeMapping: () => mapping });
    return (chunk) => decoder.write(chunk);
  };
}

export const contestants = {
  'resp-codec': (bulk, take) => {
    const decoder = new ReplyDecoder({ bulk, onReply: take });
    return (chunk) => decoder.write(chunk);
  },
  'redis-parser': (bulk, take) => {
    const parser = new RedisParser({ returnBuffers: bulk !== 'string', returnReply: take, returnError: take });
    return (chunk) => parser.execute(chunk);
  },
  'node-redis': clientDecoder(nodeRedis),
  ioredis: clientDecoder(ioredis),
};
