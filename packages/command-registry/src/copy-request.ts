import { Request } from '@clone/resp-codec';

/**
 * A request in bytes of its own, to be executed later. It counts as inline: its bytes are not RESP.
 * @param replace arguments that are something else in the copy, by their positions
 */
export function copyRequest(request: Request, replace?: ReadonlyMap<number, Uint8Array>): Request {
  const { argc } = request;
  const copy = new Request();
  copy.argc = argc;
  copy.inline = true;
  copy.offsets = new Int32Array(argc);
  copy.lengths = new Int32Array(argc);
  const parts: Uint8Array[] = [];
  let end = 0;
  for (let i = 0; i < argc; i++) {
    const offset = request.offsets[i]!;
    const part = replace?.get(i) ?? request.bytes.subarray(offset, offset + request.lengths[i]!);
    parts.push(part);
    copy.offsets[i] = end;
    copy.lengths[i] = part.length;
    end += part.length;
  }
  copy.bytes = new Uint8Array(end);
  for (let i = 0; i < argc; i++) copy.bytes.set(parts[i]!, copy.offsets[i]);
  copy.end = end;
  return copy;
}
