/**
 * X.509 certificates for tests, made with nothing but `node:crypto`: `openssl` is not on every machine. Version 3 in DER
 * (RFC 5280), with the few extensions that TLS looks at, signed with ECDSA and SHA-256, or RSA.
 */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly name: string;
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  readonly privateKey: KeyObject;
  /** Paths of the two in files of their own. */
  readonly certFile: string;
  readonly keyFile: string;
}

export interface CertificateOptions {
  /** Who signs; itself by default. */
  readonly issuer?: Certificate;
  /** It may sign others. */
  readonly isAuthority?: boolean;
  /** Its last day was yesterday. */
  readonly expired?: boolean;
  readonly rsa?: boolean;
  /** The key file is encrypted with it. */
  readonly passphrase?: string;
}

const DAY = 86_400_000;
let folder = '';

/** A certificate for `localhost` and 127.0.0.1, and the files with it. */
export function makeCertificate(name: string, options: CertificateOptions = {}): Certificate {
  const { issuer, isAuthority = false, expired = false, rsa = false, passphrase } = options;
  const { privateKey, publicKey } = rsa
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = issuer?.privateKey ?? privateKey;
  const algorithm = signer.asymmetricKeyType === 'rsa' ? RSA_SHA256 : ECDSA_SHA256;
  const now = Date.now();
  const toBeSigned = sequence(
    tagged(0xa0, integer(2)),
    integer(1, randomBytes(8)),
    algorithm,
    nameOf(issuer?.name ?? name),
    sequence(time(now - 10 * DAY), time(now + (expired ? -DAY : 3650 * DAY))),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(
      0xa3,
      sequence(
        extension([0x55, 0x1d, 0x13], isAuthority ? sequence(Buffer.of(0x01, 0x01, 0xff)) : sequence()),
        extension(
          [0x55, 0x1d, 0x11],
          sequence(tagged(0x82, Buffer.from('localhost')), tagged(0x87, Buffer.of(127, 0, 0, 1))),
        ),
      ),
    ),
  );
  const der = sequence(toBeSigned, algorithm, bits(sign('sha256', toBeSigned, signer)));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  const cert = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
  const key = privateKey
    .export({
      type: 'pkcs8',
      format: 'pem',
      ...(passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }),
    })
    .toString();
  return {
    name,
    cert,
    key,
    privateKey,
    certFile: makeFile(`${name}.crt`, cert),
    keyFile: makeFile(`${name}.key`, key),
  };
}

/** @returns the path of a new file, in a folder that only this process uses */
export function makeFile(name: string, content: string): string {
  if (folder === '') folder = mkdtempSync(join(tmpdir(), 'clone-tls-'));
  const path = join(folder, `${randomBytes(4).toString('hex')}-${name}`);
  writeFileSync(path, content);
  return path;
}

// ── DER ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

/** @param first its first byte, with more behind it */
function integer(first: number, more: Buffer = Buffer.alloc(0)): Buffer {
  return tagged(0x02, Buffer.concat([Buffer.of(first), more]));
}

const oid = (...bytes: readonly number[]): Buffer => tagged(0x06, Buffer.from(bytes));
const bits = (content: Buffer): Buffer => tagged(0x03, Buffer.concat([Buffer.of(0), content]));
const extension = (id: readonly number[], value: Buffer): Buffer => sequence(oid(...id), tagged(0x04, value));

function time(milliseconds: number): Buffer {
  const text = new Date(milliseconds).toISOString().replace(/[-T:]/g, '').slice(0, 14);
  return tagged(0x18, Buffer.from(`${text}Z`));
}

/** A name of a common name alone. */
function nameOf(commonName: string): Buffer {
  const attribute = sequence(oid(0x55, 0x04, 0x03), tagged(0x0c, Buffer.from(commonName)));
  return sequence(tagged(0x31, attribute));
}

const ECDSA_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const RSA_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), Buffer.of(0x05, 0x00));
