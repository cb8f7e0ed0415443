import { z } from 'zod';
import { callbackPaths } from './identity/clients';

/** A sign-in of Tandem's own account, or of a person for her actions. */
export type SignInUse = 'service' | 'action';

/** Where each begins, and where the identity provider sends the browser back to. */
export const signInPaths = {
  service: { start: '/admin/api/gwsc/auth/start', callback: callbackPaths[0] },
  action: { start: '/app/api/auth/serviceAction/start', callback: callbackPaths[1] },
} as const satisfies Readonly<Record<SignInUse, { readonly start: string; readonly callback: string }>>;

/** What a browser asks for. */
export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams;
}

/** What it got. */
export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** How requests leave a browser; no redirect is followed. */
export type Send = (url: URL, asked: Asked) => Promise<Page>;

const StartReply = z.object({ url: z.url() });

/** A browser as far as a sign-in needs one: it keeps and sends cookies, and fills in the page of the identity provider. */
export class Browser {
  private readonly jars = new Map<string, Map<string, string>>();

  constructor(private readonly send: Send = overHttp) {}

  /** The cookies of an origin by name. All parts of a stack are one host here, which they never are in Azure, so ports keep them apart. */
  jarOf(origin: string): Map<string, string> {
    const jar = this.jars.get(origin) ?? new Map<string, string>();
    this.jars.set(origin, jar);
    return jar;
  }

  async open(url: URL, asked: Partial<Asked> = {}): Promise<Page> {
    const jar = this.jarOf(url.origin);
    const cookie = jar.size === 0 ? {} : { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') };
    const page = await this.send(url, { method: 'GET', ...asked, headers: { ...asked.headers, ...cookie } });
    for (const set of page.headers.getSetCookie()) keep(jar, set);
    return page;
  }

  /** Begins a sign-in at the app as whoever `bearer` is a token of, and returns where it leads. */
  async start(app: string, use: SignInUse, integration: string, bearer: string): Promise<URL> {
    const url = new URL(`${signInPaths[use].start}?integration=${integration}`, app);
    const page = await this.open(url, { headers: { authorization: `Bearer ${bearer}` } });
    if (page.status !== 200) throw new Error(`The sign-in did not begin: ${page.status} ${page.text}`);
    return new URL(StartReply.parse(JSON.parse(page.text)).url);
  }

  /** Picks a person at the page of the identity provider, and returns where that sends the browser to. */
  async signIn(url: URL, personKey: string): Promise<URL> {
    const page = await this.open(url);
    const answer = page.headers.get('location') === null ? await this.open(...pick(page, url, personKey)) : page;
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`The identity provider sends the browser nowhere: ${answer.status} ${answer.text}`);
    return new URL(location, url);
  }
}

/** The answer to the form of a sign-in page. */
function pick({ status, text }: Page, url: URL, personKey: string): [URL, Asked] {
  const action = /<form method="post" action="([^"]+)"/.exec(text)?.[1];
  const request = /name="request" value="([^"]+)"/.exec(text)?.[1];
  if (action === undefined || request === undefined || !text.includes(`name="person" value="${personKey}"`))
    throw new Error(`This is no page on which ${personKey} could sign in: ${status} ${text}`);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return [new URL(action, url), { method: 'POST', headers, body: new URLSearchParams({ request, person: personKey }) }];
}

function keep(jar: Map<string, string>, set: string): void {
  const [pair = '', ...attributes] = set.split(';').map((part) => part.trim());
  const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
  if (attributes.some((attribute) => /^max-age=0$/i.test(attribute))) jar.delete(name);
  else jar.set(name, value);
}

/** Sends a request to wherever it leads. */
export async function overHttp(url: URL, { method, headers, body }: Asked): Promise<Page> {
  const response = await fetch(url, { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body }) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
