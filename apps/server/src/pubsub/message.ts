/** A message of a channel, as its receivers get it. */
import type { ReplyWriter } from '@clone/resp-codec';
import { Frame } from '../net/pushes.js';

/** A message behind its first element: in RESP, the same in both protocols. */
export interface Body {
  /** One character per byte. */
  readonly channel: string;
  /** Channel and message as bulk strings: `bytes[offset, offset + length)`. */
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly length: number;
}

export type MessageKind = 'message' | 'pmessage' | 'smessage';

const NOTHING: Body = { channel: '', bytes: new Uint8Array(0), offset: 0, length: 0 };

export class Message extends Frame {
  kind: MessageKind = 'message';
  /** Only for `pmessage`. */
  pattern = '';
  body: Body = NOTHING;

  override end(): void {
    super.end();
    this.body = NOTHING;
  }

  protected override write(writer: ReplyWriter): void {
    const { kind, body } = this;
    if (kind === 'pmessage') {
      writer.push(4);
      writer.bulkLatin1(kind);
      writer.bulkLatin1(this.pattern);
    } else {
      writer.push(3);
      writer.bulkLatin1(kind);
    }
    writer.raw(body.bytes, body.offset, body.length);
  }
}
