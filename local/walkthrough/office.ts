import { type Person, person, tandemApplication } from '../company/people';
import { tokenForPerson } from '../identity/sign-in';
import type { Stack } from '../stack';
import { call, Desk, type Json, valuesOf } from './desk';
import { until } from './until';

const integrationId = 'contoso';
/** Subscriptions are no item of anybody. */
const writing = /^(POST|PATCH|PUT|DELETE) (?!.*\$batch|subscriptions)/;

/** The demo company with Tandem in it: desks for its people, the admin's API, and the stand-ins' own controls. */
export class Office {
  readonly anna: Desk;
  readonly ben: Desk;

  constructor(readonly stack: Stack) {
    const addresses = { identity: stack.identity, dynamicsUrl: stack.dynamics.url, graphUrl: stack.graph.url };
    this.anna = new Desk(person('anna'), addresses);
    this.ben = new Desk(person('ben'), addresses);
  }

  /** Tandem's own API, as the administrator. */
  async admin(method: string, path: string, body?: Json): Promise<Json> {
    const token = await tokenForPerson(this.stack.identity, 'lena', tandemApplication.audience);
    return call(`${this.stack.hostUrl}/admin/api/${path}`, method, token, body);
  }

  /** Connects the company's environment, of which more may be asked than of a real one: nobody else uses it. */
  async connect(): Promise<void> {
    const connection = { rateLimit: { requests: 10_000, per: 'second' } };
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
    await call(`${this.stack.control.url}/faults`, 'POST', null, rule);
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

  private async operations(service: string, label: string): Promise<number> {
    return (await this.endpoints())[service]?.[label]?.operations ?? 0;
  }

  private async endpoints(): Promise<Record<string, Record<string, { operations: number }>>> {
    const { endpoints } = await call(`${this.stack.control.url}/counters`, 'GET', null);
    return endpoints as Record<string, Record<string, { operations: number }>>;
  }
}
