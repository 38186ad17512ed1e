/**
 * Misuse of the store, found before anything is changed: a handle of another type or of no record, a key that is there
 * already, bytes that are none. The checks stand where a record's first word is read anyway, so that they cost a
 * comparison; what cannot be found so is a handle whose block has become another record meanwhile.
 */

/** Why a call was refused: see `StoreError`. */
export type StoreErrorCode = 'WRONG_TYPE' | 'NO_RECORD' | 'KEY_EXISTS' | 'FOREIGN' | 'BAD_BYTES' | 'BAD_OPTIONS';

/**
 * A call that would have harmed the store; nothing has changed. `code` says why:
 *
 * - `WRONG_TYPE`: the record has a value of another type;
 * - `NO_RECORD`: the handle is 0, was freed, or is of another database;
 * - `KEY_EXISTS`: a record is to be made under a key that is there;
 * - `FOREIGN`: the other database is of another keyspace;
 * - `BAD_BYTES`: bytes, offset and length do not fit together, or are none;
 * - `BAD_OPTIONS`: a keyspace cannot be made of these options.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** @throws {StoreError} BAD_BYTES. JavaScript would take a string for bytes, each of them 0. */
export function checkBytes(bytes: Uint8Array, offset: number, length: number): void {
  if (typeof bytes === 'string' || !(offset >= 0 && length >= 0 && offset + length <= bytes.length)) {
    throw badBytes(bytes, offset, length);
  }
}

function badBytes(bytes: unknown, offset: unknown, length: unknown): StoreError {
  const what = bytes instanceof Uint8Array ? `${bytes.length} bytes` : `a value of type ${typeof bytes}`;
  return new StoreError(
    'BAD_BYTES',
    `bytes are passed as (bytes, offset, length), text as ...utf8(text): ${what} with offset ${String(offset)} and length ${String(length)}`,
  );
}
