/** `kind name count`: what a client gets for each name that it begins or ceases to listen to. */
import type { ReplyWriter } from '@clone/resp-codec';
import { Frame } from '../net/pushes.js';

/** @param name undefined: it listened to nothing */
export function writeConfirmation(writer: ReplyWriter, kind: string, name: string | undefined, count: number): void {
  writer.push(3);
  writer.bulkLatin1(kind);
  if (name === undefined) writer.null();
  else writer.bulkLatin1(name);
  writer.integer(count);
}

/** The same for a client that wants no replies. */
export class Confirmation extends Frame {
  readonly #kind: string;
  readonly #name: string | undefined;
  readonly #count: number;

  constructor(kind: string, name: string | undefined, count: number) {
    super();
    this.#kind = kind;
    this.#name = name;
    this.#count = count;
  }

  protected override write(writer: ReplyWriter): void {
    writeConfirmation(writer, this.#kind, this.#name, this.#count);
  }
}
