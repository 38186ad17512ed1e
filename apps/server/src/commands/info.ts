// INFO: sections by name, in Redis's order whatever the order of the arguments.

import type { CommandContext, Registry } from '@clone/command-registry';
import type { ServerContext } from '../server-context.js';
import { INFO_SECTIONS } from './info-sections.js';

export function register(registry: Registry, server: ServerContext): void {
  registry.register('info', (ctx) => info(ctx, server));
}

function info(ctx: CommandContext, server: ServerContext): void {
  const wanted = new Set<string>();
  for (let i = 1; i < ctx.argc; i++) wanted.add(ctx.latin1(i).toLowerCase());
  ctx.reply.verbatim('txt', infoText(server, wanted));
}

/** @param wanted names in lower case; none means `default` */
function infoText(server: ServerContext, wanted: ReadonlySet<string>): string {
  const all = wanted.has('all') || wanted.has('everything');
  const byDefault = wanted.size === 0 || wanted.has('default');
  const sections = INFO_SECTIONS.filter(
    (section) => all || (byDefault && section.byDefault) || wanted.has(section.title.toLowerCase()),
  );
  return sections.map((section) => `# ${section.title}\r\n${section.lines(server).map(line).join('')}`).join('\r\n');
}

function line([name, value]: readonly [string, string | number]): string {
  return `${name}:${value}\r\n`;
}
