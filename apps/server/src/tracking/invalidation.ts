/** What a client is told: keys that have changed, or that all have. */
import { ReplyWriter } from '@clone/resp-codec';
import { Frame } from '../net/pushes.js';

/** Where a client over RESP2 hears of keys, which it does for another client. */
const CHANNEL = '__redis__:invalidate';

/** One message at a time. Its body is encoded once, and framed once per protocol for all its receivers. */
export class Invalidation {
  readonly #body = new ReplyWriter(256);
  readonly #push = new Invalidated(this.#body);
  readonly #message = new Invalidated(this.#body);
  #isPushBegun = false;
  #isMessageBegun = false;

  ofKey(bytes: Uint8Array, offset: number, length: number): this {
    this.#begin();
    this.#body.array(1);
    this.#body.bulk(bytes, offset, length);
    return this;
  }

  /** @param names one character per byte */
  ofKeys(names: readonly string[]): this {
    this.#begin();
    this.#body.array(names.length);
    for (const name of names) this.#body.bulkLatin1(name);
    return this;
  }

  /** @param protocol that of the client which tracks: its null is what is sent, whoever gets it */
  ofAll(protocol: 2 | 3): this {
    this.#begin();
    this.#body.protocol = protocol;
    this.#body.null();
    return this;
  }

  #begin(): void {
    this.#body.reset();
    this.#isPushBegun = false;
    this.#isMessageBegun = false;
  }

  /** The same for all receivers of one protocol. */
  frame(protocol: 2 | 3): Frame {
    if (protocol === 3) {
      if (!this.#isPushBegun) this.#push.begin(3);
      this.#isPushBegun = true;
      return this.#push;
    }
    if (!this.#isMessageBegun) this.#message.begin(2);
    this.#isMessageBegun = true;
    return this.#message;
  }

  /** All have it: keeps nothing of it. */
  end(): void {
    this.#body.reset();
    this.#push.end();
    this.#message.end();
  }
}

class Invalidated extends Frame {
  readonly #body: ReplyWriter;

  constructor(body: ReplyWriter) {
    super();
    this.#body = body;
  }

  protected override write(writer: ReplyWriter): void {
    if (writer.protocol === 3) {
      writer.push(2);
      writer.bulkLatin1('invalidate');
    } else {
      writer.push(3);
      writer.bulkLatin1('message');
      writer.bulkLatin1(CHANNEL);
    }
    writer.raw(this.#body.buffer, 0, this.#body.length);
  }
}

/** The client that should be told in another's place is gone. */
export class RedirectionBroken extends Frame {
  readonly #id: number;

  constructor(id: number) {
    super();
    this.#id = id;
  }

  protected override write(writer: ReplyWriter): void {
    writer.push(2);
    writer.bulkLatin1('tracking-redir-broken');
    writer.integer(this.#id);
  }
}
