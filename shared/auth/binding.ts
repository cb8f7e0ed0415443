import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * What ties a sign-in to the browser that began it. The browser holds one secret in a cookie, the provider hands back another, the `state`; what redeems a code
 * (verifier) and what an ID token must repeat (nonce) are made from both, so that neither is kept anywhere and a stolen address alone is worth nothing.
 */
export interface Binding {
  readonly state: string;
  /** The value of the cookie. */
  readonly browser: string;
}

export function newBinding(): Binding {
  return { state: randomBytes(32).toString('base64url'), browser: randomBytes(32).toString('base64url') };
}

/** What the table keeps in place of a secret. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

export function isSecretOf(digest: string, secret: string): boolean {
  const [kept, given] = [digest, digestOf(secret)].map((text) => Buffer.from(text));
  return kept !== undefined && given !== undefined && kept.length === given.length && timingSafeEqual(kept, given);
}

/** The PKCE code verifier: 43 characters (RFC 7636, section 4.1). */
export function verifierOf(binding: Binding): string {
  return derived('verifier', binding);
}

export function nonceOf(binding: Binding): string {
  return derived('nonce', binding);
}

function derived(purpose: string, { state, browser }: Binding): string {
  return createHmac('sha256', browser).update(`${purpose} ${state}`).digest('base64url');
}

/** Any text of this form can be a secret of ours; everything else need not be looked up. */
export function isOurs(secret: string): boolean {
  return /^[\w-]{43}$/.test(secret);
}

/**
 * A cookie of its own for each sign-in, so that two at once do not meet. The prefix makes browsers take it from this host alone, over https (RFC 6265bis,
 * section 4.1.3.2); where the public address is plain http, which can only be this machine's, no browser would keep it.
 */
export function cookieName(state: string, publicUrl: string): string {
  return `${isHttps(publicUrl) ? '__Host-' : ''}tandem-sign-in-${digestOf(state).slice(0, 16)}`;
}

/** A cookie as a reply sets it. */
export interface BindingCookie {
  readonly name: string;
  readonly value: string;
  readonly path: '/';
  /** Seconds. */
  readonly maxAge: number;
  readonly httpOnly: true;
  readonly secure: boolean;
  readonly sameSite: 'Lax';
}

/** Keeps the secret in the browser, or with null takes it away. Lax: the provider's redirect has to bring it along. */
export function cookieOf(state: string, browser: string | null, publicUrl: string, maxAgeMs: number): BindingCookie {
  return {
    name: cookieName(state, publicUrl),
    value: browser ?? '',
    path: '/',
    maxAge: browser === null ? 0 : Math.ceil(maxAgeMs / 1_000),
    httpOnly: true,
    secure: isHttps(publicUrl),
    sameSite: 'Lax',
  };
}

/** The secret that the browser holds for this state. A name that is there twice counts as none: somebody has put one in. */
export function browserSecret(cookies: string | null, state: string, publicUrl: string): string | null {
  const name = cookieName(state, publicUrl);
  const values = (cookies ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  const [value = ''] = values.map((pair) => pair.slice(name.length + 1));
  return values.length === 1 && isOurs(value) ? value : null;
}

function isHttps(publicUrl: string): boolean {
  return publicUrl.startsWith('https:');
}
