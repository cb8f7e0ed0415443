import { tandemApplication, tenantId } from '../../local/company/people';
import { type IdentityProvider, startIdentityProvider } from '../../local/identity';
import { Counters } from '../../local/serving/counters';
import { Faults } from '../../local/serving/faults';

const { clientId, clientSecret } = tandemApplication;

export const callback = 'http://127.0.0.1:7071/app/api/auth/serviceAction/callback';
export const dynamics = 'http://127.0.0.1:5001';
export const graph = 'http://127.0.0.1:5002';

export interface TokenAnswer {
  status: number;
  body: Record<string, unknown> & { access_token: string; refresh_token: string; id_token: string; error_description: string };
}

/** Tandem, as the identity provider sees it, and a clock that tests can turn forward. */
export class Tandem {
  readonly faults = new Faults();
  readonly counters = new Counters();
  /** How far the provider's clock is ahead, in ms. */
  ahead = 0;
  private started: IdentityProvider | undefined;

  async start(): Promise<void> {
    const { faults, counters } = this;
    this.started = await startIdentityProvider({ surroundings: { faults, counters }, now: () => Date.now() + this.ahead });
  }

  async stop(): Promise<void> {
    await this.started?.service.close();
  }

  get identity(): IdentityProvider {
    if (this.started === undefined) throw new Error('Not started.');
    return this.started;
  }

  control(name: string, body: unknown): unknown {
    return this.identity.controls[name]?.(body);
  }

  authorizeUrl(parameters: Record<string, string>, path = `${tenantId}/oauth2/v2.0/authorize`): string {
    const defaults = { client_id: clientId, response_type: 'code', redirect_uri: callback, state: 'the state' };
    const scope = path.includes('v2.0') ? { scope: `openid offline_access ${dynamics}/.default` } : {};
    return `${this.identity.url}/${path}?${new URLSearchParams({ ...defaults, ...scope, ...parameters })}`;
  }

  authorize(parameters: Record<string, string>, path?: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.authorizeUrl(parameters, path), { redirect: 'manual', headers });
  }

  /** The code of a sign-in of Anna, or of whom `login_hint` names. */
  async code(parameters: Record<string, string> = {}, path?: string): Promise<string> {
    const response = await this.authorize({ login_hint: 'anna@contoso.example', ...parameters }, path);
    return returned(response).searchParams.get('code') ?? '';
  }

  async token(form: Record<string, string>, version: 1 | 2 = 2, headers: Record<string, string> = {}): Promise<TokenAnswer> {
    const url = `${this.identity.url}/${tenantId}/oauth2/${version === 2 ? 'v2.0/' : ''}token`;
    const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form), headers });
    return { status: response.status, body: (await response.json()) as TokenAnswer['body'] };
  }

  /** A token request that presents Tandem's secret in the body. */
  authenticated(form: Record<string, string>, version: 1 | 2 = 2): Promise<TokenAnswer> {
    return this.token({ client_id: clientId, client_secret: clientSecret, ...form }, version);
  }

  redeem(code: string, form: Record<string, string> = {}, version: 1 | 2 = 2): Promise<TokenAnswer> {
    return this.authenticated({ grant_type: 'authorization_code', code, redirect_uri: callback, ...form }, version);
  }

  refresh(refreshToken: string, form: Record<string, string> = {}): Promise<TokenAnswer> {
    return this.authenticated({ grant_type: 'refresh_token', refresh_token: refreshToken, ...form });
  }
}

/** Where an authorization reply sends the browser. */
export function returned(response: Response): URL {
  expect(response.status).toBe(302);
  return new URL(response.headers.get('location') ?? '');
}

export async function refusedWith(answer: Promise<TokenAnswer>, error: string, code: number, status = 400): Promise<void> {
  const { body, ...rest } = await answer;
  expect({ ...rest, error: body.error, codes: body.error_codes }).toEqual({ status, error, codes: [code] });
}

/** Expects an error page that leads nowhere. */
export async function shown(response: Promise<Response>, code: number): Promise<void> {
  const page = await response;
  expect(page.headers.get('location')).toBeNull();
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toContain(`AADSTS${code}`);
}
