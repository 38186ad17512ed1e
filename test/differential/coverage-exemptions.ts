// Commands that cannot have one of the three kinds of cases, with the reason.

export interface Exemption {
  readonly kinds: readonly ('success' | 'arity' | 'wrong type')[];
  readonly why: string;
}

const anyType = (why: string): Exemption => ({ kinds: ['wrong type'], why });

export const exemptions: Readonly<Record<string, Exemption>> = {
  setnx: anyType('answers 0 for a key of any type'),
  setex: anyType('replaces a key of any type'),
  psetex: anyType('replaces a key of any type'),
  mset: anyType('replaces keys of any type'),
  msetnx: anyType('answers 0 for keys of any type'),
  mget: anyType('answers null for keys of other types'),
  shutdown: { kinds: ['success'], why: 'ends the server: tested where a server of its own is started' },
  bgrewriteaof: { kinds: ['success'], why: 'works in the background: tested with the files it writes' },
  'config|rewrite': { kinds: ['success'], why: 'needs a config file: tested with the file it writes' },
};
