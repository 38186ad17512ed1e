// What one client does to others: CLIENT PAUSE and KILL, and the limits at which the server closes a connection.
import { answer, blocks, closes, hangUp, hears, hearsNothing, masked, on, opens, silent, t } from '../steps.js';

const large = (bytes: number): string => 'x'.repeat(bytes);

// prettier-ignore
const pause = [
  t('CLIENT PAUSE WRITE holds back who writes, until UNPAUSE',
    'SET k v', 'CLIENT PAUSE 100000 WRITE', blocks(on('b', 'SET k w')), on('c', 'GET k'), on('c', 'PING'), 'GET k', 'CLIENT UNPAUSE', answer('b'), 'GET k'),
  t('who is held back first is served first',
    'CLIENT PAUSE 100000 WRITE', blocks(on('b', 'RPUSH l b')), blocks(on('c', 'RPUSH l c')), blocks(on('d', 'RPUSH l d')), 'CLIENT UNPAUSE', answer('b'), answer('c'), answer('d'), 'LRANGE l 0 -1'),
  t('everything that may change something is held back',
    'CLIENT PAUSE 100000 WRITE', blocks(on('b', 'PUBLISH ch x')), blocks(on('c', 'PFCOUNT k')), blocks(on('d', 'DEL missing')), blocks(on('e', 'EXPIRE missing 5')), blocks(on('f', 'FLUSHALL')), blocks(on('g', 'GETEX k')),
    blocks(on('h', 'SPUBLISH ch x')), 'CLIENT UNPAUSE', answer('b'), answer('c'), answer('d'), answer('e'), answer('f'), answer('g'), answer('h')),
  t('everything else is not',
    'CLIENT PAUSE 100000 WRITE', 'GET k', 'EXISTS k', 'SUBSCRIBE ch', 'UNSUBSCRIBE ch', 'WATCH k', 'UNWATCH', 'CONFIG GET hz', 'DBSIZE', 'SELECT 1', 'TOUCH k', 'SORT_RO k', 'BITFIELD_RO k GET u8 0', 'CLIENT SETNAME me', 'SCAN 0', 'CLIENT UNPAUSE'),
  t('refusals are not held back', 'CLIENT PAUSE 100000 WRITE', 'SET k', 'FOO', 'CLIENT UNPAUSE'),
  t('EXEC is held back if it writes, and so is what would be queued to write',
    on('b', 'MULTI'), on('b', 'SET k v'), on('b', 'GET k'), on('c', 'MULTI'), on('c', 'GET k'), on('d', 'MULTI'), on('e', 'MULTI'), on('e', 'SET k e'), 'CLIENT PAUSE 100000 WRITE', blocks(on('b', 'EXEC')), 'EXISTS k', on('c', 'EXEC'), blocks(on('d', 'SET k w')),
    on('e', 'DISCARD'), 'CLIENT UNPAUSE', answer('b'), answer('d'), on('d', 'EXEC'), 'GET k'),
  t('commands behind the one that is held back wait too', 'CLIENT PAUSE 100000 WRITE', blocks(on('b', 'SET k v')), on('b', silent('GET k')), on('b', silent('PING')), 'CLIENT UNPAUSE', hears('b', 3)),
  t('a pause ends by itself', 'CLIENT PAUSE 50 WRITE', on('b', 'SET k v'), 'GET k'),
  t('a pause of all holds back everything', 'CLIENT PAUSE 50', on('b', 'PING'), 'CLIENT PAUSE 50 ALL', on('b', 'GET k'), 'PING', 'client pause 20 all', 'PING'),
  t('the later end counts', 'CLIENT PAUSE 100000 WRITE', 'CLIENT PAUSE 1 WRITE', 'DEBUG SLEEP 0.01', blocks(on('b', 'SET k v')), 'CLIENT UNPAUSE', answer('b')),
  t('a pause of 0 ms is over', 'CLIENT PAUSE 0', 'SET k v', 'CLIENT PAUSE 0 WRITE', 'SET k v'),
  t('UNPAUSE without a pause', 'CLIENT UNPAUSE', 'CLIENT UNPAUSE'),
  t('CLIENT PAUSE and UNPAUSE refuse bad arguments',
    'CLIENT PAUSE', 'CLIENT PAUSE x', 'CLIENT PAUSE -1', 'CLIENT PAUSE 1.5', 'CLIENT PAUSE ""', 'CLIENT PAUSE 10 FOO', 'CLIENT PAUSE x WRITE', 'CLIENT PAUSE 10 WRITE x', 'CLIENT UNPAUSE x', 'CLIENT PAUSE 9223372036854775808', 'CLIENT PAUSE 10 ""', 'SET k v'),
  t('CLIENT LIST and INFO tell of who is held back',
    'CLIENT PAUSE 100000 WRITE', blocks(on('b', 'SET k v')), masked('CLIENT LIST ID $id(b)', 'client-line'), masked('INFO clients', 'info'), 'CLIENT UNPAUSE', answer('b'), masked('CLIENT LIST ID $id(b)', 'client-line')),
  t('who is held back may be killed, and may leave', 'CLIENT PAUSE 100000 WRITE', blocks(on('b', 'SET k v')), blocks(on('c', 'SET k v')), 'CLIENT KILL ID $id(b)', closes('b'), hangUp('c'), 'CLIENT UNPAUSE', 'EXISTS k'),
  t('who waits for a key is not served before the end', blocks(on('b', 'BLPOP l 0')), 'CLIENT PAUSE 100000 WRITE', blocks(on('c', 'RPUSH l x')), 'CLIENT UNPAUSE', answer('c'), answer('b')),
  t('keys are gone in time, but stay until the end of the pause',
    'SET k v PX 60', 'SET l v', 'CLIENT PAUSE 100000 WRITE', 'DEBUG SLEEP 0.08', 'GET k', 'DBSIZE', 'CLIENT UNPAUSE', 'GET k', 'DBSIZE'),
  t('CLIENT PAUSE within EXEC', 'MULTI', 'CLIENT PAUSE 100000 WRITE', 'SET k v', 'EXEC', blocks(on('b', 'SET k w')), 'CLIENT UNPAUSE', answer('b')),
];

