/** What `<CONTAINER> HELP` returns: a frame that is the same for all, around the lines of the command. */
import type { CommandContext } from '../context.js';

/**
 * Writes the reply of `<CONTAINER> HELP`.
 * @param lines a line with a subcommand and its arguments, then lines that explain it, indented by four blanks
 */
export function replyHelp(ctx: CommandContext, lines: readonly string[]): void {
  const { reply } = ctx;
  const name = ctx.latin1(0).toUpperCase();
  reply.array(lines.length + 3);
  reply.simple(`${name} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`);
  for (const line of lines) reply.simple(line);
  reply.simple('HELP');
  reply.simple('    Prints this help.');
}
