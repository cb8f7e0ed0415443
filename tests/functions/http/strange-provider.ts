import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { tandemApplication, tenantId } from '../../../local/company/people';

export interface Heard {
  readonly path: string;
  readonly form: URLSearchParams;
  readonly authorization: string | undefined;
}

type SigningKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

export type TokenReply = (heard: Heard, response: ServerResponse) => unknown;

/** A sign-in service that does what Entra ID never would. Its authorization endpoint is never asked: tests make up what the browser brings back. */
class StrangeProvider {
  readonly heard: Heard[] = [];
  /** How the token endpoint answers; null for the answer of an honest one. */
  reply: TokenReply | null = null;
  /** What the metadata say beside nothing. */
  metadata: Readonly<Record<string, unknown>> = {};
  private server: Server | undefined;
  private keys: { readonly own: SigningKey; readonly other: SigningKey; readonly jwk: JWK } | undefined;

  async start(): Promise<void> {
    const [own, other] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')];
    this.keys = {
      own: own.privateKey,
      other: other.privateKey,
      jwk: { ...(await exportJWK(own.publicKey)), kid: 'one', use: 'sig', alg: 'RS256' },
    };
    this.server = createServer((request, response) => this.answer(request, response));
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  reset(): void {
    this.heard.splice(0);
    this.reply = null;
    this.metadata = {};
  }

  get url(): string {
    const address = this.server?.address();
    if (typeof address !== 'object' || address === null) throw new Error('Not started.');
    return `http://127.0.0.1:${address.port}`;
  }

  /** The sign-in of an integration that goes here. */
  get signIn() {
    const base = `${this.url}/${tenantId}/oauth2/v2.0`;
    return {
      by: 'authorizationCode',
      clientId: tandemApplication.clientId,
      authorizationUrl: `${base}/authorize`,
      tokenUrl: `${base}/token`,
    };
  }

  /** The claims of an honest ID token. */
  claims(nonce: string, account: string): JWTPayload {
    const now = Math.floor(Date.now() / 1_000);
    const ids = { aud: tandemApplication.clientId, iss: `${this.url}/${tenantId}/v2.0`, tid: tenantId, oid: account, sub: 'pairwise' };
    return { ...ids, nonce, iat: now, nbf: now, exp: now + 3_600 };
  }

  sign(claims: JWTPayload, key: 'own' | 'other' = 'own'): Promise<string> {
    if (this.keys === undefined) throw new Error('Not started.');
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(this.keys[key]);
  }

  unsigned(claims: JWTPayload): string {
    return new UnsecuredJWT(claims).encode();
  }

  /** Signed with the public key as if it were a shared secret. */
  signedByConfusion(claims: JWTPayload): Promise<string> {
    const secret = new TextEncoder().encode(JSON.stringify(this.keys?.jwk));
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(secret);
  }

  /** An answer with this ID token, or without one. */
  tokens(idToken: string | null, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const tokens = { access_token: 'opaque-access', refresh_token: 'opaque-refresh', token_type: 'Bearer', expires_in: 3_600 };
    return { ...tokens, ...(idToken === null ? {} : { id_token: idToken }), ...more };
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    let body = '';
    request.on('data', (part) => {
      body += String(part);
    });
    request.on('end', async () => {
      const path = request.url ?? '';
      if (path.endsWith('/keys')) return json(response, { keys: [this.keys?.jwk] });
      if (path.endsWith('/openid-configuration')) return json(response, this.metadata);
      const heard = { path, form: new URLSearchParams(body), authorization: request.headers.authorization };
      this.heard.push(heard);
      const told = await this.reply?.(heard, response);
      if (!response.headersSent && !response.destroyed && told !== undefined) json(response, told);
    });
  }
}

export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A provider that answers for as long as the tests of a file run, and to each as to the first. */
export function strangeProvider(): StrangeProvider {
  const provider = new StrangeProvider();
  beforeAll(() => provider.start());
  beforeEach(() => provider.reset());
  afterAll(() => provider.stop());
  return provider;
}
