import { expect, test } from 'vitest';
import { mostClients, tooFewFiles } from './open-files.js';

test('as many clients as files may be open, less some for the server', () => {
  const lines = 'Max processes             15501                15501                processes\n';
  expect(mostClients(`${lines}Max open files            1024                 4096                 files\n`)).toBe(992);
  expect(mostClients('Max open files            20                 20                 files\n')).toBe(1);
});

test('no limit where none is known', () => {
  expect(mostClients('')).toBe(Infinity);
  expect(mostClients('Max open files            unlimited            unlimited            files\n')).toBe(Infinity);
});

test('what keeps the program from loading is the number of open files when it is small, or the system says so', () => {
  const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
  const runOut = Object.assign(new Error('too many'), { code: 'EMFILE' });
  expect(tooFewFiles(missing, 128)).toMatch(/^the system allows only 128 open files/);
  expect(tooFewFiles(runOut, Infinity)).toMatch(/^the system allows too few open files/);
  expect(tooFewFiles(missing, 1024)).toBe('');
  expect(tooFewFiles(missing, Infinity)).toBe('');
});
