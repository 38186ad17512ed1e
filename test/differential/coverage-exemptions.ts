// Commands that cannot have one of the three kinds of cases, with the reason.

import { commandFacts } from '@clone/command-registry';

export interface Exemption {
  readonly kinds: readonly ('success' | 'arity' | 'wrong type')[];
  readonly why: string;
}

const anyType = (why: string): Exemption => ({ kinds: ['wrong type'], why });

const refused = (why: string): Exemption => ({ kinds: ['success'], why });
const clusterCommands = [...commandFacts().keys()].filter((name) => name.startsWith('cluster|'));
const disabled = refused('the cluster is disabled: there is one answer, an error');
const notReplicating = refused('there is no replication yet: there is one answer, an error');

export const exemptions: Readonly<Record<string, Exemption>> = {
  setnx: anyType('answers 0 for a key of any type'),
  setex: anyType('replaces a key of any type'),
  psetex: anyType('replaces a key of any type'),
  mset: anyType('replaces keys of any type'),
  msetnx: anyType('answers 0 for keys of any type'),
  mget: anyType('answers null for keys of other types'),
  ...Object.fromEntries(['asking', 'readonly', 'readwrite', ...clusterCommands].map((name) => [name, disabled])),
  failover: refused('there are no replicas to fail over to'),
  sync: notReplicating,
  psync: notReplicating,
  replconf: notReplicating,
  save: refused('there are no RDB files yet'),
  bgsave: refused('there are no RDB files yet'),
  'module|load': refused('no module can be loaded'),
  'module|loadex': refused('no module can be loaded'),
  'module|unload': refused('there is no module to unload'),
  'acl|load': { kinds: ['success'], why: 'needs an ACL file: tested with the file it reads' },
  'acl|save': { kinds: ['success'], why: 'needs an ACL file: tested with the file it writes' },
  exec: { kinds: ['arity'], why: 'a wrong arity answers EXECABORT, which is compared as such' },
  'latency|graph': { kinds: ['success'], why: 'a drawing of what was slow: tested with its own samples' },
  shutdown: { kinds: ['success'], why: 'ends the server: tested where a server of its own is started' },
  bgrewriteaof: { kinds: ['success'], why: 'works in the background: tested with the files it writes' },
};
