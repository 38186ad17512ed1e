// What the dispatcher asks of a session's user. Users who may do everything have none of this: their sessions are not
// asked about at all.

import type { Command, Permissions, Session } from '@clone/command-registry';
import type { Request } from '@clone/resp-codec';
import { latin1 } from '../latin1.js';
import { type AccessCheck, Verdict } from './access-check.js';
import type { DeniedContext, DeniedReason } from './log.js';
import type { User } from './user.js';

/** Hears of each refusal. @param object the command, key or channel, one character per byte */
export type OnDenied = (session: Session, reason: DeniedReason, context: DeniedContext, object: string) => void;

const REASONS = ['auth', 'command', 'key', 'channel'] as const satisfies readonly DeniedReason[];

/** By `Verdict`: why EXEC does not run what was queued. */
const SINCE_QUEUED = [
  '',
  'no permission to execute the command or subcommand',
  'no permission to touch the specified keys',
  'no permission to access one of the channels used as arguments to the command',
];

export class UserPermissions implements Permissions {
  readonly #user: User;
  readonly #check: AccessCheck;
  readonly #onDenied: OnDenied;

  constructor(user: User, check: AccessCheck, onDenied: OnDenied) {
    this.#user = user;
    this.#check = check;
    this.#onDenied = onDenied;
  }

  refuse(session: Session, command: Command, request: Request, queued: boolean): string {
    const verdict = this.#check.check(this.#user.selectors, command, request);
    if (verdict === Verdict.allowed) return '';
    const object = verdict === Verdict.command ? command.name : argument(request, this.#check.deniedAt);
    this.#onDenied(session, REASONS[verdict]!, queued || session.inTransaction ? 'multi' : 'toplevel', object);
    if (queued) {
      return `NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: ${SINCE_QUEUED[verdict]!}`;
    }
    if (verdict === Verdict.command) return `NOPERM ${commandDenied(this.#user, command)}`;
    return `NOPERM No permissions to access a ${REASONS[verdict]!}`;
  }

  readsAllKeys(command: Command, request: Request): boolean {
    return this.#check.readsAllKeys(this.#user.selectors, command, request);
  }
}

/** What ACL DRYRUN says: as a refusal, with the names. */
export function explainDenial(user: User, command: Command, request: Request, verdict: number, at: number): string {
  if (verdict === Verdict.command) return commandDenied(user, command);
  return `User ${user.name} has no permissions to access the '${argument(request, at)}' ${REASONS[verdict]!}`;
}

function commandDenied(user: User, command: Command): string {
  return `User ${user.name} has no permissions to run the '${command.name}' command`;
}

function argument({ bytes, offsets, lengths }: Request, i: number): string {
  return latin1(bytes, offsets[i]!, lengths[i]!);
}
