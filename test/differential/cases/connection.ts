// The connection itself: greeting, authentication, CLIENT.
import { expected, masked, on, silent, t } from '../steps.js';

const long = (length: number): string => 'x'.repeat(length);

const libraryFields = ' lib-name=mylib lib-ver=1.2.3\n';

const basics = [
  t('PING answers PONG or its argument', 'PING', 'PING hello', 'PING ""', 'PING "\\x00\\xff"', 'ping'),
  t('PING takes at most one argument', 'PING a b'),
  t('ECHO answers its argument', 'ECHO hello', 'ECHO ""', 'ECHO "\\r\\n\\x00\\xff"', `ECHO ${long(100000)}`),
  t('ECHO needs one argument', 'ECHO', 'ECHO a b'),
  t('QUIT says OK and closes', 'SET k v', 'QUIT', 'GET k'),
  t('QUIT ignores arguments', 'QUIT now'),
  t('RESET makes the connection new', 'SELECT 3', 'CLIENT SETNAME me', 'CLIENT NO-EVICT ON', 'RESET', 'CLIENT GETNAME', masked('CLIENT INFO', 'client-line'), 'SET k v', 'SELECT 0', 'GET k'),
  t('RESET returns to RESP2', 'HELLO 3', 'RESET', 'HGETALL missing', 'GET missing'),
  t('RESET takes no argument', 'RESET x'),
  t('unknown commands are answered with their arguments', 'FOO', 'FOO a b c', 'foo ""', `FOO ${long(200)} b`, `${long(200)} a`, '"FO\\r\\nO" "a\\r\\nb"', '"" a', 'FOO "a\\x00b" "\\xff"', `FOO ${Array.from({ length: 40 }, (_, i) => `argument${i}`).join(' ')}`, `FOO ${long(120)} ${long(120)}`, 'FOO "it\'s" "a \\" quote"'),
  t('unknown subcommands are named', 'CLIENT FOO', 'CONFIG foo bar', 'COMMAND FOO', 'MEMORY FOO', `CLIENT ${long(200)}`, 'CONFIG "a\\r\\nb"', 'CLIENT ""', 'SCRIPT FOO', 'FUNCTION FOO'),
];

const hello = [
  t('HELLO describes the server', masked('HELLO', 'hello'), masked('HELLO 2', 'hello'), masked('HELLO 3', 'hello'), 'HGETALL missing', masked('HELLO', 'hello'), masked('HELLO 2', 'hello'), 'GET missing'),
  t('HELLO refuses other protocols', 'HELLO 1', 'HELLO 4', 'HELLO 0', 'HELLO -3', 'HELLO a', 'HELLO ""', 'HELLO 3.0', 'HELLO 9223372036854775808', 'GET missing'),
  t('HELLO sets a name', masked('HELLO 3 SETNAME me', 'hello'), 'CLIENT GETNAME', masked('HELLO 2 setname you', 'hello'), 'CLIENT GETNAME', 'HELLO 3 SETNAME "a b"', 'CLIENT GETNAME', masked('HELLO 3 SETNAME ""', 'hello'), 'CLIENT GETNAME', 'HELLO 3 SETNAME "a\\nb"'),
  t('HELLO authenticates', masked('HELLO 3 AUTH default anything', 'hello'), 'HELLO 3 AUTH nobody x', 'HELLO 3 AUTH default', 'HELLO 3 AUTH', masked('HELLO 3 AUTH default x SETNAME me', 'hello'), 'CLIENT GETNAME', masked('HELLO 3 SETNAME a SETNAME b', 'hello'), 'CLIENT GETNAME'),
  t('HELLO refuses bad options', 'HELLO 3 FOO', 'HELLO 3 SETNAME', 'HELLO 3 FOO bar', 'HELLO SETNAME me', 'HELLO 3 SETNAME me FOO', 'CLIENT GETNAME', 'GET missing'),
  t('HELLO in the middle of commands changes replies from then on', 'HSET h a 1', 'HGETALL h', masked('HELLO 3', 'hello'), 'HGETALL h', 'HGET h x', masked('HELLO 2', 'hello'), 'HGETALL h', 'HGET h x'),
];

