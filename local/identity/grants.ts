import { createHash, randomBytes } from 'node:crypto';
import type { Person } from '../company/people';
import type { Registration } from './clients';
import { StsError } from './sts-error';
import type { Target } from './target';

/** What a person let a client do, as a code or a refresh token stands for it. */
export interface Grant {
  readonly client: Registration;
  readonly person: Person;
  /** Absent where a v1 sign-in named no resource yet. */
  readonly target: Target | undefined;
}

export interface Challenge {
  readonly method: 'S256' | 'plain';
  readonly value: string;
}

export interface CodeGrant extends Grant {
  readonly redirectUri: string;
  readonly challenge: Challenge | undefined;
  readonly nonce: string | undefined;
}

interface IssuedCode {
  readonly grant: CodeGrant;
  readonly issuedAt: number;
  redeemed: boolean;
}

interface IssuedRefreshToken {
  readonly grant: Grant;
  readonly issuedAt: number;
  expiresAt: number;
  revokedAt: number | undefined;
}

const codeLifetimeMs = 10 * 60_000;
/** How long a code is remembered, so that a late second use is told apart from an invented code. */
const codeMemoryMs = 60 * 60_000;

/** The authorization codes and refresh tokens that are out. */
export class Grants {
  private readonly codes = new Map<string, IssuedCode>();
  private readonly refreshTokens = new Map<string, IssuedRefreshToken>();

  constructor(private readonly now: () => number) {}

  /** A code for one redemption within ten minutes. */
  issueCode(grant: CodeGrant): string {
    for (const [code, { issuedAt }] of this.codes) {
      if (issuedAt + codeMemoryMs > this.now()) break;
      this.codes.delete(code);
    }
    const code = `1.${randomBytes(48).toString('base64url')}`;
    this.codes.set(code, { grant, issuedAt: this.now(), redeemed: false });
    return code;
  }

  /** Redeems a code once, for the client, redirect URI and verifier that belong to it. */
  redeemCode(code: string, client: Registration, redirectUri: string, verifier: string | undefined): CodeGrant {
    const issued = this.codes.get(code);
    if (issued === undefined || issued.grant.client.clientId !== client.clientId) {
      throw new StsError('invalid_grant', 70000, 'The authorization code is not valid for this client.');
    }
    if (issued.redeemed) throw new StsError('invalid_grant', 54005, 'The authorization code was already redeemed; sign in again.');
    if (issued.issuedAt + codeLifetimeMs <= this.now()) throw new StsError('invalid_grant', 70008, 'The authorization code has expired.');
    if (issued.grant.redirectUri !== redirectUri) {
      throw new StsError('invalid_client', 500112, `The reply address '${redirectUri}' is not the one of the authorization request.`);
    }
    if (!answers(issued.grant.challenge, verifier)) {
      throw new StsError('invalid_grant', 501481, 'The code_verifier does not match the code_challenge of the authorization request.');
    }
    issued.redeemed = true;
    return issued.grant;
  }

  issueRefreshToken(grant: Grant, lifetimeMs: number): string {
    const token = `1.${randomBytes(64).toString('base64url')}`;
    this.refreshTokens.set(token, { grant, issuedAt: this.now(), expiresAt: this.now() + lifetimeMs, revokedAt: undefined });
    return token;
  }

  /** The grant behind a refresh token. Using it leaves it valid: Entra hands out a new one and does not revoke the old. */
  useRefreshToken(token: string, client: Registration): Grant {
    const issued = this.refreshTokens.get(token);
    if (issued === undefined || issued.grant.client.clientId !== client.clientId) {
      throw new StsError('invalid_grant', 9002313, 'The refresh token is malformed or belongs to another client.');
    }
    if (issued.revokedAt !== undefined) {
      const [from, until] = [issued.issuedAt, issued.revokedAt].map((at) => new Date(at).toISOString());
      const text = `The grant was revoked; a fresh sign-in is needed. It was issued on '${from}', and tokens are valid from '${until}'.`;
      throw new StsError('invalid_grant', 50173, text);
    }
    if (issued.expiresAt <= this.now()) {
      const text = `The refresh token has expired due to inactivity. It was issued on ${new Date(issued.issuedAt).toISOString()}.`;
      throw new StsError('invalid_grant', 700082, text);
    }
    return issued.grant;
  }

  /** Revokes every refresh token that this person's sign-ins gave; returns how many. */
  revoke(person: Person): number {
    return this.change(person, (issued) => {
      issued.revokedAt ??= this.now();
    });
  }

  /** Makes every refresh token of this person expired; returns how many. */
  expire(person: Person): number {
    return this.change(person, (issued) => {
      issued.expiresAt = this.now();
    });
  }

  private change(person: Person, change: (issued: IssuedRefreshToken) => void): number {
    const theirs = [...this.refreshTokens.values()].filter(({ grant }) => grant.person.objectId === person.objectId);
    for (const issued of theirs) change(issued);
    return theirs.length;
  }
}

/** A verifier is due exactly where there was a challenge: one that nobody asked for shows a code that was swapped. */
function answers(challenge: Challenge | undefined, verifier: string | undefined): boolean {
  if (challenge === undefined || verifier === undefined) return challenge === undefined && verifier === undefined;
  const value = challenge.method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
  return value === challenge.value;
}
