// Who may use what is switched off by default: DEBUG, MODULE LOAD and its siblings, protected parameters.

import type { Command, Session } from '@clone/command-registry';
import type { WhoMay } from '../config/config.js';
import type { ServerContext } from '../server-context.js';

/** Whether a session passes `enable-debug-command` and its siblings: no, yes, or only from this machine. */
export function permits(who: WhoMay, session: Session, server: ServerContext): boolean {
  if (who === 'local') return server.clients.get(session.id)?.isLocal === true;
  return who === 'yes';
}

/** For the dispatcher, which asks before a protected command: the refusal, or '' when it is allowed. */
export function refuseProtected(server: ServerContext, session: Session, command: Command): string {
  const { name } = command.parent ?? command;
  const { enableDebugCommand, enableModuleCommand } = server.config;
  if (permits(name === 'module' ? enableModuleCommand : enableDebugCommand, session, server)) return '';
  return `ERR ${name.toUpperCase()} command not allowed. If the enable-${name}-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.`;
}
