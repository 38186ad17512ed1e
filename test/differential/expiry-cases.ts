// Expired keys that commands come upon, for the tests of what they leave behind: removals in the log, events.
import { t } from './steps.js';

// prettier-ignore
export const expiryCases = [
  t('reading an expired key logs its removal',
    'SET a v PX 1', 'HSET h f v', 'PEXPIRE h 1', 'SET b v PX 1', 'SET c v PX 1', 'DEBUG SLEEP 0.01', 'GET a',
    'HGET h f', 'EXISTS b', 'TTL c'),
  t('writing over an expired key logs its removal first',
    'SET a v PX 1', 'SET b 5 PX 1', 'SET c v PX 1', 'SET d v PX 1', 'SET e v PX 1', 'DEBUG SLEEP 0.01', 'SET a w',
    'INCR b', 'APPEND c w', 'HSET d f v', 'SET e w NX', 'DEL missing'),
  t('deleting an expired key logs one removal',
    'SET a v PX 1', 'SET b v PX 1', 'SET c v PX 1', 'DEBUG SLEEP 0.01', 'DEL a', 'UNLINK b', 'GETDEL c'),
  t('renaming, copying and moving expired keys logs their removal',
    'SET a v PX 1', 'SET b v PX 1', 'SET c v PX 1', 'SET d v PX 1', 'SET e v', 'DEBUG SLEEP 0.01', 'RENAME a x',
    'COPY b x', 'MOVE c 1', 'RENAMENX e d'),
  t('an expired target is removed first',
    'SELECT 1', 'SET k v PX 1', 'SELECT 0', 'SET k w', 'SET l v PX 1', 'DEBUG SLEEP 0.01', 'COPY k l', 'MOVE k 1'),
  t('a scan logs the removal of what it finds expired', 'SET a v PX 1', 'DEBUG SLEEP 0.01', 'SCAN 0', 'KEYS *'),
  t('an empty result over an expired key deletes it, and a command that looks without a lookup leaves it',
    'ZADD z 1 a', 'PEXPIRE z 1', 'SET b v PX 1', 'SADD s a', 'PEXPIRE s 1', 'SET o v PX 1', 'RPUSH l a', 'PEXPIRE l 1', 'SET w v PX 1',
    'DEBUG SLEEP 0.01', 'WATCH w', 'ZRANGESTORE z none 0 -1', 'BITOP NOT b none', 'SINTERSTORE s none', 'ZUNIONSTORE o 1 none',
    'SORT none STORE l'),
  t('a random key that is expired is removed', 'SET a v PX 1', 'DEBUG SLEEP 0.01', 'RANDOMKEY'),
  t('counting several expired keys logs each', 'MSET a 1 b 2', 'PEXPIRE a 1', 'PEXPIRE b 1', 'DEBUG SLEEP 0.01', 'MGET a b'),
];
