import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { z } from 'zod';

const block = /-----BEGIN ([A-Z0-9 ]+)-----[^-]+-----END \1-----/g;
const mostCertificates = 50;
const leastRsaBits = 2_048;

/** A certificate as people are told of it; times in UTC ms. */
export interface CertificateFacts {
  readonly subject: string;
  readonly expiresAt: number;
}

/** The blocks of a PEM text, each with its label, such as CERTIFICATE. What stands around them is for people and counts for nothing (RFC 7468, 5.2). */
function blocksOf(pem: string): readonly { readonly label: string; readonly text: string }[] {
  return [...pem.matchAll(block)].map(([text, label = '']) => ({ label, text }));
}

function certificateOf(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

/** Whether others can be checked against it: it is an authority's, or it stands for itself alone. */
function isAnchor(certificate: X509Certificate): boolean {
  return certificate.ca || (certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey));
}

function complaintAbout(pem: string): string | null {
  const blocks = blocksOf(pem);
  if (blocks.some(({ label }) => label.includes('PRIVATE KEY'))) return 'holds a private key, which belongs to nobody else';
  if (blocks.length === 0 || blocks.some(({ label }) => label !== 'CERTIFICATE')) return 'is not made of PEM certificates';
  if (blocks.length > mostCertificates) return `has more than ${mostCertificates} certificates`;
  for (const [index, { text }] of blocks.entries()) {
    const certificate = certificateOf(text);
    if (certificate === null) return `has a certificate that cannot be read: number ${index + 1}`;
    if (!isAnchor(certificate)) return `has a certificate that is no authority's: number ${index + 1}`;
  }
  return null;
}

/** PEM certificates of authorities. Only the certificates are kept, and a private key among them is refused: this is stored in a table. */
export const AuthorityBundle = z
  .string()
  .max(100_000)
  .superRefine((pem, context) => {
    const wrong = complaintAbout(pem);
    if (wrong !== null) context.addIssue({ code: 'custom', message: wrong });
  })
  .overwrite(
    (pem) =>
      `${blocksOf(pem)
        .map(({ text }) => text)
        .join('\n')}\n`,
  );

/** The certificates of a bundle that `AuthorityBundle` passed. */
export function certificatesIn(bundle: string): CertificateFacts[] {
  return blocksOf(bundle).flatMap(({ text }) => {
    const certificate = certificateOf(text);
    return certificate === null ? [] : [factsOf(certificate)];
  });
}

/** A certificate with its private key, as a PEM text that holds these two first, and when it ends. */
export interface ClientCertificate {
  readonly pem: string;
  readonly expiresAt: number;
}

/** What a PEM text lacks to prove who signs in: a certificate and its unencrypted RSA key of 2,048 bits or more, as Entra ID and AD FS take them. */
export type ClientCertificateFault =
  | 'holds no certificate'
  | 'holds no private key'
  | 'has a key that is encrypted or cannot be read'
  | 'has a certificate that cannot be read'
  | 'has a key that is not RSA of at least 2048 bits'
  | 'has a key of another certificate';

/** The certificate that proves who signs in, with its key, from a PEM text in either order; others in the text are its chain and stay behind it. */
export function clientCertificateIn(pem: string): ClientCertificate | ClientCertificateFault {
  const blocks = blocksOf(pem);
  const keyBlock = blocks.find(({ label }) => label.includes('PRIVATE KEY'));
  const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE');
  if (certificates.length === 0) return 'holds no certificate';
  if (keyBlock === undefined) return 'holds no private key';
  const key = privateKeyOf(keyBlock.text);
  if (key === null) return 'has a key that is encrypted or cannot be read';
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < leastRsaBits)
    return 'has a key that is not RSA of at least 2048 bits';
  const read = certificates.map(({ text }) => certificateOf(text)).filter((each) => each !== null);
  if (read.length < certificates.length) return 'has a certificate that cannot be read';
  const own = read.find((each) => each.checkPrivateKey(key));
  if (own === undefined) return 'has a key of another certificate';
  const inOrder = [own, ...read.filter((each) => each !== own)].map((each) => each.toString());
  const keyPem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { pem: [keyPem, ...inOrder].map((each) => `${each.trim()}\n`).join(''), expiresAt: factsOf(own).expiresAt };
}

function privateKeyOf(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  return { subject: certificate.subject.replaceAll('\n', ', '), expiresAt: Date.parse(certificate.validTo) };
}
