import { Browser, overHttp, type Page } from '../browser';
import { type Person, person, tandemApplication } from '../company/people';
import { tokenForPerson } from '../identity/sign-in';
import type { Stack } from '../stack';
import { ask, bodyOf, call, Desk, type Json, type Reply, valuesOf } from './desk';
import { Evidence } from './evidence';
import type { Secret } from './leaks';
import { until } from './until';

export const integrationId = 'contoso';
/** More may be asked of the company's environment than of a real one: nobody else uses it. */
export const rateLimit = { requests: 10_000, per: 'second' } as const;
/** Subscriptions are no item of anybody. */
const writing = /^(POST|PATCH|PUT|DELETE) (?!.*\$batch|subscriptions)/;

/** The demo company with Tandem in it: desks for its people, the admin's API, and the stand-ins' own controls. */
export class Office {
  readonly anna: Desk;
  readonly ben: Desk;

  /** What was secret and is no longer kept by whoever gave it away. */
  readonly pastSecrets: Secret[] = [];

  /** @param evidence where replies of Tandem are noted, and whatever the stack was told to note */
  constructor(
    readonly stack: Stack,
    readonly evidence: Evidence = new Evidence(),
  ) {
    const addresses = { identity: stack.identity, dynamicsUrl: stack.dynamics.url, graphUrl: stack.graph.url };
    this.anna = new Desk(person('anna'), addresses);
    this.ben = new Desk(person('ben'), addresses);
  }

  /** Tandem's own API, as the administrator. Throws where it refuses. */
  async admin(method: string, path: string, body?: Json, headers: Readonly<Record<string, string>> = {}): Promise<Json> {
    const url = `/admin/api/${path}`;
    return bodyOf(await this.app('lena', method, url, body, headers), `${this.stack.hostUrl}${url}`, method);
  }

  /** Tandem's own API as anybody, and whatever it answers. */
  async app(
    personKey: string | null,
    method: string,
    path: string,
    body?: Json,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    const token = personKey === null ? null : await this.tokenOf(personKey);
    return this.seen(await ask(`${this.stack.hostUrl}${path}`, method, token, body, headers));
  }

  /** A person's token for Tandem's own API. */
  tokenOf(personKey: string): Promise<string> {
    return tokenForPerson(this.stack.identity, personKey, tandemApplication.audience);
  }

  /** A browser in which nobody has signed in yet. */
  browser(): Browser {
    return new Browser(async (url, asked) => {
      const page = await overHttp(url, asked);
      return url.origin === this.stack.hostUrl ? this.seen(page) : page;
    });
  }

  private seen<T extends Page>(reply: T): T {
    this.evidence.note('a reply of Tandem', JSON.stringify([...reply.headers]) + reply.text);
    return reply;
  }

  /** Gives a person the right in Dynamics that whoever is Tandem there has to have. */
  async allowToActForOthers(personKey: string): Promise<void> {
    await this.control('dynamics/setActOnBehalf', { systemUserId: person(personKey).systemUserId, allowed: true });
  }

  /** Connects the company's environment in which Tandem is itself, which takes no sign-in. */
  async connect(): Promise<void> {
    const connection = { rateLimit };
    await this.admin('PUT', `integrations/${integrationId}`, { name: 'Contoso', baseUrl: this.stack.dynamics.url, connection });
  }

  /** Enables a person's mailbox and waits until its first load is done. */
  async enable(who: Person): Promise<void> {
    await this.admin('POST', 'mailboxes', { integration: integrationId, systemUserId: who.systemUserId });
    await until(`the mailbox of ${who.firstName} is on`, async () => (await this.mailbox(who)).status === 'on');
  }

  mailbox(who: Person): Promise<Json> {
    return this.admin('GET', `mailboxes/${integrationId}/${who.systemUserId}`);
  }

  async journal(who: Person): Promise<Json[]> {
    const { items } = await this.admin('GET', `mailboxes/${integrationId}/${who.systemUserId}/journal?limit=200`);
    return valuesOf({ value: items });
  }

  /** Asks for a cycle of each mailbox and waits until all of them have read their calendars' deltas. */
  async cycleNow(people: readonly Person[]): Promise<void> {
    const before = await this.operations('graph', 'GET calendarView/delta');
    for (const who of people) await this.admin('POST', `mailboxes/${integrationId}/${who.systemUserId}/sync-now`);
    await until(
      'every mailbox has had a cycle',
      async () => (await this.operations('graph', 'GET calendarView/delta')) >= before + people.length,
    );
  }

  async fault(rule: Json): Promise<void> {
    await this.control('faults', rule);
  }

  /** What only who runs the real services could do. */
  async control(path: string, body: Json): Promise<unknown> {
    return call(`${this.stack.control.url}/${path}`, 'POST', null, body);
  }

  async clearFaults(): Promise<void> {
    await call(`${this.stack.control.url}/faults`, 'DELETE', null);
  }

  async resetCounters(): Promise<void> {
    await call(`${this.stack.control.url}/counters`, 'DELETE', null);
  }

  /** What was written to both sides since the counters were reset, by endpoint. */
  async writes(): Promise<string[]> {
    const endpoints = await this.endpoints();
    return ['dynamics', 'graph'].flatMap((service) =>
      Object.entries(endpoints[service] ?? {}).flatMap(([label, { operations }]) =>
        writing.test(label) ? [`${service}: ${operations} × ${label}`] : [],
      ),
    );
  }

  /** How often a stand-in has served what is counted under a label, since the counters were reset. */
  async operations(service: string, label: string): Promise<number> {
    return (await this.endpoints())[service]?.[label]?.operations ?? 0;
  }

  private async endpoints(): Promise<Record<string, Record<string, { operations: number }>>> {
    const { endpoints } = await call(`${this.stack.control.url}/counters`, 'GET', null);
    return endpoints as Record<string, Record<string, { operations: number }>>;
  }
}
