import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (name: string): string => readFileSync(join(__dirname, 'fixtures', 'certificates', name), 'utf8');

/** A private authority, a server of its, and what else a test of certificates needs. They end in the year 2126. */
export const certificates = {
  authority: read('authority.pem'),
  otherAuthority: read('other-authority.pem'),
  server: read('server.pem'),
  serverKey: read('server.key'),
  encryptedKey: read('server-encrypted.key'),
  /** A certificate that stands for itself, with its key, which is not RSA. */
  elliptic: read('elliptic.pem'),
} as const;
