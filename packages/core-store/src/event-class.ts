/** Classes of keyspace events, with the bits of Redis's `notify-keyspace-events`. */
export const EventClass = {
  generic: 4,
  string: 8,
  list: 16,
  set: 32,
  hash: 64,
  zset: 128,
  expired: 256,
  evicted: 512,
  stream: 1024,
  keymiss: 2048,
  newkey: 16384,
} as const;
