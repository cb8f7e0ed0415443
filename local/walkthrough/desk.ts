import type { Person } from '../company/people';
import { type SignInAddress, tokenForPerson } from '../identity/sign-in';

export type Json = Readonly<Record<string, unknown>>;

interface Addresses {
  readonly identity: SignInAddress;
  readonly dynamicsUrl: string;
  readonly graphUrl: string;
}

/** A person at her desk: Dynamics in one window, Outlook in the other, each through its public API and with her own sign-in. */
export class Desk {
  constructor(
    readonly who: Person,
    private readonly addresses: Addresses,
  ) {}

  /** Calls the Dynamics Web API as this person and returns the row or list that it answers with. */
  async dynamics(method: string, path: string, body?: Json): Promise<Json> {
    const { identity, dynamicsUrl } = this.addresses;
    const token = await tokenForPerson(identity, this.who.key, dynamicsUrl);
    const conditions: Record<string, string> = method === 'PATCH' ? { 'if-match': '*' } : {};
    return call(`${dynamicsUrl}/api/data/v9.2/${path}`, method, token, body, { ...conditions, prefer: 'return=representation' });
  }

  /** Calls Graph for her own mailbox. */
  async outlook(method: string, path: string, body?: Json): Promise<Json> {
    const { identity, graphUrl } = this.addresses;
    const token = await tokenForPerson(identity, this.who.key, graphUrl);
    const prefer = 'IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="text"';
    return call(`${graphUrl}/v1.0/me/${path}`, method, token, body, { prefer });
  }

  /** Her open and completed tasks in the default list. */
  async tasks(): Promise<Json[]> {
    return this.all(`${await this.taskList()}/tasks?$top=1000`);
  }

  async taskList(): Promise<string> {
    const lists = await this.all('todo/lists');
    const list = lists.find(({ wellknownListName }) => wellknownListName === 'defaultList');
    return `todo/lists/${String(list?.id)}`;
  }

  contacts(): Promise<Json[]> {
    return this.all('contacts?$top=1000');
  }

  events(): Promise<Json[]> {
    return this.all('events?$top=1000');
  }

  /** Rows that she owns in Dynamics. */
  async owned(set: string, filter: string, select: string): Promise<Json[]> {
    const query = `$filter=_ownerid_value eq ${this.who.systemUserId} and ${filter}&$select=${select}`;
    return valuesOf(await this.dynamics('GET', `${set}?${query}`));
  }

  private async all(path: string): Promise<Json[]> {
    return valuesOf(await this.outlook('GET', path));
  }
}

/** The rows of a list answer. */
export function valuesOf(answer: Json): Json[] {
  return Array.isArray(answer.value) ? (answer.value as Json[]) : [];
}

/** What an API answered. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** One JSON call, whatever it comes to. */
export async function ask(
  url: string,
  method: string,
  token: string | null,
  body?: Json,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** One JSON call. Throws with status and the start of the answer where it is refused. */
export async function call(...asked: Parameters<typeof ask>): Promise<Json> {
  const [url, method] = asked;
  return bodyOf(await ask(...asked), url, method);
}

/** The body of a reply. Throws with status and the start of it where it is a refusal. */
export function bodyOf({ status, text }: Reply, url: string, method: string): Json {
  if (status < 200 || status > 299) throw new Error(`${method} ${new URL(url).pathname} answered ${status}: ${text.slice(0, 300)}`);
  return text === '' ? {} : (JSON.parse(text) as Json);
}
