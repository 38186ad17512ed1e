import { describe, expect, test } from 'vitest';
import { Config } from './config/config.js';
import { isLoopback, refusalOf } from './refusals.js';

function configOf(record: Record<string, string>): Config {
  const config = new Config({ directory: '/' });
  config.loadRecord(record);
  return config;
}

describe('who is let in', () => {
  test.each([
    [true, {}, /^$/],
    [false, {}, /^-DENIED Redis is running in protected mode/],
    [false, { 'protected-mode': 'no' }, /^$/],
    [false, { requirepass: 'secret' }, /^$/],
    [true, { maxclients: '5' }, /^-ERR max number of clients reached\r\n$/],
    [true, { maxclients: '6' }, /^$/],
  ])('local: %s, %j', (isLocal, record, refusal) => {
    expect(refusalOf(isLocal, 5, configOf(record as Record<string, string>))).toMatch(refusal);
  });

  test.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.0.0.1', false],
    ['::ffff:10.0.0.1', false],
    ['fe80::1', false],
    ['', false],
  ])('%s is a loopback address: %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });
});
