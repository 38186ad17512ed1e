/**
 * Replies that wait for the disk.
 *
 * Under `appendfsync always` nothing that reveals a write leaves before that write is on the disk: neither the writer's
 * own reply nor what another client reads meanwhile. So every piece of output that is made while the log has unsynced
 * commands waits until the log is durable up to where it stood then. Offsets only grow, so the pieces form a queue.
 */

/** A piece of output's owner. */
export interface Receiver {
  send(bytes: Uint8Array, length: number): void;
  /** The piece was sent or dropped. */
  released(length: number): void;
}

interface Piece {
  readonly receiver: Receiver;
  readonly bytes: Uint8Array;
  readonly offset: number;
}

export class ReplyGate {
  #queue: Piece[] = [];
  #first = 0;

  hold(receiver: Receiver, bytes: Uint8Array, offset: number): void {
    this.#queue.push({ receiver, bytes, offset });
  }

  /** Sends what waits for no more than `durableOffset`. */
  release(durableOffset: number): void {
    for (;;) {
      const piece = this.#queue[this.#first];
      if (piece === undefined || piece.offset > durableOffset) break;
      this.#first++;
      piece.receiver.send(piece.bytes, piece.bytes.length);
      piece.receiver.released(piece.bytes.length);
    }
    if (this.#first === this.#queue.length) {
      this.#queue = [];
      this.#first = 0;
    } else if (this.#first > 1024) {
      this.#queue.splice(0, this.#first);
      this.#first = 0;
    }
  }

  /** Forgets everything: what was promised cannot be kept. */
  drop(): void {
    const dropped = this.#queue.slice(this.#first);
    this.#queue = [];
    this.#first = 0;
    for (const { receiver, bytes } of dropped) receiver.released(bytes.length);
  }
}
