/**
 * Arguments as other clients may see them (SLOWLOG, MONITOR): secrets are left out, as Redis does.
 */
import type { Command } from '@clone/command-registry';
import type { Request } from '@clone/resp-codec';

export const REDACTED = '(redacted)';
/** Parameters, in lower case, whose value nobody shall see. */
export const SECRET_PARAMETERS: ReadonlySet<string> = new Set([
  'requirepass',
  'masterauth',
  'masteruser',
  'tls-key-file-pass',
  'tls-client-key-file-pass',
]);

/** Argument `i`, one character per byte. */
function argumentText(request: Request, i: number, limit = Infinity): string {
  const offset = request.offsets[i]!;
  const length = Math.min(request.lengths[i]!, limit);
  return Buffer.from(request.bytes.buffer, request.bytes.byteOffset + offset, length).toString('latin1');
}

/** Whether argument `i` is a secret, and is shown as `REDACTED`. */
export function isSecret(command: Command, request: Request, i: number): boolean {
  const word = (at: number): string => (at > 0 && at < request.argc ? argumentText(request, at, 64).toLowerCase() : '');
  switch (command.name) {
    case 'auth':
      return i > 0;
    case 'hello':
      return word(i - 1) === 'auth' || (i > 2 && word(i - 2) === 'auth');
    case 'acl|setuser':
      return i > 1;
    case 'config|set':
      return i > 2 && i % 2 === 1 && SECRET_PARAMETERS.has(word(i - 1));
    case 'migrate':
      return word(i - 1) === 'auth' || word(i - 1) === 'auth2' || (i > 2 && word(i - 2) === 'auth2');
    default:
      return false;
  }
}

/** Argument `i` as others may see it, at most `limit` bytes of it. */
export function loggedArgument(command: Command, request: Request, i: number, limit = Infinity): string {
  return isSecret(command, request, i) ? REDACTED : argumentText(request, i, limit);
}
