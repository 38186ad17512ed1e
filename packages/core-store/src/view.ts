import type { ByteView } from './record.js';

const EMPTY = new Uint8Array(0);
const NO_DATA = new DataView(EMPTY.buffer);
const decoder = new TextDecoder();

/** A `ByteView` with room of its own for the digits of a value that is stored as an integer. */
export class View implements ByteView {
  bytes: Uint8Array = EMPTY;
  /** The same buffer, for copies by the word. */
  data: DataView = NO_DATA;
  offset = 0;
  length = 0;
  /** Where digits are written when the value is stored as an integer. */
  readonly digits: Uint8Array = new Uint8Array(24);
  readonly digitsData: DataView = new DataView(this.digits.buffer);

  /** A copy of the bytes, the caller's to keep. */
  copy(): Uint8Array {
    return this.bytes.slice(this.offset, this.offset + this.length);
  }

  /** The bytes as UTF-8 text. */
  text(): string {
    return decoder.decode(this.bytes.subarray(this.offset, this.offset + this.length));
  }
}
