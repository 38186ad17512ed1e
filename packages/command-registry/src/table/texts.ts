/**
 * What commands are for, in our own words; read by `command-texts.ts`. A line has these fields, separated by `;`:
 *
 *   name; summary; complexity, if any; a version and what changed in it; …
 *
 * The summary says in the imperative what the command does, in at most 80 characters. In a complexity, N, M, K and L are
 * explained behind the colon. Facts are those of Redis 7.2, and of 7.4 and 8.0 for hash fields with a time to live.
 *
 * One literal in a function: the engine only skims it until somebody asks for documentation, which a server that is
 * embedded, or serves applications, may never see. As a list of strings at the top level it would be made at every start.
 */
export const texts = (): string => `
acl;Manage users and what they may do;By subcommand
acl|cat;List the command categories, or the commands of one;O(1): there is a fixed number of both
acl|deluser;Delete users and disconnect their clients;O(1) per user
acl|dryrun;Tell whether a user could run a command, without running it;O(1)
acl|genpass;Generate a random password in hexadecimal;O(1)
acl|getuser;Describe the rules of one user;O(N): N rules;6.2.0 Shows channel patterns;7.0.0 Shows selectors, and patterns as the rules that make them
acl|help;Print what the subcommands of ACL do;O(1)
acl|list;List all users as lines of an ACL file;O(N): N users
acl|load;Replace all users by those of the ACL file;O(N): N users
acl|log;List or clear recent denials of commands, keys, channels and logins;O(N): N entries shown;7.2.0 Entries have an id, a time of creation and a time of the last update
acl|save;Write all users to the ACL file;O(N): N users
acl|setuser;Create a user, or change its rules;O(N): N rules given;6.2.0 Channel patterns;7.0.0 Selectors, and key patterns for reading or writing only
acl|users;List the names of all users;O(N): N users
acl|whoami;Name the user of this connection;O(1)
append;Add bytes to the end of a string, creating it when missing;O(1) amortized
asking;Let the next command use a slot that is being imported;O(1)
auth;Log in with a password, or with a user name and its password;O(N): N passwords of the user;6.0.0 Takes a user name before the password
bgrewriteaof;Rewrite the append-only file in the background, as short as it can be;O(1) to start
bgsave;Write a snapshot to disk in the background;O(1) to start;3.2.2 Option SCHEDULE
bitcount;Count the bits that are set in a string, or in a range of it;O(N): N bytes in the range;7.0.0 Ranges in bits: BYTE and BIT
bitfield;Read, write and increment integers of any width inside a string;O(1) per operation
bitfield_ro;Read integers of any width inside a string;O(1) per operation
bitop;Store the bitwise AND, OR, XOR or NOT of strings;O(N): N bytes of the longest string
bitpos;Find the first bit that is set, or the first that is clear;O(N): N bytes looked at;7.0.0 Ranges in bits: BYTE and BIT
blmove;Move an element between the ends of two lists, waiting for one to come;O(1)
blmpop;Pop elements from the first list that has some, waiting for one;O(N+M): N keys, M elements popped
blpop;Pop the first element of the first list that has one, waiting for it;O(N): N keys;6.0.0 The time to wait may have a fraction
brpop;Pop the last element of the first list that has one, waiting for it;O(N): N keys;6.0.0 The time to wait may have a fraction
brpoplpush;Move the last element of a list to the head of another, waiting for one;O(1);6.0.0 The time to wait may have a fraction
bzmpop;Pop members with the lowest or highest scores, waiting for one;O(K+M*log(N)): K keys, M members popped, N in the sorted set
bzpopmax;Pop the member with the highest score, waiting for one;O(log(N)): N members;6.0.0 The time to wait may have a fraction
bzpopmin;Pop the member with the lowest score, waiting for one;O(log(N)): N members;6.0.0 The time to wait may have a fraction
client;Look at connections and control them;By subcommand
client|caching;Track, or do not track, the keys that the next command reads;O(1)
client|getname;Tell the name of this connection;O(1)
client|getredir;Tell which client gets the invalidations of this connection;O(1)
client|help;Print what the subcommands of CLIENT do;O(1)
client|id;Tell the id of this connection;O(1)
client|info;Describe this connection in one line;O(1)
client|kill;Close connections, by address or by filters;O(N): N connections;2.8.12 Filters as pairs of name and value;2.8.12 Filter ID;3.2.0 TYPE knows master;5.0.0 TYPE says replica, and still understands slave;6.2.0 Filter LADDR
client|list;Describe all connections, one per line;O(N): N connections;2.8.12 Field id;5.0.0 Filter TYPE;6.0.0 Field user;6.2.0 Fields argv-mem, tot-mem, laddr and redir, filter ID;7.0.0 Fields resp, multi-mem, rbs and rbp;7.0.3 Field ssub
client|no-evict;Keep this connection when client memory must be freed, or stop doing so;O(1)
client|no-touch;Leave the age of keys alone when this connection reads them, or not;O(1)
client|pause;Hold up the commands of all clients for some time;O(1);6.2.0 Mode WRITE holds up only what writes
client|reply;Switch the replies to this connection on, off, or off for one command;O(1)
client|setinfo;Tell the server the name or version of the client library;O(1)
client|setname;Give this connection a name;O(1)
client|tracking;Switch messages about keys that this connection has read, and that changed;O(1), more with many prefixes
client|trackinginfo;Describe the state of client-side caching for this connection;O(1)
client|unblock;Wake a client that waits in a blocking command;O(1)
client|unpause;Let paused clients go on;O(N): N paused clients
cluster;Look at the cluster and manage it;By subcommand
cluster|addslots;Give hash slots to this node;O(N): N slots
cluster|addslotsrange;Give ranges of hash slots to this node;O(N): N slots in the ranges
cluster|bumpepoch;Raise the configuration epoch of this node;O(1)
cluster|count-failure-reports;Count the reports that a node has failed;O(N): N reports
cluster|countkeysinslot;Count the keys of a hash slot on this node;O(1)
cluster|delslots;Take hash slots from this node;O(N): N slots
cluster|delslotsrange;Take ranges of hash slots from this node;O(N): N slots in the ranges
cluster|failover;Make this replica the primary in place of its own;O(1)
cluster|flushslots;Take all hash slots from this node;O(1)
cluster|forget;Let this node no longer know another;O(1)
cluster|getkeysinslot;List keys of a hash slot on this node;O(N): N keys asked for
cluster|help;Print what the subcommands of CLUSTER do;O(1)
cluster|info;Describe the state of the cluster as this node sees it;O(1)
cluster|keyslot;Compute the hash slot of a key;O(N): N bytes of the key
cluster|links;List the connections to and from other nodes;O(N): N nodes
cluster|meet;Make another node part of the cluster;O(1);4.0.0 The port of the cluster bus may be given
cluster|myid;Tell the id of this node;O(1)
cluster|myshardid;Tell the id of the shard of this node;O(1)
cluster|nodes;Describe all nodes, one per line, as in the node's own file;O(N): N nodes
cluster|replicas;List the replicas of a primary;O(N): N replicas
cluster|replicate;Make this node a replica of another;O(1)
cluster|reset;Make this node forget the cluster;O(N): N known nodes, and the keys that it deletes
cluster|saveconfig;Write the node's own file to disk;O(1)
cluster|set-config-epoch;Set the configuration epoch of a node that has none yet;O(1)
cluster|setslot;Say that a hash slot moves, has moved, or stays;O(1)
cluster|shards;List the shards with their slots and nodes;O(N): N nodes
cluster|slaves;List the replicas of a primary, under an older name;O(N): N replicas
cluster|slots;List ranges of hash slots with the nodes that serve them;O(N): N nodes;4.0.0 Shows the ids of nodes;7.0.0 Shows more about how to reach a node
command;Describe all commands;O(N): N commands
command|count;Count the commands;O(1)
command|docs;Explain commands: purpose, arguments, history;O(N): N commands asked for
command|getkeys;List the keys in a command line;O(N): N arguments
command|getkeysandflags;List the keys in a command line and what is done to each;O(N): N arguments
command|help;Print what the subcommands of COMMAND do;O(1)
command|info;Describe commands: arity, flags, keys, categories;O(N): N commands asked for;7.0.0 Describes all when no name is given
command|list;List the names of commands, all or by a filter;O(N): N commands
config;Look at the configuration and change it;By subcommand
config|get;Show parameters whose names match patterns;O(N): N patterns;7.0.0 Takes several patterns
config|help;Print what the subcommands of CONFIG do;O(1)
config|resetstat;Set the counters that INFO shows to zero;O(1)
config|rewrite;Write the running configuration to its file;O(1)
config|set;Change parameters while the server runs, all or none;O(N): N parameters;7.0.0 Takes several parameters
copy;Copy a value to another key;O(N): N elements of a collection, O(1) for a string
dbsize;Count the keys of the selected database;O(1)
debug;Help to test and debug the server;By subcommand
decr;Subtract one from an integer, which is 0 when missing;O(1)
decrby;Subtract a number from an integer, which is 0 when missing;O(1)
del;Delete keys;O(N): N keys and the elements of their collections
discard;Forget the commands queued since MULTI;O(N): N queued commands
dump;Serialize a value, for RESTORE;O(N): N elements and bytes of the value
echo;Answer the message that was sent;O(1)
eval;Run a Lua script;By script
eval_ro;Run a Lua script that does not write;By script
evalsha;Run a Lua script that the server knows, by its digest;By script
evalsha_ro;Run a Lua script that does not write, by its digest;By script
exec;Execute the commands queued since MULTI as one;By queued command
exists;Count which of the keys exist;O(N): N keys;3.0.3 Takes several keys
expire;Set after how many seconds a key goes;O(1);7.0.0 Conditions NX, XX, GT and LT
expireat;Set at which second since the epoch a key goes;O(1);7.0.0 Conditions NX, XX, GT and LT
expiretime;Tell at which second since the epoch a key goes;O(1)
failover;Hand the role of primary over to a replica;O(1) to start
fcall;Call a function of a library;By function
fcall_ro;Call a function that does not write;By function
flushall;Delete the keys of all databases;O(N): N keys in all databases;4.0.0 Option ASYNC;6.2.0 Option SYNC
flushdb;Delete the keys of the selected database;O(N): N keys in the database;4.0.0 Option ASYNC;6.2.0 Option SYNC
function;Manage libraries of functions;By subcommand
function|delete;Delete a library and its functions;O(1)
function|dump;Serialize all libraries;O(N): N functions
function|flush;Delete all libraries;O(N): N functions
function|help;Print what the subcommands of FUNCTION do;O(1)
function|kill;Stop the function that runs, unless it has written;O(1)
function|list;List libraries and their functions;O(N): N functions
function|load;Create a library from its code;O(1), the compilation left aside
function|restore;Create libraries from what FUNCTION DUMP gave;O(N): N functions in the payload
function|stats;Describe the function that runs, and the engines;O(1)
geoadd;Add places to a geospatial index, or move them;O(M*log(N)): M places given, N in the index;6.2.0 Options CH, NX and XX
geodist;Tell how far apart two places are;O(1)
geohash;Show places as geohash strings;O(M): M places asked for
geopos;Tell the longitude and latitude of places;O(M): M places asked for
georadius;Find places within a distance of a point, and show or store them;O(N+log(M)): N places around the circle, M in the index;6.2.0 Option ANY of COUNT;7.0.0 Names of units in upper case too
georadius_ro;Find places within a distance of a point;O(N+log(M)): N places around the circle, M in the index;6.2.0 Option ANY of COUNT;7.0.0 Names of units in upper case too
georadiusbymember;Find places within a distance of another, and show or store them;O(N+log(M)): N places around the circle, M in the index;6.2.0 Option ANY of COUNT;7.0.0 Names of units in upper case too
georadiusbymember_ro;Find places within a distance of another;O(N+log(M)): N places around the circle, M in the index;6.2.0 Option ANY of COUNT;7.0.0 Names of units in upper case too
geosearch;Find places inside a circle or a box;O(N+log(M)): N places around the shape, M in the index;7.0.0 Names of units in upper case too
geosearchstore;Store the places inside a circle or a box;O(N+log(M)): N places around the shape, M in the index;7.0.0 Names of units in upper case too
get;Read a string;O(1)
getbit;Read one bit of a string;O(1)
getdel;Read a string and delete its key;O(1)
getex;Read a string and change when its key goes;O(1)
getrange;Read a part of a string;O(N): N bytes read
getset;Replace a string and answer the old one;O(1)
hdel;Remove fields from a hash, and the hash with its last field;O(N): N fields given;2.4.0 Takes several fields
hello;Choose the protocol, log in and name the connection, all in one;O(1);6.2.0 Without a version it only describes the connection
hexists;Tell whether a hash has a field;O(1)
hexpire;Set after how many seconds fields of a hash go;O(N): N fields given
hexpireat;Set at which second since the epoch fields of a hash go;O(N): N fields given
hexpiretime;Tell at which second since the epoch fields of a hash go;O(N): N fields given
hget;Read one field of a hash;O(1)
hgetall;Read all fields of a hash with their values;O(N): N fields
hgetdel;Read fields of a hash and remove them;O(N): N fields given
hgetex;Read fields of a hash and change when they go;O(N): N fields given
hincrby;Add a number to the integer in a field, which is 0 when missing;O(1)
hincrbyfloat;Add a number to the decimal in a field, which is 0 when missing;O(1)
hkeys;List the fields of a hash;O(N): N fields
hlen;Count the fields of a hash;O(1)
hmget;Read several fields of a hash;O(N): N fields given
hmset;Set fields of a hash;O(N): N fields given
hpersist;Make fields of a hash stay for good;O(N): N fields given
hpexpire;Set after how many milliseconds fields of a hash go;O(N): N fields given
hpexpireat;Set at which millisecond since the epoch fields of a hash go;O(N): N fields given
hpexpiretime;Tell at which millisecond since the epoch fields of a hash go;O(N): N fields given
hpttl;Tell how many milliseconds fields of a hash have left;O(N): N fields given
hrandfield;Pick fields of a hash at random;O(N): N fields picked
hscan;Walk over the fields of a hash in steps;O(1) per call, O(N) for the whole walk: N fields
hset;Set fields of a hash and count the new ones;O(N): N fields given;4.0.0 Takes several fields
hsetex;Set fields of a hash together with when they go;O(N): N fields given
hsetnx;Set a field of a hash only when it is missing;O(1)
hstrlen;Tell the length of the value in a field;O(1)
httl;Tell how many seconds fields of a hash have left;O(N): N fields given
hvals;List the values of a hash;O(N): N fields
incr;Add one to an integer, which is 0 when missing;O(1)
incrby;Add a number to an integer, which is 0 when missing;O(1)
incrbyfloat;Add a number to a decimal, which is 0 when missing;O(1)
info;Describe the server and its figures, by section;O(1);7.0.0 Takes several sections
keys;List the keys that match a pattern, in one go;O(N): N keys in the database
lastsave;Tell when a snapshot was last written with success;O(1)
latency;Look at events that took long;By subcommand
latency|doctor;Advise on what makes the server slow;O(1)
latency|graph;Draw the durations of an event;O(1)
latency|help;Print what the subcommands of LATENCY do;O(1)
latency|histogram;Show how long the calls of commands took, as cumulative counts;O(N): N commands
latency|history;List the durations of an event with their times;O(1)
latency|latest;List the latest duration of each event;O(1)
latency|reset;Forget the durations of events, of some or of all;O(1)
lcs;Find the longest common subsequence of two strings;O(N*M): N and M bytes of the strings
lindex;Read an element of a list by its place;O(N): N elements on the way from the nearer end
linsert;Put an element in front of another, or behind it;O(N): N elements on the way from the head
llen;Count the elements of a list;O(1)
lmove;Move an element between the ends of two lists;O(1)
lmpop;Pop elements from the first list that has some;O(N+M): N keys, M elements popped
lolwut;Draw something, and tell the version
lpop;Pop the first elements of a list;O(N): N elements popped;6.2.0 Argument count
lpos;Find the places at which a list has an element;O(N): N elements looked at
lpush;Put elements before the head of a list, creating it when missing;O(N): N elements given;2.4.0 Takes several elements
lpushx;Put elements before the head of a list that exists;O(N): N elements given;4.0.0 Takes several elements
lrange;Read a range of a list;O(S+N): S elements from the nearer end to the range, N in it
lrem;Remove elements that are equal to a value;O(N+M): N elements of the list, M removed
lset;Replace an element of a list by its place;O(N): N elements on the way from the nearer end
ltrim;Keep only a range of a list;O(N): N elements removed
memory;Look at how memory is used;By subcommand
memory|doctor;Advise on the use of memory;O(1)
memory|help;Print what the subcommands of MEMORY do;O(1)
memory|malloc-stats;Describe the allocator;By amount of memory
memory|purge;Give memory that is free back to the system;By amount of memory
memory|stats;Show how much memory serves which purpose;O(1)
memory|usage;Tell how many bytes a key takes with its value;O(N): N elements looked at
mget;Read several strings;O(N): N keys
migrate;Move keys to another server;As DUMP and DEL here and RESTORE there, O(N) over the net: N bytes;3.0.0 Options COPY and REPLACE;3.0.6 Option KEYS;4.0.7 Option AUTH;6.0.0 Option AUTH2
module;Manage modules;By subcommand
module|help;Print what the subcommands of MODULE do;O(1)
module|list;List the modules that are loaded;O(N): N modules
module|load;Load a module from a file;O(1)
module|loadex;Load a module from a file, with parameters of its configuration;O(1)
module|unload;Take a module out of the server;O(1)
monitor;Show every command that the server executes, as it comes
move;Move a key to another database, unless it is taken there;O(1)
mset;Set several strings, all at once;O(N): N keys
msetnx;Set several strings, only if none of the keys exists;O(N): N keys
multi;Begin a transaction: queue what follows until EXEC;O(1)
object;Look at how a value is kept;By subcommand
object|encoding;Tell how a value is encoded in memory;O(1)
object|freq;Tell how often a key is used, on the logarithmic scale of LFU;O(1)
object|help;Print what the subcommands of OBJECT do;O(1)
object|idletime;Tell for how many seconds a key has not been used;O(1)
object|refcount;Tell how many references a value has;O(1)
persist;Make a key stay for good;O(1)
pexpire;Set after how many milliseconds a key goes;O(1);7.0.0 Conditions NX, XX, GT and LT
pexpireat;Set at which millisecond since the epoch a key goes;O(1);7.0.0 Conditions NX, XX, GT and LT
pexpiretime;Tell at which millisecond since the epoch a key goes;O(1)
pfadd;Add elements to a HyperLogLog, creating it when missing;O(N): N elements given
pfcount;Estimate how many different elements HyperLogLogs have seen;O(N): N keys, each with a large constant when there are several
pfdebug;Look inside a HyperLogLog, for tests;By subcommand
pfmerge;Merge HyperLogLogs into one;O(N): N keys, each with a large constant
pfselftest;Test the HyperLogLog code of the server;By size of the test
ping;Answer PONG, or the message that was sent;O(1)
psetex;Set a string that goes after some milliseconds;O(1)
psubscribe;Get the messages of all channels that match patterns;O(N): N patterns of the client
psync;Begin or resume the stream of changes that a replica follows
pttl;Tell how many milliseconds a key has left;O(1);2.8.0 Answers -2 for a missing key
publish;Send a message to a channel;O(N+M): N subscribers of the channel, M patterns of all clients
pubsub;Look at channels and who listens;By subcommand
pubsub|channels;List channels that have subscribers;O(N): N channels
pubsub|help;Print what the subcommands of PUBSUB do;O(1)
pubsub|numpat;Count the patterns that clients are subscribed to;O(1)
pubsub|numsub;Count the subscribers of channels;O(N): N channels asked for
pubsub|shardchannels;List shard channels that have subscribers;O(N): N shard channels
pubsub|shardnumsub;Count the subscribers of shard channels;O(N): N shard channels asked for
punsubscribe;Stop getting messages by pattern, by some or by all;O(N): N patterns of the client
quit;End this connection behind its replies;O(1)
randomkey;Pick a key at random;O(1)
readonly;Let a connection read from a replica in a cluster;O(1)
readwrite;Take READONLY back;O(1)
rename;Give a key another name, replacing what has it;O(1), and the cost of deleting what was replaced
renamenx;Give a key another name that is free;O(1);3.2.0 No error when both names are the same
replconf;Exchange facts between a primary and its replica;O(1)
replicaof;Follow a primary as its replica, or stop doing so;O(1)
reset;Make this connection as it was when it began;O(1)
restore;Create a key from what DUMP gave;O(N): N elements and bytes, times log(N) for a sorted set;3.0.0 Option REPLACE;5.0.0 Option ABSTTL;5.0.0 Options IDLETIME and FREQ
restore-asking;Create a key in a slot that is being imported;O(N): N elements and bytes, times log(N) for a sorted set;3.0.0 Option REPLACE;5.0.0 Option ABSTTL;5.0.0 Options IDLETIME and FREQ
role;Tell whether the server is a primary, a replica or a sentinel;O(1)
rpop;Pop the last elements of a list;O(N): N elements popped;6.2.0 Argument count
rpoplpush;Move the last element of a list to the head of another;O(1)
rpush;Put elements behind the end of a list, creating it when missing;O(N): N elements given;2.4.0 Takes several elements
rpushx;Put elements behind the end of a list that exists;O(N): N elements given;4.0.0 Takes several elements
sadd;Add members to a set, creating it when missing;O(N): N members given;2.4.0 Takes several members
save;Write a snapshot to disk, and let everybody wait for it;O(N): N keys in all databases
scan;Walk over the keys of the database in steps;O(1) per call, O(N) for the whole walk: N keys;6.0.0 Option TYPE
scard;Count the members of a set;O(1)
script;Manage Lua scripts;By subcommand
script|debug;Choose how EVAL runs under the debugger;O(1)
script|exists;Tell which scripts the server knows, by their digests;O(N): N digests given
script|flush;Forget all scripts;O(N): N scripts;6.2.0 Options ASYNC and SYNC
script|help;Print what the subcommands of SCRIPT do;O(1)
script|kill;Stop the script that runs, unless it has written;O(1)
script|load;Make a script known without running it, and answer its digest;O(N): N bytes of the script
sdiff;List the members of a set that others do not have;O(N): N members of all sets
sdiffstore;Store the members of a set that others do not have;O(N): N members of all sets
select;Choose the database that this connection works on;O(1)
set;Set a string, whatever the key held, under conditions and with a time;O(1);2.6.12 Options EX, PX, NX and XX;6.0.0 Option KEEPTTL;6.2.0 Options GET, EXAT and PXAT;7.0.0 NX and GET go together
setbit;Set or clear one bit of a string, creating it when missing;O(1)
setex;Set a string that goes after some seconds;O(1)
setnx;Set a string only when the key is missing;O(1)
setrange;Overwrite a part of a string, filling a gap with zero bytes;O(N): N bytes written
shutdown;Save what must be saved and end the server;O(N) when it saves: N keys in all databases, else O(1);7.0.0 Options NOW, FORCE and ABORT
sinter;List the members that all sets have;O(N*M): N members of the smallest set, M sets
sintercard;Count the members that all sets have;O(N*M): N members of the smallest set, M sets
sinterstore;Store the members that all sets have;O(N*M): N members of the smallest set, M sets
sismember;Tell whether a set has a member;O(1)
slaveof;Follow a primary as its replica, under an older name;O(1)
slowlog;Look at commands that took long;By subcommand
slowlog|get;List entries of the log of slow commands;O(N): N entries shown;4.0.0 Shows address, port and name of the client
slowlog|help;Print what the subcommands of SLOWLOG do;O(1)
slowlog|len;Count the entries of the log of slow commands;O(1)
slowlog|reset;Clear the log of slow commands;O(N): N entries
smembers;List the members of a set;O(N): N members
smismember;Tell which of several members a set has;O(N): N members given
smove;Take a member out of one set and put it into another;O(1)
sort;Sort a list, set or sorted set, and show or store the result;O(N+M*log(M)): N elements, M shown. Without sorting O(N)
sort_ro;Sort a list, set or sorted set;O(N+M*log(M)): N elements, M shown. Without sorting O(N)
spop;Remove members of a set at random;O(N): N members removed;3.2.0 Argument count
spublish;Send a message to a shard channel;O(N): N subscribers of the shard channel
srandmember;Pick members of a set at random;O(N): N members picked;2.6.0 Argument count
srem;Remove members from a set, and the set with its last member;O(N): N members given;2.4.0 Takes several members
sscan;Walk over the members of a set in steps;O(1) per call, O(N) for the whole walk: N members
ssubscribe;Get the messages of shard channels;O(N): N shard channels given
strlen;Tell the length of a string in bytes;O(1)
subscribe;Get the messages of channels;O(N): N channels given
substr;Read a part of a string, under an older name;O(N): N bytes read
sunion;List the members that any of the sets has;O(N): N members of all sets
sunionstore;Store the members that any of the sets has;O(N): N members of all sets
sunsubscribe;Stop getting the messages of shard channels, of some or of all;O(N): N shard channels given
swapdb;Exchange two databases, for all clients at once;O(N): N clients that watch or wait for keys of either
sync;Begin the stream of changes that a replica follows
time;Tell the time of the server;O(1)
touch;Count which of the keys exist, and mark them as used;O(N): N keys
ttl;Tell how many seconds a key has left;O(1);2.8.0 Answers -2 for a missing key
type;Tell the type of a value;O(1)
unlink;Delete keys, and free their memory later;O(1) per key, the rest is done in the background
unsubscribe;Stop getting the messages of channels, of some or of all;O(N): N channels given
unwatch;Forget the keys that are watched;O(1)
wait;Wait until replicas have received what this connection wrote;O(1)
waitaof;Wait until what this connection wrote is on disk, here and at replicas;O(1)
watch;Make the next EXEC fail if one of these keys changes before it;O(N): N keys
xack;Take entries off the list of those that a group has still to process;O(N): N ids given
xadd;Append an entry to a stream, and trim it if asked to;O(1), and O(N) to trim: N entries removed;6.2.0 Options NOMKSTREAM, MINID and LIMIT;7.0.0 Ids of a millisecond with any sequence number
xautoclaim;Take over entries that a consumer has had for too long, in steps;O(N): N entries looked at;7.0.0 Answers also the ids of entries that are gone
xclaim;Take over entries that another consumer of the group has;O(log(N)): N pending entries of the group
xdel;Remove entries from a stream by their ids;O(N): N ids given
xgroup;Manage consumer groups;By subcommand
xgroup|create;Make a group of consumers for a stream;O(1);7.0.0 Option ENTRIESREAD
xgroup|createconsumer;Add a consumer to a group;O(1)
xgroup|delconsumer;Delete a consumer, with what it has still to process;O(N): N pending entries of the consumer
xgroup|destroy;Delete a group with its consumers and what is pending;O(N): N pending entries of the group
xgroup|help;Print what the subcommands of XGROUP do;O(1)
xgroup|setid;Set the last entry that a group has been given;O(1);7.0.0 Option ENTRIESREAD
xinfo;Look at streams, groups and consumers;By subcommand
xinfo|consumers;List the consumers of a group;O(N): N consumers;7.2.0 Field inactive
xinfo|groups;List the groups of a stream;O(N): N groups;7.0.0 Fields entries-read and lag
xinfo|help;Print what the subcommands of XINFO do;O(1)
xinfo|stream;Describe a stream, in full if asked to;O(1), in full O(N): N entries shown;6.0.0 Option FULL;7.0.0 Fields max-deleted-entry-id, entries-added, recorded-first-entry-id, entries-read and lag;7.2.0 Field active-time, and seen-time also tells of attempts
xlen;Count the entries of a stream;O(1)
xpending;Show what consumers have been given and not yet acknowledged;O(N): N entries shown, or looked at with IDLE;6.2.0 Option IDLE, and ranges without their ends
xrange;Read a range of a stream;O(N): N entries read;6.2.0 Ranges without their ends
xread;Read what streams have beyond an id, waiting for it if asked to;O(N): N entries read
xreadgroup;Read what streams have for a consumer of a group, waiting if asked to;O(N): N entries read
xrevrange;Read a range of a stream backwards;O(N): N entries read;6.2.0 Ranges without their ends
xsetid;Set the last id of a stream, for replication;O(1);7.0.0 Arguments entries-added and max-deleted-id
xtrim;Remove the oldest entries of a stream;O(N): N entries removed;6.2.0 Options MINID and LIMIT
zadd;Add members to a sorted set, or change their scores;O(M*log(N)): M members given, N in the sorted set;2.4.0 Takes several members;3.0.2 Options XX, NX, CH and INCR;6.2.0 Options GT and LT
zcard;Count the members of a sorted set;O(1)
zcount;Count the members with scores in a range;O(log(N)): N members
zdiff;List the members of a sorted set that others do not have;O(L+(N-K)*log(N)): L members of all, N of the first, K in the result
zdiffstore;Store the members of a sorted set that others do not have;O(L+(N-K)*log(N)): L members of all, N of the first, K in the result
zincrby;Add a number to the score of a member, which is 0 when missing;O(log(N)): N members
zinter;List the members that all sorted sets have;O(N*K+M*log(M)): N members of the smallest, K keys, M in the result
zintercard;Count the members that all sorted sets have;O(N*K): N members of the smallest, K keys
zinterstore;Store the members that all sorted sets have;O(N*K+M*log(M)): N members of the smallest, K keys, M in the result
zlexcount;Count the members in a range of bytes;O(log(N)): N members
zmpop;Pop members with the lowest or highest scores;O(K+M*log(N)): K keys, M members popped, N in the sorted set
zmscore;Read the scores of several members;O(N): N members given
zpopmax;Pop the members with the highest scores;O(M*log(N)): M members popped, N in the sorted set
zpopmin;Pop the members with the lowest scores;O(M*log(N)): M members popped, N in the sorted set
zrandmember;Pick members of a sorted set at random;O(N): N members picked
zrange;Read a range of a sorted set, by place, score or bytes;O(log(N)+M): N members, M read;6.2.0 Options REV, BYSCORE, BYLEX and LIMIT
zrangebylex;Read the members in a range of bytes;O(log(N)+M): N members, M read
zrangebyscore;Read the members with scores in a range;O(log(N)+M): N members, M read;2.0.0 Option WITHSCORES
zrangestore;Store a range of a sorted set;O(log(N)+M): N members, M stored
zrank;Tell the place of a member, counted from the lowest score;O(log(N)): N members;7.2.0 Option WITHSCORE
zrem;Remove members from a sorted set, and the set with its last member;O(M*log(N)): M members given, N in the sorted set;2.4.0 Takes several members
zremrangebylex;Remove the members in a range of bytes;O(log(N)+M): N members, M removed
zremrangebyrank;Remove the members in a range of places;O(log(N)+M): N members, M removed
zremrangebyscore;Remove the members with scores in a range;O(log(N)+M): N members, M removed
zrevrange;Read a range of places, from the highest score down;O(log(N)+M): N members, M read
zrevrangebylex;Read the members in a range of bytes, backwards;O(log(N)+M): N members, M read
zrevrangebyscore;Read the members with scores in a range, from the highest down;O(log(N)+M): N members, M read;2.1.6 Ends of the range may be excluded
zrevrank;Tell the place of a member, counted from the highest score;O(log(N)): N members;7.2.0 Option WITHSCORE
zscan;Walk over the members of a sorted set in steps;O(1) per call, O(N) for the whole walk: N members
zscore;Read the score of a member;O(1)
zunion;List the members that any of the sorted sets has;O(N+M*log(M)): N members of all, M in the result
zunionstore;Store the members that any of the sorted sets has;O(N+M*log(M)): N members of all, M in the result
`;