const auth = [
  t('AUTH without a password configured', 'AUTH secret', 'AUTH default anything', 'AUTH nobody anything', 'AUTH "" ""'),
  t('AUTH checks its arguments', 'AUTH', 'AUTH a b c'),
  t(
    'a password keeps everything closed until AUTH',
    ...['CONFIG SET requirepass secret', on('b', 'GET k'), on('b', 'RESET'), on('b', 'GET k'), on('b', 'PING'), on('b', 'FOO'), on('b', 'GET'), on('b', 'CLIENT ID'), on('b', 'HELLO'), on('b', 'HELLO 3'), on('b', 'HELLO 2 AUTH default wrong')],
    ...[on('b', 'AUTH wrong'), on('b', 'AUTH default wrong'), on('b', 'AUTH nobody secret'), on('b', 'AUTH secret'), on('b', 'GET k'), on('b', 'RESET'), on('b', 'GET k'), on('b', 'AUTH default secret'), on('b', 'PING')],
    ...[on('b', 'RESET'), on('b', masked('HELLO 3 AUTH default secret', 'hello')), on('b', 'GET k'), on('b', 'AUTH wrong'), on('b', 'GET k'), 'CONFIG GET requirepass', 'GET k'],
  ),
  t('QUIT needs no password', 'CONFIG SET requirepass secret', on('b', 'RESET'), on('b', 'QUIT'), 'PING'),
];

