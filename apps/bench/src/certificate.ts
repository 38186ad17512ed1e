/** A certificate for both servers, made by `openssl`; its key is of the kind that costs a handshake least. */
import { resolve } from 'node:path';
import { outputOf } from './child-processes.js';
import { MissingProgramError } from './machine.js';
import type { Certificate } from './servers.js';

/** @throws MissingProgramError */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const certificate = { cert: resolve(folder, 'bench.crt'), key: resolve(folder, 'bench.key') };
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  try {
    await outputOf('openssl', [...args, '-subj', '/CN=bench', '-keyout', certificate.key, '-out', certificate.cert]);
  } catch (error) {
    throw new MissingProgramError(
      'openssl was not found or does not run; the section "tls" makes a certificate with it',
      {
        cause: error,
      },
    );
  }
  return certificate;
}
