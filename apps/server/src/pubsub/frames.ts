/** RESP as text, one character per byte, for what is pushed to clients. */

export function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

/**
 * `kind name count`: what a client gets for each name that it begins or ceases to listen to.
 * @param name undefined: it listened to nothing
 */
export function confirmation(protocol: 2 | 3, kind: string, name: string | undefined, count: number): string {
  const start = protocol === 2 ? '*3\r\n' : '>3\r\n';
  const null_ = protocol === 2 ? '$-1\r\n' : '_\r\n';
  return `${start}${bulk(kind)}${name === undefined ? null_ : bulk(name)}:${count}\r\n`;
}
