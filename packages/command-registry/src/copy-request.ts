import { Request } from '@clone/resp-codec';

/** A request in bytes of its own, to be executed later. */
export function copyRequest(request: Request): Request {
  const { argc, inline, start, end } = request;
  const copy = new Request();
  copy.argc = argc;
  copy.inline = inline;
  copy.offsets = request.offsets.slice(0, argc);
  copy.lengths = request.lengths.slice(0, argc);
  if (inline) {
    // Arguments may lie elsewhere than the line, without quotes and escapes.
    gather(request, copy);
  } else {
    copy.bytes = request.bytes.slice(start, end);
    for (let i = 0; i < argc; i++) copy.offsets[i] = copy.offsets[i]! - start;
  }
  copy.end = copy.bytes.length;
  return copy;
}

/** The same with other arguments, by their positions. It counts as inline: its bytes are not RESP. */
export function withArguments(request: Request, others: ReadonlyMap<number, Uint8Array>): Request {
  const parts = Array.from({ length: request.argc }, (_, i) => others.get(i) ?? argument(request, i));
  const copy = new Request();
  copy.argc = request.argc;
  copy.inline = true;
  copy.offsets = new Int32Array(request.argc);
  copy.lengths = new Int32Array(request.argc);
  fill(copy, parts);
  copy.end = copy.bytes.length;
  return copy;
}

function argument(request: Request, i: number): Uint8Array {
  const offset = request.offsets[i]!;
  return request.bytes.subarray(offset, offset + request.lengths[i]!);
}

function gather(request: Request, copy: Request): void {
  fill(
    copy,
    Array.from({ length: request.argc }, (_, i) => argument(request, i)),
  );
}

function fill(copy: Request, parts: readonly Uint8Array[]): void {
  let end = 0;
  for (const [i, part] of parts.entries()) {
    copy.offsets[i] = end;
    copy.lengths[i] = part.length;
    end += part.length;
  }
  copy.bytes = new Uint8Array(end);
  for (const [i, part] of parts.entries()) copy.bytes.set(part, copy.offsets[i]);
}
