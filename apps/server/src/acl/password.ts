// Passwords are kept as the hexadecimal digits of their SHA-256, as ACL files have them.

import { createHash, timingSafeEqual } from 'node:crypto';

const DIGITS = 64;

/** @param password its bytes */
export function hashPassword(password: Uint8Array): string {
  return createHash('sha256').update(password).digest('hex');
}

export function isPasswordHash(text: string): boolean {
  return text.length === DIGITS && /^[0-9a-f]*$/.test(text);
}

/** Whether a hash is in the list. The time taken says nothing about how near it came, or to which. */
export function includesHash(list: readonly string[], hash: string): boolean {
  const wanted = Buffer.from(hash, 'latin1');
  let found = false;
  for (const each of list) if (timingSafeEqual(Buffer.from(each, 'latin1'), wanted)) found = true;
  return found;
}
