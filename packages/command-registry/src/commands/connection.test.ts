import { describe, expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

describe('PING and ECHO', () => {
  it('answer, with the bytes they were given', () => {
    const h = new Harness();
    expect(h.run('PING')).toBe('+PONG');
    expect(h.run('ping', Uint8Array.of(0xff, 0, 0x0a))).toBe('$3 \xff\0\n');
    expect(h.run('echo', '')).toBe('$0');
    expect(h.run('ping', 'a', 'b')).toBe("-ERR wrong number of arguments for 'ping' command");
  });
});

describe('SELECT', () => {
  it('changes the database of the session', () => {
    const h = new Harness();
    expect(h.run('select', 15)).toBe('+OK');
    expect(h.session.dbIndex).toBe(15);
  });

  it.each([
    ['16', '-ERR DB index is out of range'],
    ['-1', '-ERR DB index is out of range'],
    ['x', '-ERR value is not an integer or out of range'],
    ['01', '-ERR value is not an integer or out of range'],
    ['9999999999999999999999', '-ERR value is not an integer or out of range'],
    ['4294967296', '-ERR value is out of range, value must between -2147483648 and 2147483647'],
    ['-2147483649', '-ERR value is out of range, value must between -2147483648 and 2147483647'],
  ])('refuses %s', (index, text) => {
    const h = new Harness();
    expect(h.run('select', index)).toBe(text);
    expect(h.session.dbIndex).toBe(0);
  });
});

describe('TIME', () => {
  it('answers seconds and microseconds', () => {
    const h = new Harness();
    h.advance(250);
    expect(h.run('time')).toBe('*2 $10 1700000000 $6 250007');
  });
});

describe('LOLWUT', () => {
  it('names the Redis version, as text for people', () => {
    const h = new Harness();
    expect(h.run('lolwut')).toContain('Redis ver. 7.2.4');
    h.session.protocol = 3;
    expect(h.run('lolwut', 'version', 5, 1, 2, 3)).toMatch(/^=\d+ txt:/);
  });

  it('refuses versions and sizes that are no integers', () => {
    const h = new Harness();
    const refused = '-ERR value is not an integer or out of range';
    expect(h.run('lolwut', 'version', 'x')).toBe(refused);
    expect(h.run('lolwut', 'version', 5, 'x')).toBe(refused);
    expect(h.run('lolwut', 'version', 6, 1, 'x')).toBe(refused);
    expect(h.run('lolwut', 'version', 7, 'x')).not.toBe(refused);
    expect(h.run('lolwut', 'x', 'y')).not.toBe(refused);
  });
});
