// One connection, as bytes: what was received is kept whole, and cut into frames as it arrives.
import { createConnection, type NetConnectOpts, type Socket } from 'node:net';
import { readFrame, type Frame } from './raw-frame.js';

/** How long a server may be silent while a reply is due. */
const patience = 5000;

export class RawConnection {
  /** Every byte received, as latin1. */
  received = '';
  readonly frames: Frame[] = [];
  readonly #socket: Socket;
  #consumed = 0;
  #closed = false;
  #garbled: Error | undefined;
  #wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      this.received += chunk;
      this.#wake?.();
    });
    // A server that closes on an error may reset the connection: the same as an end, behind the bytes that arrived.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed = true;
      this.#wake?.();
    });
  }

  static open(address: NetConnectOpts): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(address);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        socket.setNoDelay(true);
        resolve(new RawConnection(socket));
      });
    });
  }

  write(bytes: Buffer): void {
    if (!this.#closed) this.#socket.write(bytes);
  }

  /** Ends our side of the stream. */
  halfClose(): void {
    this.#socket.end();
  }

  /** Ends both sides, without a QUIT that others could see; resolves when the server has no such client any more. */
  async end(): Promise<void> {
    this.halfClose();
    await this.closed();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Waits until `count` frames are there altogether, or the connection is closed; throws when neither happens in time. */
  async framesReached(count: number): Promise<void> {
    await this.#until(() => {
      this.#cut();
      return this.frames.length >= count;
    }, `reply ${count}`);
  }

  /** Waits until the server has closed the connection, and cuts all that it sent into frames. */
  async closed(): Promise<void> {
    await this.#until(() => false, 'the end of the connection');
    this.#cut();
  }

  async #until(done: () => boolean, what: string): Promise<void> {
    while (!done() && !this.#closed) {
      if (!(await this.#change())) {
        this.destroy();
        throw new Error(
          `no ${what} within ${patience} ms; received so far: ${JSON.stringify(this.received.slice(-300))}`,
        );
      }
    }
  }

  /** Resolves to true at the next bytes or the close, to false when patience is at an end. */
  #change(): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (changed: boolean): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve(changed);
      };
      const timer = setTimeout(() => finish(false), patience);
      this.#wake = () => finish(true);
    });
  }

  #cut(): void {
    if (this.#garbled) throw this.#garbled;
    try {
      for (;;) {
        const next = readFrame(this.received, this.#consumed);
        if (!next) return;
        this.frames.push(next.frame);
        this.#consumed = next.end;
      }
    } catch (error) {
      this.#garbled = error as Error;
      throw error;
    }
  }

  /** Bytes behind the last whole frame: none when the server keeps the protocol. */
  get remainder(): string {
    return this.received.slice(this.#consumed);
  }
}
