/**
 * What the last bytes of a log mean, when they are not a complete command: an interrupted write, or damage.
 *
 * Only damage that leaves the rest of the file a possible command passes for an interruption (a bulk length that became
 * too large): the format has no checksums, and Redis sees it the same way.
 */
import type { FileHandle } from './file-system.js';

const BLOCK_BYTES = 65536;
/** No header (`*<count>` or `$<length>`, up to ten digits, CR LF) is longer. */
const HEADER_BYTES = 13;

/**
 * Whether `[start, size)` begins like a command (or a `#` annotation) and is cut off somewhere within it. Zeros up to
 * the end of the file are not looked at.
 */
export async function endsWithinCommand(handle: FileHandle, start: number, size: number): Promise<boolean> {
  const end = await endOfData(handle, start, size);
  if (end === start) return true;
  const header = new Uint8Array(HEADER_BYTES);
  let position = start;
  /** Reads the header at `position`: its number; -1 if the data ends within it, -2 if it is none. */
  const readHeader = async (marker: string): Promise<number> => {
    const length = await readFully(handle, header, position, Math.min(HEADER_BYTES, end - position));
    const text = Buffer.from(header.buffer, 0, length).toString('latin1');
    const whole = /^(.)(0|[1-9]\d{0,9})\r\n/.exec(text);
    if (whole !== null && whole[1] === marker) {
      position += whole[0].length;
      return Number(whole[2]);
    }
    return position + length === end && text.startsWith(marker) && /^.(?:(?:0|[1-9]\d{0,9})\r?)?$/.test(text) ? -1 : -2;
  };

  await readFully(handle, header, start, 1);
  if (header[0] === '#'.charCodeAt(0)) return !(await hasLineEnd(handle, start, end));
  const count = await readHeader('*');
  if (count < 0) return count === -1;
  for (let i = 0; i < count; i++) {
    if (position === end) return true;
    const length = await readHeader('$');
    if (length < 0) return length === -1;
    position += length;
    if (position >= end) return true;
    const rest = await readFully(handle, header, position, Math.min(2, end - position));
    if (header[0] !== 0x0d || (rest === 2 && header[1] !== 0x0a)) return false;
    if (rest < 2) return true;
    position += 2;
  }
  // A complete command would have been applied.
  return false;
}

/** Where the zeros begin that fill up the file, or `size`. */
async function endOfData(handle: FileHandle, start: number, size: number): Promise<number> {
  const block = new Uint8Array(Math.min(BLOCK_BYTES, size - start));
  for (let end = size; end > start;) {
    const length = Math.min(block.length, end - start);
    await readFully(handle, block, end - length, length);
    for (let i = length - 1; i >= 0; i--) {
      if (block[i] !== 0) return end - length + i + 1;
    }
    end -= length;
  }
  return start;
}

async function hasLineEnd(handle: FileHandle, start: number, end: number): Promise<boolean> {
  const line = new Uint8Array(Math.min(BLOCK_BYTES, end - start));
  await readFully(handle, line, start, line.length);
  return line.includes(0x0a);
}

/** @returns `length` */
async function readFully(handle: FileHandle, buffer: Uint8Array, position: number, length: number): Promise<number> {
  for (let done = 0; done < length;) {
    const read = await handle.read(buffer, done, length - done, position + done);
    if (read === 0) throw new Error('The append only file became shorter while it was read');
    done += read;
  }
  return length;
}
