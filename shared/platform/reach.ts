import { isIP, connect as open, type Socket } from 'node:net';
import { rootCertificates, connect as secure } from 'node:tls';
import { errorCodes, TandemError } from './errors';

/** Where to knock. */
export interface Door {
  /** An http or https address; only its host and port count. */
  readonly url: string;
  /** PEM certificates of authorities to trust beside the public ones. */
  readonly caBundle: string | null;
  /** In ms. */
  readonly timeoutMs: number;
}

/** Opens a connection and closes it. Sends nothing. Throws TandemError `unavailable` or `timeout`, with the system's name for what failed. */
export async function reach({ url, timeoutMs }: Door): Promise<void> {
  const { host, port } = placeOf(url);
  await opened(open({ host, port }), 'connect', timeoutMs, addressFix);
}

/** Agrees on TLS and closes. Throws TandemError `unavailable` or `timeout`, with the library's name for what is wrong with the certificate. */
export async function agreeOnTls({ url, caBundle, timeoutMs }: Door): Promise<void> {
  const { host, port } = placeOf(url);
  const ca = caBundle === null ? {} : { ca: [...rootCertificates, caBundle] };
  const name = isIP(host) === 0 ? { servername: host } : {};
  await opened(secure({ host, port, ...name, ...ca, ALPNProtocols: ['http/1.1'] }), 'secureConnect', timeoutMs, certificateFix);
}

function placeOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
}

function opened(socket: Socket, event: 'connect' | 'secureConnect', timeoutMs: number, fixOf: (code: string) => string): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(failure(errorCodes.timeout, 'no answer in time', fixOf('ETIMEDOUT'))), timeoutMs);
    socket.once(event, resolve);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? 'the connection failed';
      reject(failure(errorCodes.unavailable, code, fixOf(code)));
    });
    socket.once('close', () => clearTimeout(timer));
  }).finally(() => socket.destroy());
}

function addressFix(code: string): string {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'Check the address: its name is not known where Tandem runs.';
    case 'ECONNREFUSED':
      return 'Check the address and its port: nothing listens there.';
    default:
      return 'Check the address, and whether the network where Tandem runs lets it through.';
  }
}

function certificateFix(code: string): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return 'Renew the certificate of the server.';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'Use the name that the certificate of the server is for.';
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return 'Its authority is not known: on premises, put it into connection.onPremises.caBundle; online, see what stands between.';
    default:
      return 'See whether the server speaks TLS 1.2 or later at this address.';
  }
}

function failure(code: typeof errorCodes.timeout | typeof errorCodes.unavailable, detail: string, fix: string): TandemError {
  return new TandemError(code, { retry: 'later', fix, detail });
}
