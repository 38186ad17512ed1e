/** One file of a `SimulatedDisk`: its content as a program reads it, and what of it is on the disk. */

type Change = { readonly position: number; readonly bytes: Uint8Array } | { readonly size: number };

/** Bytes with room to grow. */
class Content {
  bytes = new Uint8Array(0);
  size = 0;

  write(bytes: Uint8Array, position: number): void {
    const end = Math.max(this.size, position + bytes.length);
    if (end > this.bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.bytes.length * 2));
      grown.set(this.bytes.subarray(0, this.size));
      this.bytes = grown;
    }
    this.bytes.set(bytes, position);
    this.size = end;
  }

  resize(size: number): void {
    if (size > this.size) this.write(new Uint8Array(size - this.size), this.size);
    this.bytes.fill(0, size);
    this.size = size;
  }

  apply(change: Change): void {
    if ('size' in change) this.resize(change.size);
    else this.write(change.bytes, change.position);
  }
}

export class SimulatedFile {
  #visible = new Content();
  #durable = new Content();
  #unsynced: Change[] = [];

  get size(): number {
    return this.#visible.size;
  }

  bytes(): Uint8Array {
    return this.#visible.bytes.subarray(0, this.size);
  }

  read(buffer: Uint8Array, offset: number, length: number, position: number): number {
    const part = this.bytes().subarray(position, position + length);
    buffer.set(part, offset);
    return part.length;
  }

  write(bytes: Uint8Array, position: number): void {
    this.#change({ position, bytes: Uint8Array.from(bytes) });
  }

  truncate(size: number): void {
    this.#change({ size });
  }

  sync(): void {
    for (const change of this.#unsynced) this.#durable.apply(change);
    this.#unsynced = [];
  }

  /** What is not on the disk will never get there by itself. */
  forgetUnsynced(): void {
    this.#unsynced = [];
  }

  /** Goes back to what is on the disk, and some of the changes since. */
  crash(random: () => number): void {
    const survivors = Math.floor(random() * (this.#unsynced.length + 1));
    for (const change of this.#unsynced.slice(0, survivors)) this.#durable.apply(change);
    const torn = this.#unsynced[survivors];
    if (torn !== undefined && 'bytes' in torn) {
      this.#durable.write(torn.bytes.subarray(0, Math.floor(random() * torn.bytes.length)), torn.position);
    }
    this.#unsynced = [];
    this.#visible = new Content();
    this.#visible.write(this.#durable.bytes.subarray(0, this.#durable.size), 0);
  }

  #change(change: Change): void {
    this.#visible.apply(change);
    this.#unsynced.push(change);
  }
}
