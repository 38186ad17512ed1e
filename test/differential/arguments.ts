// The compact notation of the cases: one command per line, split the way a shell would.
// Words are separated by spaces; "…" takes \n \r \t \b \a \\ \" and \xHH; '…' takes only \'. Characters outside
// quotes and escapes stand for their UTF-8 bytes, so that a word is always an exact byte string.

const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, a: 7 };

/** Splits one line of compact notation into the bytes of its arguments; throws on unbalanced quotes. */
export function splitArguments(line: string): Buffer[] {
  const words: Buffer[] = [];
  let at = 0;
  while (at < line.length) {
    if (line[at] === ' ') {
      at++;
      continue;
    }
    const word: Buffer[] = [];
    while (at < line.length && line[at] !== ' ') {
      const quote = line[at];
      if (quote === '"' || quote === "'") at = readQuoted(line, at, word);
      else {
        const end = firstOf(line, at, ` "'`);
        word.push(Buffer.from(line.slice(at, end)));
        at = end;
      }
    }
    words.push(Buffer.concat(word));
  }
  return words;
}

function firstOf(line: string, from: number, stops: string): number {
  let at = from;
  while (at < line.length && !stops.includes(line.charAt(at))) at++;
  return at;
}

/** Appends the bytes of the quoted part that begins at `start` to `word`; returns the index behind its closing quote. */
function readQuoted(line: string, start: number, word: Buffer[]): number {
  const quote = line.charAt(start);
  let at = start + 1;
  while (at < line.length && line[at] !== quote) {
    if (line[at] !== '\\') {
      const end = firstOf(line, at, `\\${quote}`);
      word.push(Buffer.from(line.slice(at, end)));
      at = end;
      continue;
    }
    const next = line.charAt(at + 1);
    const hex = /^x([0-9a-fA-F]{2})/.exec(line.slice(at + 1, at + 4));
    if (quote === '"' && hex) {
      word.push(Buffer.from(hex[1] ?? '', 'hex'));
      at += 4;
    } else if (quote === '"') {
      word.push(Buffer.from([escapes[next] ?? next.charCodeAt(0)]));
      at += 2;
    } else {
      word.push(Buffer.from(next === "'" ? "'" : `\\${next}`));
      at += 2;
    }
  }
  if (at >= line.length) throw new Error(`unbalanced quotes in case: ${line}`);
  return at + 1;
}

/** A request in the multibulk form that every client sends. */
export function encodeRequest(args: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`*${args.length}\r\n`)];
  for (const arg of args) parts.push(Buffer.from(`$${arg.length}\r\n`), arg, Buffer.from('\r\n'));
  return Buffer.concat(parts);
}

/** Bytes for a report: printable ASCII as it is, the rest escaped, long texts cut in the middle. */
export function printable(bytes: string, limit = 600): string {
  const text = bytes.length > limit ? `${bytes.slice(0, limit / 2)} … ${bytes.slice(-limit / 2)}` : bytes;
  return text.replace(/[^ -~…]/g, (char) => {
    if (char === '\r') return '\\r';
    if (char === '\n') return '\\n';
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
