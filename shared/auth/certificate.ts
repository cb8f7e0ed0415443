import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { errorCodes, TandemError } from '../platform/errors';

/** A certificate with its key, as an application proves itself with it. */
export interface ClientCertificate {
  readonly key: KeyObject;
  /** Thumbprints of the certificate, base64url: SHA-1 (`x5t`) and SHA-256 (`x5t#S256`). Source: RFC 7515, sections 4.1.7 and 4.1.8. */
  readonly x5t: string;
  readonly x5tS256: string;
  /** UTC ms. */
  readonly expiresAt: number;
}

const leastBits = 2_048;

/** Reads a PEM text that holds one certificate and its RSA key. Throws TandemError `bad-request`, which quotes nothing of it. */
export function readCertificate(pem: string): ClientCertificate {
  const { key, certificate } = parts(pem);
  if (!certificate.checkPrivateKey(key)) throw notACertificate('the key is not that of the certificate');
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < leastBits) {
    throw notACertificate(`the key is not an RSA key of ${leastBits} bits or more`);
  }
  const thumbprint = (hash: 'sha1' | 'sha256') => createHash(hash).update(certificate.raw).digest('base64url');
  return { key, x5t: thumbprint('sha1'), x5tS256: thumbprint('sha256'), expiresAt: Date.parse(certificate.validTo) };
}

function parts(pem: string): { readonly key: KeyObject; readonly certificate: X509Certificate } {
  const block = (label: string) => new RegExp(`-----BEGIN ${label}-----[\\s\\S]+?-----END ${label}-----`).exec(pem)?.[0] ?? '';
  try {
    return { key: createPrivateKey(block('(?:RSA )?PRIVATE KEY')), certificate: new X509Certificate(block('CERTIFICATE')) };
  } catch {
    // What the parser says may quote the key.
    throw notACertificate('it is not a PEM text with a certificate and its key without a password');
  }
}

function notACertificate(detail: string): TandemError {
  return new TandemError(errorCodes.badRequest, {
    retry: 'never',
    fix: 'Send the certificate and its RSA key, both as PEM in one text and without a password.',
    detail,
  });
}
