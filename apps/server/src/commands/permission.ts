import type { Session } from '@clone/command-registry';
import type { WhoMay } from '../config/config.js';
import type { ServerContext } from '../server-context.js';

/** Whether a session passes `enable-debug-command` and its siblings: no, yes, or only from this machine. */
export function permits(who: WhoMay, session: Session, server: ServerContext): boolean {
  if (who === 'local') return server.clients.get(session.id)?.isLocal === true;
  return who === 'yes';
}
