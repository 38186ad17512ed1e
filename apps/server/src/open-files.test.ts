import { expect, test } from 'vitest';
import { mostClients } from './open-files.js';

test('as many clients as files may be open, less some for the server', () => {
  const lines = 'Max processes             15501                15501                processes\n';
  expect(mostClients(`${lines}Max open files            1024                 4096                 files\n`)).toBe(992);
  expect(mostClients('Max open files            20                 20                 files\n')).toBe(1);
});

test('no limit where none is known', () => {
  expect(mostClients('')).toBe(Infinity);
  expect(mostClients('Max open files            unlimited            unlimited            files\n')).toBe(Infinity);
});
