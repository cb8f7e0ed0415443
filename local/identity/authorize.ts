import { randomUUID } from 'node:crypto';
import { type Person, people } from '../company/people';
import type { WireReply, WireRequest } from '../serving/wire';
import { type Authority, checkTenant, findPerson } from './authority';
import { type Registration, registered } from './clients';
import type { Challenge } from './grants';
import { errorPage, signInPage } from './pages';
import { Parameters } from './parameters';
import { type ResponseMode, type ReturnAddress, respond } from './respond';
import type { Route, Version } from './routes';
import { errorBody, missing, StsError } from './sts-error';
import { needTarget, type Target, targetOf } from './target';

/** A checked authorization request that waits for a person. */
interface PendingSignIn {
  readonly client: Registration;
  readonly returnTo: ReturnAddress;
  readonly target: Target | undefined;
  readonly challenge: Challenge | undefined;
  readonly nonce: string | undefined;
  readonly startedAt: number;
}

const signInLifetimeMs = 10 * 60_000;

/** The authorize endpoint and the page behind it. */
export class SignIns {
  private readonly pending = new Map<string, PendingSignIn>();

  constructor(private readonly authority: Authority) {}

  /** Starts a sign-in: a page to choose a person, or at once for `login_hint` and for `prompt=none` in a known browser. */
  authorize(request: WireRequest, route: Route): WireReply {
    return this.orPage(request, () => {
      checkTenant(route.tenant);
      const parameters = new Parameters(request.method === 'POST' ? new URLSearchParams(request.body) : request.url.searchParams);
      const client = registered(this.authority.clients, parameters.need('client_id'));
      const returnTo = returnAddress(client, parameters);
      return this.orRedirect(request, returnTo, () => this.start(request, route, client, returnTo, parameters));
    });
  }

  /** Takes the choice made on the page. Each page can be answered once. */
  answer(request: WireRequest): WireReply {
    return this.orPage(request, () => {
      const parameters = new Parameters(new URLSearchParams(request.body));
      const id = parameters.need('request');
      const waiting = this.pending.get(id);
      this.pending.delete(id);
      if (waiting === undefined || waiting.startedAt + signInLifetimeMs <= this.authority.now()) {
        throw new StsError(
          'invalid_request',
          165000,
          'This sign-in page was used already or is too old. Start again from the application.',
        );
      }
      return this.orRedirect(request, waiting.returnTo, () => {
        if (parameters.get('answer') === 'deny')
          throw new StsError('access_denied', 65004, 'The person declined to let the application in.');
        const person = findPerson(parameters.need('person'));
        if (person === undefined) throw new StsError('invalid_request', 50034, 'There is no such person in Contoso.');
        return this.finish(waiting, person);
      });
    });
  }

  private start(
    request: WireRequest,
    { tenant, version }: Route,
    client: Registration,
    returnTo: ReturnAddress,
    parameters: Parameters,
  ): WireReply {
    this.authority.failures.check('authorize');
    const signIn = pendingSignIn(client, returnTo, parameters, version, this.authority.now());
    const hinted = findPerson(parameters.get('login_hint'));
    const prompt = parameters.get('prompt');
    if (prompt === 'none') {
      const known = this.authority.sessions.person(request.headers.cookie);
      if (known !== undefined && (hinted === undefined || hinted === known)) return this.finish(signIn, known);
      throw new StsError('login_required', 50058, 'A silent sign-in was asked for, but nobody is signed in in this browser.');
    }
    if (hinted !== undefined && prompt !== 'select_account') return this.finish(signIn, hinted);
    const id = randomUUID();
    this.forgetOld();
    this.pending.set(id, signIn);
    return signInPage(`/${tenant}/sign-in`, id, client.name, people);
  }

  private finish(signIn: PendingSignIn, person: Person): WireReply {
    const { client, returnTo, target, challenge, nonce } = signIn;
    const { id, cookie } = this.authority.sessions.start(person);
    const code = this.authority.grants.issueCode({ client, person, target, redirectUri: returnTo.redirectUri, challenge, nonce });
    this.authority.issued.add('authorization code', code);
    return respond(returnTo, { session_state: id, code }, cookie);
  }

  private forgetOld(): void {
    for (const [id, { startedAt }] of this.pending) {
      if (startedAt + signInLifetimeMs > this.authority.now()) break;
      this.pending.delete(id);
    }
  }

  private orPage(request: WireRequest, work: () => WireReply): WireReply {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof StsError)) throw error;
      return errorPage(error.status, errorBody(error, request, this.authority.now()));
    }
  }

  private orRedirect(request: WireRequest, returnTo: ReturnAddress, work: () => WireReply): WireReply {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof StsError)) throw error;
      const { error_description, error_uri } = errorBody(error, request, this.authority.now());
      return respond(returnTo, { error: error.error, error_description, error_uri });
    }
  }
}

/** The registered address to return to; an unregistered one is never redirected to (AADSTS50011). */
export function checkedRedirect(client: Registration, parameters: Parameters): string {
  const redirectUri = parameters.need('redirect_uri');
  if (client.allowsRedirect(redirectUri)) return redirectUri;
  const text = `The redirect URI '${redirectUri}' does not match the redirect URIs configured for the application '${client.clientId}'.`;
  throw new StsError('invalid_request', 50011, text);
}

function returnAddress(client: Registration, parameters: Parameters): ReturnAddress {
  const mode = parameters.get('response_mode') ?? 'query';
  const known: ResponseMode = mode === 'fragment' || mode === 'form_post' ? mode : 'query';
  return { redirectUri: checkedRedirect(client, parameters), mode: known, state: parameters.get('state') };
}

function pendingSignIn(
  client: Registration,
  returnTo: ReturnAddress,
  parameters: Parameters,
  version: Version,
  startedAt: number,
): PendingSignIn {
  const responseType = parameters.need('response_type');
  if (responseType !== 'code') {
    throw new StsError('unsupported_response_type', 700054, `The response_type '${responseType}' is not enabled for the application.`);
  }
  const mode = parameters.get('response_mode') ?? 'query';
  if (mode !== returnTo.mode) throw new StsError('invalid_request', 70007, `'${mode}' is not a supported response_mode.`);
  const target = targetOf(parameters, version);
  if (version === 2) needTarget(target, version);
  return { client, returnTo, target, challenge: challengeOf(parameters), nonce: parameters.get('nonce'), startedAt };
}

function challengeOf(parameters: Parameters): Challenge | undefined {
  const value = parameters.get('code_challenge');
  const method = parameters.get('code_challenge_method') ?? 'plain';
  if (value === undefined) {
    if (parameters.get('code_challenge_method') !== undefined) throw missing('code_challenge');
    return undefined;
  }
  if (method !== 'S256' && method !== 'plain') {
    throw new StsError('invalid_request', 501491, `'${method}' is not a supported code_challenge_method.`);
  }
  if (!/^[\w.~-]{43,128}$/.test(value))
    throw new StsError('invalid_request', 50147, 'The code_challenge has to be 43 to 128 unreserved characters.');
  return { method, value };
}