// prettier-ignore
const kill = [
  t('a client that waits is killed', blocks(on('b', 'BLPOP l 0')), 'CLIENT KILL ID $id(b)', closes('b'), 'RPUSH l x', 'LLEN l'),
  t('a client in a transaction is killed', on('b', 'MULTI'), on('b', 'SET k v'), 'CLIENT KILL ID $id(b)', closes('b'), 'EXISTS k'),
  t('a client that watches is killed', on('b', 'WATCH k'), 'CLIENT KILL ID $id(b)', closes('b'), 'SET k v'),
  t('CLIENT KILL TYPE', on('b', 'SUBSCRIBE ch'), on('c', 'PING'), 'CLIENT KILL TYPE pubsub', closes('b'), on('c', 'PING'), 'CLIENT KILL TYPE replica', 'CLIENT KILL TYPE slave', 'CLIENT KILL TYPE master', on('c', 'PING')),
  t('CLIENT KILL ends itself behind its reply', on('b', 'CLIENT KILL ID $id(b) SKIPME no'), closes('b'), 'PING'),
  t('CLIENT KILL of itself with commands behind it', 'CLIENT KILL ID $id(a) SKIPME NO', silent('SET k v'), closes('a'), on('b', 'EXISTS k')),
  t('CLIENT KILL within EXEC ends behind EXEC', on('b', 'MULTI'), on('b', 'SET k v'), on('b', 'CLIENT KILL ID $id(b) SKIPME no'), on('b', 'SET l v'), on('b', silent('EXEC')), closes('b'), 'MGET k l'),
  t('CLIENT KILL of another within EXEC', 'MULTI', 'CLIENT KILL ID $id(b)', 'CLIENT KILL ID $id(b)', 'EXEC', closes('b')),
  t('a killed client is not listed', on('b', 'PING'), 'CLIENT KILL ID $id(b)', 'CLIENT LIST ID $id(b)', closes('b')),
  t('CLIENT UNBLOCK of who does not wait', on('b', 'PING'), 'CLIENT UNBLOCK $id(b)', 'CLIENT UNBLOCK $id(a)', 'CLIENT UNBLOCK $id(b) ERROR', hearsNothing('b')),
];

