/**
 * Whole commands that are kept for later: those of a transaction, until its EXEC has been read. They may be more than one buffer
 * can hold, so they lie in pieces, of which a long command has one to itself.
 */

const PIECE = 1024 * 1024;

/** Bytes `[0, length)` are commands. */
interface Piece {
  bytes: Uint8Array;
  length: number;
}

export class KeptCommands {
  readonly #pieces: Piece[] = [];
  readonly #pieceSize: number;

  /** @param pieceSize bytes */
  constructor(pieceSize = PIECE) {
    this.#pieceSize = pieceSize;
  }

  /** Copies the command `bytes[start, end)`. */
  keep(bytes: Uint8Array, start: number, end: number): void {
    const size = end - start;
    let piece = this.#pieces.at(-1);
    if (piece === undefined || piece.length + size > piece.bytes.length) {
      // A transaction is short, as a rule: the first piece begins small.
      const next = piece === undefined ? 4096 : Math.min(piece.bytes.length * 4, this.#pieceSize);
      piece = { bytes: new Uint8Array(Math.max(size, next)), length: 0 };
      this.#pieces.push(piece);
    }
    piece.bytes.set(bytes.subarray(start, end), piece.length);
    piece.length += size;
  }

  /** The commands in their order. */
  get pieces(): readonly Readonly<Piece>[] {
    return this.#pieces;
  }

  /** Forgets them. */
  clear(): void {
    const [first] = this.#pieces;
    this.#pieces.length = 0;
    if (first === undefined || first.bytes.length > this.#pieceSize) return;
    first.length = 0;
    this.#pieces.push(first);
  }
}
