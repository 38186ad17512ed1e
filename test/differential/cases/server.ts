// The server as seen from outside: CONFIG, INFO, MEMORY, and what test tools send before they begin.
import { differing, differs, expected, masked, on, t, unorderedPairs } from '../steps.js';

// Large enough that nothing is refused or evicted.
const memorySizes = ['104857600', '512000k', '512000kb', '512m', '512mb', '5g', '5gb', '5GB', '104857600b', '0'];
const getMaxmemory = 'CONFIG GET maxmemory';
const policies = [
  ...['noeviction', 'allkeys-lru', 'volatile-lru', 'allkeys-lfu', 'volatile-lfu', 'allkeys-random', 'volatile-random'],
  ...['volatile-ttl', 'ALLKEYS-LRU'],
];

// prettier-ignore
const config = [
  t('CONFIG GET answers parameters by pattern',
    'CONFIG GET maxmemory-policy', unorderedPairs('CONFIG GET hash-max-listpack-*'), 'CONFIG GET MAXMEMORY-POLICY',
    'CONFIG GET nothing', 'CONFIG GET "" ', unorderedPairs('CONFIG GET maxmemory maxmemory-samples nothing'),
    unorderedPairs('CONFIG GET maxmemory* maxmemory'), 'CONFIG GET hash-max-ziplist-entries',
    unorderedPairs('CONFIG GET hash-max-*')),
  t('CONFIG GET knows every parameter with its default', masked('CONFIG GET *', 'config')),
  t('CONFIG SET changes parameters',
    'CONFIG SET maxmemory-samples 7', 'CONFIG GET maxmemory-samples',
    'CONFIG SET MAXMEMORY-SAMPLES 8 hash-max-listpack-entries 99', 'CONFIG GET maxmemory-samples',
    'CONFIG GET hash-max-listpack-entries', 'CONFIG SET hash-max-ziplist-value 77',
    'CONFIG GET hash-max-listpack-value'),
  t('CONFIG SET reads memory sizes',
    ...memorySizes.flatMap((size) => [`CONFIG SET maxmemory ${size}`, getMaxmemory]), 'CONFIG SET maxmemory 1x',
    'CONFIG SET maxmemory ""', 'CONFIG SET maxmemory 1.5gb', 'CONFIG SET maxmemory -1', getMaxmemory),
  t('CONFIG SET is all or nothing',
    'CONFIG SET maxmemory-samples 9 hash-max-listpack-entries abc', 'CONFIG GET maxmemory-samples',
    'CONFIG SET maxmemory-samples 9 foo bar', 'CONFIG GET maxmemory-samples',
    'CONFIG SET maxmemory-samples 9 maxmemory-samples 10', 'CONFIG GET maxmemory-samples',
    'CONFIG SET hash-max-listpack-entries 5 hash-max-ziplist-entries 6'),
  ...differing('config-8.0', t('CONFIG SET refuses bad values',
    differs('CONFIG SET maxmemory-samples 0', 'config-8.0'), 'CONFIG SET maxmemory-samples a', 'CONFIG SET maxmemory-samples 65',
    'CONFIG SET maxmemory-policy foo', 'CONFIG SET appendfsync sometimes', 'CONFIG SET appendonly maybe',
    'CONFIG SET hz a', 'CONFIG SET timeout -1', 'CONFIG SET hash-max-listpack-entries -1',
    'CONFIG SET lfu-log-factor -1', 'CONFIG SET maxclients 0', 'CONFIG SET notify-keyspace-events Q',
    'CONFIG SET proto-max-bulk-len 1', 'CONFIG SET tcp-keepalive x', 'CONFIG SET maxmemory-samples ""',
    'CONFIG SET maxmemory-samples 1.5')),
  t('CONFIG SET of TLS parameters, without TLS: nothing is looked at but the values',
    'CONFIG SET tls-cert-file /no/such/file', 'CONFIG GET tls-cert-file', 'CONFIG SET tls-protocols TLSv9',
    'CONFIG SET tls-auth-clients maybe', 'CONFIG SET tls-session-cache-size -1', 'CONFIG SET tls-session-caching 1',
    'CONFIG SET tls-port 70000', 'CONFIG SET tls-ciphers FOO', 'CONFIG GET tls-ciphers'),
  t('CONFIG SET of what needs TLS, without a certificate',
    'CONFIG SET tls-port 1', 'CONFIG GET tls-port', 'CONFIG SET tls-cluster yes', 'CONFIG SET tls-replication yes',
    'CONFIG SET maxclients 77 tls-port 1', 'CONFIG GET maxclients', 'CONFIG SET tls-auth-clients optional'),
  t('CONFIG SET names the words that a parameter takes',
    'CONFIG SET appendfsync often', 'CONFIG SET maxmemory-policy any',
    expected('CONFIG SET loglevel loud', 'config-loglevel',
      "-ERR CONFIG SET failed (possibly related to argument 'loglevel') - argument(s) must be one of the following: debug, verbose, notice, warning, nothing\r\n")),
  t('CONFIG SET refuses unknown and fixed parameters',
    'CONFIG SET foo bar', 'CONFIG SET databases 5', 'CONFIG SET unixsocket /tmp/x', 'CONFIG SET supervised no',
    'CONFIG SET foo', 'CONFIG SET maxmemory', 'CONFIG SET maxmemory 0 hz', 'CONFIG SET enable-debug-command no',
    'CONFIG SET daemonize yes', 'CONFIG SET "" x'),
  t('CONFIG SET takes every policy',
    ...policies.flatMap((policy) => [`CONFIG SET maxmemory-policy ${policy}`, 'CONFIG GET maxmemory-policy'])),
  t('CONFIG SET takes booleans and words in any case',
    'CONFIG SET lazyfree-lazy-user-del YES', 'CONFIG GET lazyfree-lazy-user-del', 'CONFIG SET appendfsync ALWAYS',
    'CONFIG GET appendfsync', 'CONFIG SET lazyfree-lazy-user-del 1', 'CONFIG SET lazyfree-lazy-user-del true'),
  t('CONFIG SET save and notify-keyspace-events have canonical forms',
    'CONFIG SET notify-keyspace-events KEA', 'CONFIG GET notify-keyspace-events',
    'CONFIG SET notify-keyspace-events "g$lKn"', 'CONFIG GET notify-keyspace-events',
    'CONFIG SET notify-keyspace-events "xxE"', 'CONFIG GET notify-keyspace-events', 'CONFIG SET save "3600 1 60 1000"',
    'CONFIG GET save', 'CONFIG SET save "a b"', 'CONFIG SET save "60"', 'CONFIG SET save ""', 'CONFIG GET save',
    'CONFIG SET client-output-buffer-limit "normal 1kb 2kb 3"', 'CONFIG GET client-output-buffer-limit',
    'CONFIG SET client-output-buffer-limit "foo 1 2 3"', 'CONFIG SET client-output-buffer-limit "normal 1"'),
  t('CONFIG RESETSTAT answers OK', 'CONFIG RESETSTAT'),
  t('CONFIG REWRITE needs a config file', 'CONFIG REWRITE'),
  t('CONFIG HELP is an array of lines', masked('CONFIG HELP', 'help')),
  t('CONFIG checks arities',
    'CONFIG', 'CONFIG GET', 'CONFIG SET', 'CONFIG SET a', 'CONFIG RESETSTAT x', 'CONFIG REWRITE x', 'CONFIG HELP x'),
];