// prettier-ignore
const flags = [
  t('CLIENT LIST shows in which state clients are',
    on('b', 'MULTI'), on('c', 'SUBSCRIBE ch'), blocks(on('d', 'BLPOP l 0')), on('e', 'WATCH k'), on('f', 'CLIENT NO-EVICT ON'), on('m', 'MONITOR'), masked('CLIENT LIST ID $id(b) $id(c) $id(d) $id(e) $id(f) $id(m)', 'client-line'),
    on('m', 'RESET'), 'SET k v', masked('CLIENT LIST ID $id(e)', 'client-line'), 'RPUSH l x', answer('d')),
  t('CLIENT LIST shows the last command', on('b', 'get k'), masked('CLIENT LIST ID $id(b)', 'client-line'), on('b', 'CONFIG GET hz'), masked('CLIENT LIST ID $id(b)', 'client-line'), on('b', 'FOO'), masked('CLIENT LIST ID $id(b)', 'client-line'), on('b', 'GET'),
    masked('CLIENT LIST ID $id(b)', 'client-line'), on('b', 'OBJECT HELP x'), masked('CLIENT LIST ID $id(b)', 'client-line')),
  t('who hangs up is not listed', on('b', 'PING'), hangUp('b'), 'CLIENT LIST ID $id(b)', masked('CLIENT LIST', 'client-line')),
  t('INFO counts clients', masked('INFO clients', 'info'), blocks(on('b', 'BLPOP l 0')), blocks(on('c', 'BLPOP l 1000')), masked('INFO clients', 'info'), 'RPUSH l x y', answer('b'), answer('c'), masked('INFO clients', 'info')),
];

// prettier-ignore
const limits = [
  t('beyond maxclients nobody comes in', 'CONFIG SET maxclients 2', opens('b'), closes('b'), 'PING', 'CONFIG SET maxclients 3', opens('c'), on('c', 'PING'), opens('d'), closes('d')),
  t('client-output-buffer-limit: a subscriber that gets too much at once is closed',
    'CONFIG SET client-output-buffer-limit "pubsub 100000 0 0"', on('b', 'SUBSCRIBE ch'), 'PUBLISH ch x', hears('b', 1), `PUBLISH ch ${large(1_000_000)}`, closes('b'), 'PUBLISH ch x'),
  t('client-output-buffer-limit: a client that asks for too much is closed',
    `SET k ${large(1_000_000)}`, 'CONFIG SET client-output-buffer-limit "normal 100000 0 0"', on('b', 'STRLEN k'), on('b', silent('GET k')), closes('b'), 'PING'),
  t('client-output-buffer-limit: the limit of another class does not count',
    `SET k ${large(300_000)}`, 'CONFIG SET client-output-buffer-limit "pubsub 1000 0 0"', 'GET k', on('b', 'SUBSCRIBE ch'), 'CONFIG SET client-output-buffer-limit "normal 1000 0 0 pubsub 0 0 0"', `PUBLISH ch ${large(300_000)}`, hears('b', 1)),
  t('client-query-buffer-limit: a client that sends too much at once is closed',
    'CONFIG SET client-query-buffer-limit 1048576', on('b', `SET k ${large(500_000)}`), on('b', silent(`SET k ${large(2_000_000)}`)), closes('b'), 'STRLEN k'),
  t('maxmemory-clients: the client that takes most is closed',
    'CONFIG SET maxmemory-clients 2mb', on('b', 'MULTI'), on('b', silent(`SET k ${large(4_000_000)}`)), closes('b'), 'EXISTS k', on('c', 'PING')),
];

export const clientLimits = [...pause, ...kill, ...flags, ...limits];
