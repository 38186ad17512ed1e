// What is decoded: each workload is a list of chunks, as sockets deliver them, and the number of replies in it.
const CHUNK = 64 * 1024;

let state = 42;
/** The same numbers in every run. */
export function random(below) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789:-_';
function letters(length) {
  let text = '';
  while (text.length < length) text += LETTERS[random(LETTERS.length)];
  return text;
}

const bulk = (text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const array = (elements) => `*${elements.length}\r\n${elements.join('')}`;
const times = (n, make) => Array.from({ length: n }, make);

/** As many replies as fill a chunk. */
function filled(make) {
  let text = '';
  let replies = 0;
  while (text.length < CHUNK - 8 * 1024) {
    text += make();
    replies++;
  }
  return { chunks: [Buffer.from(text)], replies };
}

const mixed = () => {
  switch (random(5)) {
    case 0:
      return `:${random(1e6)}\r\n`;
    case 1:
      return '+OK\r\n';
    case 2:
      return array(times(random(20), () => bulk(letters(8 + random(24)))));
    default:
      return bulk(letters(1 + random(200)));
  }
};

function cut(stream, size) {
  const chunks = [];
  for (let at = 0; at < stream.length;) {
    const next = Math.min(stream.length, at + size());
    chunks.push(stream.subarray(at, next));
    at = next;
  }
  return chunks;
}

const mixedReplies = times(8000, mixed);
const mixedStream = Buffer.from(mixedReplies.join(''));
const fourMegabytes = Buffer.from(bulk(letters(1024).repeat(4096)));

export const workloads = {
  'bulk strings of 16 bytes': filled(() => bulk(letters(16))),
  'bulk strings of 64 bytes': filled(() => bulk(letters(64))),
  'bulk strings of 256 bytes': filled(() => bulk(letters(256))),
  'bulk strings of 1 KB': filled(() => bulk(letters(1024))),
  'bulk strings of 64 bytes, 10% not ASCII': filled(() => bulk(letters(63) + (random(10) === 0 ? 'é' : 'e'))),
  integers: filled(() => `:${random(10 ** random(8))}\r\n`),
  'arrays of 100 bulk strings': filled(() => array(times(100, () => bulk(letters(20))))),
  'arrays of 100 integers': filled(() => array(times(100, () => `:${random(1e5)}\r\n`))),
  errors: filled(() => `-WRONGTYPE Operation against a key holding the wrong kind of value\r\n`),
  'simple strings (OK)': filled(() => '+OK\r\n'),
  'one bulk string of 64 bytes per chunk': { chunks: times(500, () => Buffer.from(bulk(letters(64)))), replies: 500 },
  '4 MB bulk, one chunk': { chunks: [fourMegabytes], replies: 1, touch: true },
  '4 MB bulk, chunks of 64 KB': { chunks: cut(fourMegabytes, () => CHUNK), replies: 1, touch: true },
  'mixed, chunks of 64 KB': { chunks: cut(mixedStream, () => CHUNK), replies: mixedReplies.length },
  'mixed, random splits up to 2 KB': { chunks: cut(mixedStream, () => 1 + random(2048)), replies: mixedReplies.length },
  'mixed, random splits up to 64 bytes': {
    chunks: cut(mixedStream, () => 1 + random(64)),
    replies: mixedReplies.length,
  },
};