const infoSections = [
  ...['server', 'clients', 'memory', 'persistence', 'stats', 'replication', 'cpu', 'modules', 'cluster', 'keyspace'],
  'errorstats',
];

// prettier-ignore
const info = [
  t('INFO has its sections and fields', masked(differs('INFO', 'info-8.0'), 'info')),
  ...infoSections.map((section) => t(`INFO ${section} has its fields`, masked(`INFO ${section}`, 'info'))),
  t('INFO takes several sections',
    masked('INFO keyspace clients', 'info'), masked('INFO clients clients', 'info'),
    masked('INFO CLIENTS Cluster', 'info'), masked('INFO nothing', 'info'), masked('INFO nothing cluster', 'info'),
    masked('INFO ""', 'info')),
  ...differing('info-8.0', t('INFO default, all and everything',
    masked(differs('INFO default', 'info-8.0'), 'info'), masked('INFO all', 'info'), masked('INFO everything', 'info'),
    masked('INFO default commandstats', 'info'))),
  t('INFO has the fields of 7.2',
    expected(masked('INFO everything', 'info-new-fields'), 'info-fields', newFieldsReply('$'), newFieldsReply('='))),
  t('INFO keyspace counts keys and times',
    'INFO keyspace', 'SET a 1', 'HSET h f v', masked('INFO keyspace', 'info'), 'EXPIREAT a 33177117420', 'SELECT 3',
    'SET b 1', masked('INFO keyspace', 'info')),
  t('INFO errorstats counts errors by code',
    'CONFIG RESETSTAT', 'FOO', 'SET s v', 'HGET s f', 'GET', 'INFO errorstats', 'CONFIG RESETSTAT', 'INFO errorstats'),
  t('INFO stats counts hits and misses',
    'CONFIG RESETSTAT', 'GET missing', 'SET k v', 'GET k', 'GET k', 'EXISTS missing', 'TTL k', 'TYPE missing',
    'HGET missing f', 'STRLEN k', 'DEL k', 'SET k v NX', 'GETSET k w', 'TOUCH k missing',
    masked('INFO stats', 'info-hits')),
  t('INFO stats counts expired keys',
    'CONFIG RESETSTAT', 'DEBUG SET-ACTIVE-EXPIRE 0', 'SET a v PX 1', 'SET b v PX 1', 'SET c v', 'DEBUG SLEEP 0.01',
    'GET a', 'EXISTS b', 'EXPIRE c -1', masked('INFO stats', 'info-hits'), 'DEBUG SET-ACTIVE-EXPIRE 1'),
  t('INFO commandstats counts calls',
    'CONFIG RESETSTAT', 'SET k v', 'GET k', 'GET k', 'HGET k f', 'GET', 'FOO', 'CLIENT GETNAME', 'CONFIG GET hz',
    'OBJECT FOO', masked('INFO commandstats', 'info-commandstats'), 'CONFIG RESETSTAT',
    masked('INFO commandstats', 'info-commandstats')),
  t('INFO latencystats has percentiles',
    'CONFIG RESETSTAT', 'SET k v', 'GET k', masked('INFO latencystats', 'info-commandstats')),
];

