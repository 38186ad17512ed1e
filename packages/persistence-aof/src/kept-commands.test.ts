import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeptCommands } from './kept-commands.js';

it('keeps whole commands in their order, in pieces that are as long as they may be or as one command is', () => {
  const kept = new KeptCommands(8192);
  const sizes = fc.array(fc.oneof(fc.nat(300), fc.nat(20_000)), { maxLength: 60 });
  fc.assert(
    fc.property(sizes, (lengths) => {
      const commands = lengths.map((length, i) => String.fromCharCode(65 + (i % 26)).repeat(length));
      for (const command of commands) kept.keep(Buffer.from(`..${command}.`), 2, 2 + command.length);
      const pieces = kept.pieces.map(({ bytes, length }) => {
        expect(bytes.length).toBeLessThanOrEqual(20_000);
        return Buffer.from(bytes.subarray(0, length)).toString();
      });
      expect(pieces.join('')).toBe(commands.join(''));
      // No command is cut: each piece begins where a command does.
      let at = 0;
      const starts = new Set(commands.map((command) => (at += command.length) - command.length));
      let start = 0;
      for (const piece of pieces) {
        if (piece !== '') expect(starts).toContain(start);
        start += piece.length;
      }
      kept.clear();
      expect(kept.pieces.every(({ length }) => length === 0)).toBe(true);
    }),
  );
});
