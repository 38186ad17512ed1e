/**
 * From the parameters `tls-*` to the options of Node's TLS, checked in Redis's order and refused in its words.
 *
 * Everything is read and tried here, so that a certificate that cannot be used is a refused CONFIG SET or a start that
 * fails, and never a server that no client can talk to. Relative paths count from `dir`, which Redis makes its working
 * directory.
 *
 * Stricter than Redis: a `tls-ca-cert-dir` that cannot be read is refused, and with `tls-session-caching no` nothing is
 * resumed, by tickets neither. Sessions are kept in tickets alone, by the client: nothing fills a cache here.
 */
import { constants, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  createSecureContext,
  DEFAULT_CIPHERS,
  type SecureContextOptions,
  type SecureVersion,
  type TlsOptions,
} from 'node:tls';
import { ConfigError } from '../config/config-error.js';
import { reasonOf } from '../config/config-file.js';
import type { Config } from '../config/config.js';

/**
 * What a TLS server is made of, as the configuration has it now.
 * @param needsAuthority false: to verify clients without any authority is no error, but lets nobody in
 * @throws ConfigError in one line
 */
export function tlsOptionsOf(config: Config, needsAuthority = true): TlsOptions {
  const value = (name: string): string => config.get(name) ?? '';
  const isSet = (name: string): boolean => value(name) !== '';
  const yes = (name: string): boolean => value(name) === 'yes';

  if (!isSet('tls-cert-file')) throw new ConfigError('No tls-cert-file configured! It names the certificate to show');
  if (!isSet('tls-key-file')) throw new ConfigError('No tls-key-file configured! It names the key of tls-cert-file');
  const verify = value('tls-auth-clients');
  const hasAuthority = isSet('tls-ca-cert-file') || isSet('tls-ca-cert-dir');
  if (needsAuthority && !hasAuthority && (verify !== 'no' || yes('tls-cluster') || yes('tls-replication'))) {
    throw new ConfigError(
      'Either tls-ca-cert-file or tls-ca-cert-dir must be specified when tls-cluster, tls-replication or tls-auth-clients are enabled! Without client certificates: tls-auth-clients no',
    );
  }
  const protocols = protocolsOf(value('tls-protocols'));
  const own = certificateAndKey(config, 'tls-');
  if (isSet('tls-client-cert-file') && isSet('tls-client-key-file')) certificateAndKey(config, 'tls-client-');
  const resumes = yes('tls-session-caching');
  return {
    ...own,
    // Never left out: Node would trust every public authority.
    ca: authorities(config),
    ...ciphersOf(value('tls-ciphers'), value('tls-ciphersuites')),
    ...dhParameters(config),
    minVersion: protocols.min,
    maxVersion: protocols.max,
    secureOptions: protocols.without | constants.SSL_OP_NO_RENEGOTIATION | (resumes ? 0 : constants.SSL_OP_NO_TICKET),
    honorCipherOrder: yes('tls-prefer-server-ciphers'),
    ...(resumes ? { sessionTimeout: Number(value('tls-session-cache-timeout')) } : {}),
    requestCert: verify !== 'no',
    rejectUnauthorized: verify === 'yes',
  };
}

/** @param prefix of the parameters: those of the server, or those that it shows when it is a client itself */
function certificateAndKey(config: Config, prefix: string): SecureContextOptions {
  const [certFile, keyFile, passphrase] = [`${prefix}cert-file`, `${prefix}key-file`, `${prefix}key-file-pass`].map(
    (name) => config.get(name) ?? '',
  ) as [string, string, string];
  const cert = attempt(`Failed to load certificate: ${certFile}`, () => tried({ cert: read(config, certFile) }));
  return attempt(`Failed to load private key: ${keyFile}`, () => {
    const key = read(config, keyFile);
    if (passphrase === '' && key.includes('ENCRYPTED')) throw new Error(`it is encrypted, set ${prefix}key-file-pass`);
    return tried({ ...cert, key, passphrase });
  });
}

