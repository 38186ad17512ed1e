// Memory sizes as redis.conf writes them: bytes, or a number with b, k, kb, m, mb, g, gb (k = 1000, kb = 1024).

const UNITS: Readonly<Record<string, bigint>> = {
  '': 1n,
  b: 1n,
  k: 1000n,
  kb: 1024n,
  m: 1000n * 1000n,
  mb: 1024n * 1024n,
  g: 1000n * 1000n * 1000n,
  gb: 1024n * 1024n * 1024n,
};

const UINT64_MAX = (1n << 64n) - 1n;

/** Bytes, or undefined when `text` is not a size. No digits are 0 and products wrap at 64 bits, as in Redis 7. */
export function parseMemorySize(text: string): bigint | undefined {
  const match = /^(\d*)([a-zA-Z]*)$/.exec(text);
  if (match === null) return undefined;
  const [, digits = '', suffix = ''] = match;
  const unit = UNITS[suffix.toLowerCase()];
  if (unit === undefined) return undefined;
  const count = BigInt(digits === '' ? '0' : digits);
  return BigInt.asUintN(64, (count > UINT64_MAX ? UINT64_MAX : count) * unit);
}

/** The shortest exact form with a 1024-based unit, as CONFIG REWRITE writes it: 1048576 is `1mb`, 1000 is `1000`. */
export function formatMemorySize(bytes: bigint): string {
  for (const unit of ['gb', 'mb', 'kb']) {
    const size = UNITS[unit]!;
    if (bytes !== 0n && bytes % size === 0n) return `${bytes / size}${unit}`;
  }
  return bytes.toString();
}
