import { describe, expect, test } from 'vitest';
import { User } from './acl/user.js';
import { Config } from './config/config.js';
import { isLoopback, refusalOf } from './refusals.js';

function configOf(record: Record<string, string>): Config {
  const config = new Config({ directory: '/' });
  config.loadRecord(record);
  return config;
}

function userWith(rule: string): User {
  const user = User.createDefault({ allChannels: false });
  user.apply(rule);
  return user;
}

describe('who is let in', () => {
  test.each<[boolean, Record<string, string>, RegExp]>([
    [true, {}, /^$/],
    [false, {}, /^-DENIED Redis is running in protected mode/],
    [false, { 'protected-mode': 'no' }, /^$/],
    [true, { maxclients: '5' }, /^-ERR max number of clients reached\r\n$/],
    [true, { maxclients: '6' }, /^$/],
  ])('local: %s, %j', (isLocal, record, refusal) => {
    expect(refusalOf(isLocal, 5, configOf(record), userWith('nopass'))).toMatch(refusal);
  });

  test('protected mode asks for a password of the default user, whatever requirepass says', () => {
    expect(refusalOf(false, 5, configOf({}), userWith('>secret'))).toBe('');
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
