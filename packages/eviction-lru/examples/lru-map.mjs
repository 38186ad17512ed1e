// A cache of anything, bounded by the bytes of what it holds: `node examples/lru-map.mjs`
import assert from 'node:assert/strict';
import { LruMap } from '@clone/eviction-lru';

const pages = new LruMap({
  maxSize: 30,
  sizeOf: (body) => Buffer.byteLength(body),
  onEvict: (path) => console.log(`${path} had to go`),
});

pages.set('/', 'welcome to us').set('/about', 'about us');
pages.get('/'); // used again, so '/about' is now the older one
pages.set('/contact', 'write to us');

console.log('kept, last used first:', [...pages].map(([path]) => path).join(' '), `(${pages.totalSize} bytes)`);
assert.deepEqual(
  [...pages].map(([path]) => path),
  ['/contact', '/'],
);
