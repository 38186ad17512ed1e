// The file of `aclfile`: one `user name rule …` per line, nothing else. Words are separated by single spaces and not
// quoted, except inside a selector. It is read as a whole or not at all, and all that is wrong with it is said at once.

import { ruleErrors, UnmatchedParenthesis, joinSelectors } from './rule-text.js';
import { User, type UserDefaults } from './user.js';

const UNCHANGED = 'WARNING: ACL errors detected, no change to the previously active ACL rules was performed';

/**
 * @param text its content, one character per byte
 * @param name of the file, for errors
 * @returns the users, or what is wrong, in Redis's words
 */
export function parseAclFile(text: string, name: string, defaults: UserDefaults): User[] | string {
  const users = new Map<string, User>();
  let errors = '';
  for (const [i, line] of text.split('\n').entries()) {
    const trimmed = line.replace(/^[ \t\r]+|[ \t\r]+$/g, '');
    if (trimmed !== '') errors += parseLine(trimmed.split(' '), name, i + 1, users, defaults);
  }
  return errors === '' ? [...users.values()] : errors + UNCHANGED;
}

/** The content that `parseAclFile` reads back. @param users in the order in which they are to stand there */
export function formatAclFile(users: readonly User[]): string {
  return users.map((user) => `${['user', user.name, ...user.describeForFile()].join(' ')}\n`).join('');
}

function parseLine(
  words: readonly string[],
  file: string,
  line: number,
  users: Map<string, User>,
  defaults: UserDefaults,
): string {
  const [keyword, name, ...rules] = words;
  if (keyword !== 'user' || name === undefined) {
    return `${file}:${line} should start with user keyword followed by the username. `;
  }
  if (!User.isName(name)) return `'${file}:${line}: username '${name}' contains invalid characters. `;
  if (users.has(name)) return `WARNING: Duplicate user '${name}' found on line ${line}. `;
  const user = new User(name, defaults);
  users.set(name, user);
  const joined = joinSelectors(rules);
  if (joined instanceof UnmatchedParenthesis) return `${file}:${line}: Unmatched parenthesis in selector definition.`;
  let errors = '';
  let first = true;
  for (const each of joined) {
    const rule = each.replace(/^[\t\r]+|[\t\r]+$/g, '');
    const error = user.apply(rule);
    if (error === ruleErrors.unknown) {
      errors += `${file}:${line}: Error in applying operation '${rule}': ${error}. `;
    } else if (error !== '' && first) {
      // Of others only the first: it may be the cause of those behind it, and a rule may be a password.
      errors += `${file}:${line}: ${error}. `;
      first = false;
    }
  }
  return errors;
}