function authorities(config: Config): Buffer[] {
  const [file = '', directory = ''] = [config.get('tls-ca-cert-file'), config.get('tls-ca-cert-dir')];
  return attempt(`Failed to configure CA certificate(s) file/directory: ${file} ${directory}`.trimEnd(), () => {
    const found = file === '' ? [] : [read(config, file)];
    for (const each of found) new X509Certificate(each);
    if (directory === '') return found;
    const path = resolve(config.dir, directory);
    const files = readdirSync(path, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
    return [...found, ...files.map(({ name }) => readFileSync(join(path, name))).filter(isCertificate)];
  });
}

function isCertificate(file: Buffer): boolean {
  try {
    new X509Certificate(file);
    return true;
  } catch {
    return false;
  }
}

/** Node takes the suites of TLS 1.3 and the ciphers of older versions in one list, and tells them apart by this. */
const isSuite = (name: string): boolean => name.startsWith('TLS_');
const isCipher = (name: string): boolean => !isSuite(name);

function ciphersOf(ciphers: string, suites: string): SecureContextOptions {
  const listOf = (what: string, given: string, belongs: (name: string) => boolean): string => {
    const names = (given === '' ? DEFAULT_CIPHERS : given).split(':').filter(belongs).join(':');
    const failure = `Failed to configure ${what}: ${given}`;
    // An empty list would be Node's default.
    if (names === '') throw new ConfigError(failure);
    attempt(failure, () => tried({ ciphers: names }));
    return names;
  };
  return { ciphers: `${listOf('ciphersuites', suites, isSuite)}:${listOf('ciphers', ciphers, isCipher)}` };
}

function dhParameters(config: Config): SecureContextOptions {
  const name = config.get('tls-dh-params-file') ?? '';
  if (name === '') return {};
  const dhparam = attempt(`Failed to load ${name}`, () => read(config, name));
  // Node passes over what is none.
  if (!dhparam.includes('BEGIN DH PARAMETERS')) throw new ConfigError(`${name}: failed to read DH params.`);
  return attempt(`${name}: failed to use DH params`, () => tried({ dhparam }));
}

const VERSIONS: readonly (readonly [SecureVersion, without: number])[] = [
  ['TLSv1', constants.SSL_OP_NO_TLSv1],
  ['TLSv1.1', constants.SSL_OP_NO_TLSv1_1],
  ['TLSv1.2', constants.SSL_OP_NO_TLSv1_2],
  ['TLSv1.3', constants.SSL_OP_NO_TLSv1_3],
];
const DEFAULT_VERSIONS = 'TLSv1.2 TLSv1.3';

/** @returns the oldest and the newest version, and OpenSSL's options that leave out what is not named in between */
function protocolsOf(text: string): { min: SecureVersion; max: SecureVersion; without: number } {
  const words = (text === '' ? DEFAULT_VERSIONS : text).toLowerCase().split(' ');
  const isNamed = ([name]: (typeof VERSIONS)[number]): boolean => words.includes(name.toLowerCase());
  const [first, last] = [VERSIONS.find(isNamed), VERSIONS.findLast(isNamed)];
  if (!words.every((word) => VERSIONS.some(([name]) => name.toLowerCase() === word)) || !first || !last) {
    throw new ConfigError(
      "Invalid tls-protocols specified. Use a combination of 'TLSv1', 'TLSv1.1', 'TLSv1.2' and 'TLSv1.3'.",
    );
  }
  const without = VERSIONS.reduce((bits, each) => (isNamed(each) ? bits : bits | each[1]), 0);
  return { min: first[0], max: last[0], without };
}

const read = (config: Config, name: string): Buffer => readFileSync(resolve(config.dir, name));

/** The options themselves, when OpenSSL takes them. */
function tried<T extends SecureContextOptions>(options: T): T {
  // The public authorities take their time to be read, and are not wanted.
  createSecureContext({ ca: [], ...options });
  return options;
}

/** @throws ConfigError: what was attempted, and why it did not work */
function attempt<T>(what: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw new ConfigError(`${what}: ${reasonOf(error)}`, { cause: error });
  }
}
