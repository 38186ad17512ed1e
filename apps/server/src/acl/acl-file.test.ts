import { describe, expect, test } from 'vitest';
import { formatAclFile, parseAclFile } from './acl-file.js';

const defaults = { allChannels: false };
const NOTHING_CHANGED = 'WARNING: ACL errors detected, no change to the previously active ACL rules was performed';

function read(text: string): string {
  const users = parseAclFile(text, 'f', defaults);
  return typeof users === 'string' ? users : formatAclFile(users);
}

describe('the ACL file', () => {
  test.each([
    ['', ''],
    ['\n  \n\r\n', ''],
    ['user a on', 'user a on sanitize-payload resetchannels -@all\n'],
    [
      '  user a  on \t\r\nuser b',
      'user a on sanitize-payload resetchannels -@all\nuser b off sanitize-payload resetchannels -@all\n',
    ],
    ['user a \t+get', 'user a off sanitize-payload resetchannels -@all +get\n'],
    ['user "q" on', 'user "q" on sanitize-payload resetchannels -@all\n'],
    ['user a (~x  +get)', 'user a off sanitize-payload resetchannels -@all (~x resetchannels -@all +get)\n'],
    ['user a ~\xe9"', 'user a off sanitize-payload ~\xe9" resetchannels -@all\n'],
  ])('%j gives %j', (text, formatted) => {
    expect(read(text)).toBe(formatted);
    expect(read(formatted)).toBe(formatted);
  });

  // Asked of 7.0.15, which crashes on the one with the parenthesis when rules stand before it.
  test.each([
    ['user', 'f:1 should start with user keyword followed by the username. '],
    ['USER a on', 'f:1 should start with user keyword followed by the username. '],
    ['# comment', 'f:1 should start with user keyword followed by the username. '],
    ['user a\ton', "'f:1: username 'a\ton' contains invalid characters. "],
    ['user a\n\nuser a', "WARNING: Duplicate user 'a' found on line 3. "],
    ['user a on (~x', 'f:1: Unmatched parenthesis in selector definition.'],
    [
      'user a +foo ~* ~a #1 +@bar',
      "f:1: Error in applying operation '+foo': Unknown command or category name in ACL. f:1: Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try 'resetkeys' to start with an empty list of patterns. f:1: Error in applying operation '+@bar': Unknown command or category name in ACL. ",
    ],
    ['user  a on', 'f:1: Syntax error. '],
    ['nobody\nuser a b', 'f:1 should start with user keyword followed by the username. f:2: Syntax error. '],
  ])('%j is refused with all its lines', (text, errors) => {
    expect(read(text)).toBe(errors + NOTHING_CHANGED);
  });
});
