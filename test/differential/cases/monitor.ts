// MONITOR: a line for each command that was executed, as it was sent, and none for what is secret or only for
// administrators.
import {
  answer,
  blocks,
  closes,
  gets,
  hangUp,
  hears,
  masked,
  on,
  silent,
  t,
  type Step,
  type StepLike,
} from '../steps.js';

const watch = on('m', 'MONITOR');
/** The next lines of the monitor. */
const lines = (count: number): Step => masked(hears('m', count), 'monitor-line');
const shown = (count: number, line: string): StepLike => masked(on('m', gets(count, line)), 'monitor-line');

// prettier-ignore
const what = [
  t('every command is a line', watch, 'SET k v', 'GET k', 'DEL k missing', 'PING', 'PING x', lines(5)),
  t('commands are shown as they were typed', watch, 'set k v', 'GeT k', 'object ENCODING k', lines(3)),
  t('arguments are quoted', watch, 'SET "a b" "\\"quoted\\" \\\\"', 'SET "\\x00\\r\\n\\t\\x07\\b\\x1b\\x7f\\xff" ""', "ECHO 'it\\'s'", 'ECHO é', lines(4)),
  t('large arguments are shown whole', watch, `SET k ${'x'.repeat(50_000)}`, `MSET ${'k v '.repeat(500)}`, lines(2)),
  t('the number of the database is that behind the command', watch, 'SET k v', 'SELECT 3', 'SET k v', on('b', 'GET k'), 'SELECT 0', 'SWAPDB 0 3', 'GET k', lines(7)),
  t('errors of commands are shown, refusals are not',
    watch, 'SET k v', 'LPUSH k x', 'INCR k', 'SET k v FOO', 'FOO', 'GET', 'SET k', 'OBJECT FOO', 'CONFIG', 'EXPIRE k x', 'SELECT 99', lines(6)),
  t('commands for administrators are not shown',
    watch, 'CONFIG GET hz', 'CONFIG SET hz 10', 'CONFIG RESETSTAT', masked('CLIENT LIST', 'shape'), 'CLIENT KILL ID 999999', 'CLIENT NO-EVICT OFF', 'CLIENT UNPAUSE', 'DEBUG SLEEP 0', 'DEBUG JMAP',
    'PING', lines(1)),
  t('other commands of the server are shown',
    watch, masked('CLIENT ID', 'integers'), 'CLIENT GETNAME', 'CLIENT SETNAME me', masked('CLIENT INFO', 'client-line'), masked('INFO server', 'info'), 'DBSIZE', masked('TIME', 'shape'), 'FLUSHALL', 'FLUSHDB', masked('COMMAND COUNT', 'integers'),
    masked('MEMORY USAGE k', 'memory-figure'), 'WAIT 0 0', masked('LOLWUT', 'own-text'), 'CLIENT REPLY ON', lines(14)),
  t('passwords are not shown', watch, 'AUTH secret', 'AUTH default secret', masked('HELLO 3', 'hello'), masked('HELLO 2 AUTH default x', 'hello'), 'PING', lines(5)),
  t('PUBLISH and SUBSCRIBE are shown', watch, on('b', 'SUBSCRIBE ch'), 'PUBLISH ch x', hears('b', 1), on('b', 'UNSUBSCRIBE'), lines(3)),
  t('a transaction is shown when it is executed', watch, 'MULTI', 'SET k v', 'INCR n', 'PING', lines(1), 'EXEC', lines(4), 'MULTI', 'SET k v', 'DISCARD', lines(2), 'WATCH k', 'UNWATCH', lines(2)),
  t('of a transaction that is refused only both ends are shown', watch, 'MULTI', 'SET k v', 'FOO', 'EXEC', 'PING', lines(3), 'WATCH k', 'SET k w', 'MULTI', 'GET k', 'EXEC', lines(4)),
  t('EXEC and DISCARD without MULTI', watch, 'EXEC', 'DISCARD', 'PING', lines(3)),
  t('what a command does by others is not shown', watch, 'SET k v PX 1', 'DEBUG SLEEP 0.01', 'GET k', 'SPOP s', 'GETDEL k', lines(4)),
  t('a command that waits is shown once', watch, blocks(on('b', 'BLPOP l 0')), lines(1), 'RPUSH l x', answer('b'), lines(1), 'PING', lines(1)),
  t('commands whose replies are off are shown', watch, silent('CLIENT REPLY OFF'), silent('SET k v'), 'CLIENT REPLY ON', lines(3)),
  t('commands in a pipeline are shown in their order', watch, 'SET a 1', on('b', 'SET b 2'), on('c', 'SET c 3'), lines(3)),
  t('commands that are refused for want of memory are not shown', watch, 'CONFIG SET maxmemory 1', 'SET k v', 'GET k', 'CONFIG SET maxmemory 0', lines(1)),
];

// prettier-ignore
const who = [
  t('several monitors see the same', watch, on('n', 'MONITOR'), 'SET k v', on('b', 'GET k'), lines(2), masked(hears('n', 2), 'monitor-line'), on('n', 'QUIT'), closes('n'), lines(1)),
  t('a monitor sees its own commands', watch, shown(2, 'PING'), shown(2, 'ECHO x'), on('m', 'CONFIG GET hz')),
  t('a monitor may not touch data', watch, on('m', 'GET k'), on('m', 'SET k v'), on('m', 'DEL k'), on('m', 'DBSIZE'), on('m', 'EXISTS k'), on('m', 'PUBLISH ch x'), on('m', 'FOO'), on('m', 'GET'), 'PING', lines(1)),
  t('MONITOR again is not answered', watch, on('m', silent('MONITOR')), 'PING', lines(1)),
  t('MONITOR takes no argument', 'MONITOR x', 'PING'),
  t('RESET ends it', watch, 'SET k v', lines(1), on('m', 'RESET'), 'SET k v', on('m', 'GET k')),
  t('QUIT ends it', watch, 'PING', lines(1), on('m', 'QUIT'), closes('m'), 'PING'),
  t('a monitor that hangs up', watch, hangUp('m'), 'SET k v'),
  t('a monitor that is killed', watch, 'PING', lines(1), 'CLIENT KILL ID $id(m)', closes('m'), 'PING'),
  t('CLIENT LIST tells of monitors', watch, masked('CLIENT LIST', 'client-line'), masked('CLIENT LIST TYPE normal', 'client-line'), masked('CLIENT LIST TYPE replica', 'client-line')),
  t('CLIENT REPLY OFF silences a monitor', watch, on('m', silent('CLIENT REPLY OFF')), 'SET k v', on('m', gets(1, 'CLIENT REPLY ON')), masked(hears('m', 1), 'monitor-line')),
  t('a monitor is told nothing of before', 'SET k v', watch, 'GET k', lines(1)),
  t('who waits is shown once, however often it is looked whether there is something', watch, blocks(on('b', 'BLPOP l 0')), 'SET l v', 'DEL l', 'RPUSH l x', answer('b'), blocks(on('b', 'XREAD BLOCK 0 STREAMS s $')), 'XGROUP CREATE s g $ MKSTREAM', 'XADD s 1-1 a b', answer('b'), lines(7)),
  t('MONITOR within EXEC', on('m', 'MULTI'), on('m', 'MONITOR'), on('m', 'EXEC'), 'PING', on('m', 'PING')),
];

export const monitor = [...what, ...who];
