// The cluster's commands on a server that is in none: known, so that clients that probe for a cluster get Redis's answer.

import { commandFacts, type CommandContext, type Registry } from '@clone/command-registry';

const DISABLED = 'ERR This instance has cluster support disabled';

export function register(registry: Registry): void {
  const refuse = (ctx: CommandContext): void => ctx.reply.error(DISABLED);
  for (const name of ['asking', 'readonly', 'readwrite']) registry.register(name, refuse);
  for (const name of commandFacts().keys()) if (name.startsWith('cluster|')) registry.register(name, refuse);
}
