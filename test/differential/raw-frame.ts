// A reader of reply frames that keeps their bytes. The kit does not use our own codec to judge our own server: a bug
// in it would hide itself. Bytes are held as latin1 strings (one character per byte): exact, comparable, printable.

/** One reply. `header` is the rest of its first line; aggregates have `items` (maps: keys and values in turn). */
export interface Frame {
  readonly type: string;
  readonly header: string;
  /** The payload of bulk strings, bulk errors and verbatim strings; undefined for a null bulk and all other types. */
  readonly body?: string;
  readonly items?: readonly Frame[];
}

const lineTypes = '+-:,#(_';
const bulkTypes = '$!=';
const aggregateTypes = '*~%>|';

export class FrameError extends Error {}

/** Reads the frame at `at`: the frame and the index behind it, or undefined when its bytes are not all there yet. */
export function readFrame(bytes: string, at: number): { frame: Frame; end: number } | undefined {
  if (at >= bytes.length) return undefined;
  const type = bytes.charAt(at);
  if (!(lineTypes + bulkTypes + aggregateTypes).includes(type)) {
    throw new FrameError(`no reply begins with byte 0x${type.charCodeAt(0).toString(16)} (at ${at})`);
  }
  const lineEnd = bytes.indexOf('\r\n', at);
  if (lineEnd < 0) return undefined;
  const header = bytes.slice(at + 1, lineEnd);
  const body = lineEnd + 2;
  if (lineTypes.includes(type)) return { frame: { type, header }, end: body };
  const length = Number(header);
  if (!/^(-1|\d+)$/.test(header)) throw new FrameError(`bad length in reply header ${type}${header} (at ${at})`);
  if (length < 0) return { frame: { type, header }, end: body };
  if (bulkTypes.includes(type)) {
    const end = body + length;
    if (bytes.length < end + 2) return undefined;
    if (bytes.slice(end, end + 2) !== '\r\n') throw new FrameError(`bulk of ${length} bytes without CRLF (at ${at})`);
    return { frame: { type, header, body: bytes.slice(body, end) }, end: end + 2 };
  }
  // An attribute is a prefix of the reply that follows: both are read as one frame, that reply being the last item.
  const count = type === '%' ? 2 * length : type === '|' ? 2 * length + 1 : length;
  const items: Frame[] = [];
  let end = body;
  for (let i = 0; i < count; i++) {
    const item = readFrame(bytes, end);
    if (!item) return undefined;
    items.push(item.frame);
    end = item.end;
  }
  return { frame: { type, header, items }, end };
}

/** The bytes of a frame; the inverse of `readFrame`, also for frames that a mask has changed. */
export function encodeFrame(frame: Frame): string {
  const head = `${frame.type}${frame.header}\r\n`;
  if (frame.items) return head + frame.items.map(encodeFrame).join('');
  return frame.body === undefined ? head : `${head}${frame.body}\r\n`;
}

/** A frame with another payload of the same type. */
export function withText(frame: Frame, text: string): Frame {
  return frame.body === undefined ? { ...frame, header: text } : { ...frame, header: String(text.length), body: text };
}

/** A frame with other items of the same aggregate type. */
export function withItems(frame: Frame, items: readonly Frame[]): Frame {
  const count = frame.type === '%' ? items.length / 2 : frame.type === '|' ? (items.length - 1) / 2 : items.length;
  return { ...frame, header: String(count), items };
}
