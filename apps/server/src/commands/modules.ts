// MODULE: there are none, and none can be loaded. `enable-module-command` is asked before the handler runs.

import { replyHelp, type CommandContext, type Registry } from '@clone/command-registry';
import type { ServerContext } from '../server-context.js';

const HELP = [
  'LIST',
  '    The modules that are loaded: none.',
  'LOAD <path> [<arg> ...]',
  '    Not supported: modules are libraries for another server.',
  'LOADEX <path> [CONFIG <name> <value> ...] [ARGS <arg> ...]',
  '    Not supported, as LOAD.',
  'UNLOAD <name>',
  '    There is none that could be.',
];

export function register(registry: Registry, server: ServerContext): void {
  const load = (ctx: CommandContext): void => {
    server.log('warning', `Module ${ctx.text(2)} is not loaded: modules are not supported`);
    ctx.reply.error('ERR Error loading the extension. Please check the server logs.');
  };
  registry.register('module|list', (ctx) => ctx.reply.array(0));
  registry.register('module|load', load);
  registry.register('module|loadex', load);
  registry.register('module|unload', (ctx) => {
    ctx.reply.error('ERR Error unloading module: no such module with that name');
  });
  registry.register('module|help', (ctx) => replyHelp(ctx, HELP));
}