const client = [
  t('CLIENT ID is an integer', masked('CLIENT ID', 'integers')),
  t('CLIENT SETNAME and GETNAME', 'CLIENT GETNAME', 'CLIENT SETNAME me', 'CLIENT GETNAME', 'CLIENT SETNAME ""', 'CLIENT GETNAME', 'CLIENT SETNAME "a b"', 'CLIENT SETNAME "a\\nb"', 'CLIENT SETNAME "\\xff"', 'CLIENT GETNAME', 'CLIENT SETNAME ~!{}', 'CLIENT GETNAME', 'CLIENT SETNAME "a\\x00b"'),
  t(
    'CLIENT SETINFO takes library name and version',
    expected('CLIENT SETINFO lib-name mylib', 'client-setinfo', '+OK\r\n'),
    expected('CLIENT SETINFO LIB-VER 1.2.3', 'client-setinfo', '+OK\r\n'),
    expected(masked('CLIENT INFO', 'client-line-end'), 'client-setinfo', `$30\r\n${libraryFields}\r\n`, `=34\r\ntxt:${libraryFields}\r\n`),
    expected('CLIENT SETINFO lib-name ""', 'client-setinfo', '+OK\r\n'),
    expected('CLIENT SETINFO lib-name "a b"', 'client-setinfo', '-ERR lib-name cannot contain spaces, newlines or special characters.\r\n'),
    expected('CLIENT SETINFO foo bar', 'client-setinfo', "-ERR Unrecognized option 'foo'\r\n"),
  ),
  t('CLIENT SETINFO needs two arguments', expected('CLIENT SETINFO lib-name', 'client-setinfo', "-ERR wrong number of arguments for 'client|setinfo' command\r\n"), expected('CLIENT SETINFO', 'client-setinfo', "-ERR wrong number of arguments for 'client|setinfo' command\r\n"), expected('CLIENT SETINFO lib-name a b', 'client-setinfo', "-ERR wrong number of arguments for 'client|setinfo' command\r\n")),
  t('CLIENT INFO describes the connection', masked('CLIENT INFO', 'client-line'), 'CLIENT SETNAME me', 'SELECT 3', masked('CLIENT INFO', 'client-line'), 'CLIENT NO-EVICT ON', masked('CLIENT INFO', 'client-line')),
  t('CLIENT LIST has a line per connection', masked('CLIENT LIST', 'client-line'), masked('CLIENT LIST TYPE normal', 'client-line'), masked('CLIENT LIST TYPE pubsub', 'client-line'), masked('CLIENT LIST TYPE master', 'client-line'), masked('client list type REPLICA', 'client-line')),
  t('CLIENT LIST of several connections', on('b', 'CLIENT SETNAME second'), on('c', 'SELECT 9'), masked('CLIENT LIST', 'client-line')),
  t('CLIENT LIST refuses bad options', 'CLIENT LIST FOO', 'CLIENT LIST TYPE', 'CLIENT LIST TYPE foo', 'CLIENT LIST ID', 'CLIENT LIST ID a', 'CLIENT LIST ID 0', 'CLIENT LIST ID -1', 'CLIENT LIST ID 99999999', 'CLIENT LIST TYPE normal x', 'CLIENT LIST ID 99999998 99999999'),
  t('CLIENT KILL ends another connection', on('b', 'PING'), 'CLIENT KILL TYPE normal', on('b', 'PING'), 'PING'),
  t('CLIENT KILL with SKIPME no ends its own connection too', 'CLIENT KILL TYPE normal SKIPME no', 'PING'),
  t('CLIENT KILL by user', on('b', 'PING'), 'CLIENT KILL USER default', on('b', 'PING'), 'CLIENT KILL USER nobody', 'PING'),
  t('CLIENT KILL of nobody', 'CLIENT KILL ID 99999999', 'CLIENT KILL 1.2.3.4:5', 'CLIENT KILL ADDR 1.2.3.4:5', 'CLIENT KILL LADDR 1.2.3.4:5', 'CLIENT KILL TYPE pubsub', 'CLIENT KILL TYPE master SKIPME yes', 'CLIENT KILL ADDR x ID 5 LADDR y SKIPME no'),
  t('CLIENT KILL refuses bad filters', 'CLIENT KILL ID a', 'CLIENT KILL ID 0', 'CLIENT KILL ID -1', 'CLIENT KILL TYPE foo', 'CLIENT KILL SKIPME maybe', 'CLIENT KILL FOO bar', 'CLIENT KILL ID 1 TYPE', 'CLIENT KILL ID 1 FOO bar', 'CLIENT KILL USER', 'CLIENT KILL ""'),
  t('CLIENT NO-EVICT switches a flag', 'CLIENT NO-EVICT ON', masked('CLIENT INFO', 'client-line'), 'CLIENT NO-EVICT off', masked('CLIENT INFO', 'client-line'), 'CLIENT NO-EVICT foo', 'CLIENT NO-EVICT ""'),
  t('CLIENT NO-TOUCH switches a flag', expected('CLIENT NO-TOUCH ON', 'client-no-touch', '+OK\r\n'), expected('CLIENT NO-TOUCH off', 'client-no-touch', '+OK\r\n'), expected('CLIENT NO-TOUCH foo', 'client-no-touch', '-ERR syntax error\r\n')),
  t('CLIENT NO-TOUCH needs one argument', expected('CLIENT NO-TOUCH', 'client-no-touch', "-ERR wrong number of arguments for 'client|no-touch' command\r\n"), expected('CLIENT NO-TOUCH ON OFF', 'client-no-touch', "-ERR wrong number of arguments for 'client|no-touch' command\r\n")),
  t('CLIENT REPLY OFF is silent until ON', silent('CLIENT REPLY OFF'), silent('SET k v'), silent('GET'), silent('FOO'), 'CLIENT REPLY ON', 'GET k'),
  t('CLIENT REPLY SKIP skips one reply', 'SET k v', silent('CLIENT REPLY SKIP'), silent('GET k'), 'GET k', silent('CLIENT REPLY SKIP'), silent('FOO'), 'GET k'),
  t('CLIENT REPLY refuses other words', 'CLIENT REPLY FOO', 'CLIENT REPLY ON', 'CLIENT REPLY ""'),
  t('CLIENT REPLY OFF to the end', silent('CLIENT REPLY OFF'), silent('PING')),
  t('CLIENT HELP is an array of lines', masked('CLIENT HELP', 'help')),
  t(
    'CLIENT checks arities',
    ...['CLIENT', 'CLIENT ID x', 'CLIENT GETNAME x', 'CLIENT SETNAME', 'CLIENT SETNAME a b', 'CLIENT INFO x', 'CLIENT KILL', 'CLIENT NO-EVICT', 'CLIENT NO-EVICT ON OFF', 'CLIENT REPLY', 'CLIENT REPLY ON OFF', 'CLIENT HELP x'],
  ),
];

export const connection = [...basics, ...hello, ...auth, ...client];
