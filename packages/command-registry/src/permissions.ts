import type { Request } from '@clone/resp-codec';
import type { Command } from './command.js';
import type { Session } from './session.js';

/** What a session may do (ACL). A session without any may do everything, and is not asked about. */
export interface Permissions {
  /**
   * Whether a request may be executed: '' or the whole error (`NOPERM …`). A refusal is logged by whoever implements this.
   * @param queued EXEC is about to run a request that was let in when it was queued; permissions may have changed since
   */
  refuse(session: Session, command: Command, request: Request, queued: boolean): string;
  /** Whether, besides, keys of any name may be read with it: for commands that find keys by what they read (SORT). */
  readsAllKeys(command: Command, request: Request): boolean;
}