function newFieldsReply(type: '$' | '='): string {
  const names = [
    ...['acl_access_denied_auth', 'acl_access_denied_channel', 'acl_access_denied_cmd', 'acl_access_denied_key'],
    ...['eventloop_cycles', 'eventloop_duration_cmd_sum', 'eventloop_duration_sum'],
    ...['instantaneous_eventloop_cycles_per_sec', 'instantaneous_eventloop_duration_usec', 'listener1'],
    ...['total_blocking_keys', 'total_blocking_keys_on_nokey'],
  ];
  const text = type === '=' ? `txt:${names.join(' ')}` : names.join(' ');
  return `${type}${text.length}\r\n${text}\r\n`;
}

// prettier-ignore
const memory = [
  t('MEMORY USAGE answers a size or null',
    'SET k v', masked('MEMORY USAGE k', 'memory-figure'), masked('MEMORY USAGE k SAMPLES 0', 'memory-figure'),
    'HSET h f v', masked('MEMORY USAGE h samples 5', 'memory-figure'), 'MEMORY USAGE missing',
    'MEMORY USAGE missing SAMPLES 5'),
  t('MEMORY USAGE refuses bad options',
    'SET k v', 'MEMORY USAGE k SAMPLES', 'MEMORY USAGE k SAMPLES a', 'MEMORY USAGE k SAMPLES -1', 'MEMORY USAGE k FOO',
    'MEMORY USAGE k FOO 1', 'MEMORY USAGE missing FOO 1'),
  ...differing('info-8.0', t('MEMORY STATS has its fields',
    masked(differs('MEMORY STATS', 'info-8.0'), 'memory-figures'), 'SET k v', 'SELECT 2', 'SET k v',
    masked('MEMORY STATS', 'memory-figures'))),
  t('MEMORY DOCTOR gives advice', masked('MEMORY DOCTOR', 'own-text')),
  t('MEMORY MALLOC-STATS describes the allocator', masked('MEMORY MALLOC-STATS', 'own-text')),
  t('MEMORY PURGE answers OK', 'MEMORY PURGE'),
  t('MEMORY HELP is an array of lines', masked('MEMORY HELP', 'help')),
  t('MEMORY checks arities', 'MEMORY', 'MEMORY USAGE', 'MEMORY STATS x', 'MEMORY DOCTOR x', 'MEMORY MALLOC-STATS x',
    'MEMORY PURGE x', 'MEMORY HELP x'),
];

// prettier-ignore
const others = [
  t('TIME answers seconds and microseconds', masked('TIME', 'digits')),
  t('TIME takes no argument', 'TIME x'),
  t('LOLWUT draws',
    masked('LOLWUT', 'own-text'), masked('LOLWUT VERSION 5', 'own-text'), masked('LOLWUT VERSION 6', 'own-text'),
    'LOLWUT VERSION a'),
  t('SHUTDOWN refuses bad options',
    'SHUTDOWN FOO', 'SHUTDOWN SAVE NOSAVE', 'SHUTDOWN ABORT NOW', 'SHUTDOWN ABORT', 'PING'),
  t('SCRIPT FLUSH has nothing to flush',
    'SCRIPT FLUSH', 'SCRIPT FLUSH ASYNC', 'SCRIPT FLUSH sync', 'SCRIPT FLUSH FOO', 'SCRIPT FLUSH ASYNC SYNC',
    'SCRIPT FLUSH ""'),
  t('FUNCTION FLUSH has nothing to flush',
    'FUNCTION FLUSH', 'FUNCTION FLUSH ASYNC', 'FUNCTION FLUSH sync', 'FUNCTION FLUSH FOO', 'FUNCTION FLUSH ASYNC SYNC'),
  t('SCRIPT and FUNCTION need a subcommand', 'SCRIPT', 'FUNCTION'),
  t('BGREWRITEAOF takes no argument', 'BGREWRITEAOF x'),
  t('a full memory refuses writes that need more',
    'CONFIG SET maxmemory 1', 'SET k v', 'HSET h f v', 'GET k', 'DEL k', 'EXPIRE k 10', 'INCR k', 'PING',
    'SETRANGE k 0 x', 'COPY a b', 'RENAME a b', 'FLUSHALL'),
  t('two connections see each other',
    on('b', 'SET k v'), 'GET k', on('b', 'INCR n'), 'INCR n', on('b', 'SELECT 1'), on('b', 'SET k w'), 'GET k'),
];

export const server = [...config, ...info, ...memory, ...others];
