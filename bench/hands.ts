import type { Person } from '../local/company/people';
import { tokenForApplication, tokenForPerson } from '../local/identity/sign-in';
import type { Stack } from '../local/stack';
import { call, type Json, valuesOf } from '../local/walkthrough/desk';
import { ownHeader } from './requests';

const own = { [ownHeader]: 'own' };

/** What a person does with her own hands, marked so that it is not counted as the app's doing. */
export class Hands {
  constructor(
    private readonly stack: Stack,
    readonly who: Person,
  ) {}

  /** Calls the Dynamics Web API as this person. */
  async dynamics(method: string, path: string, body?: Json): Promise<Json> {
    const { identity, dynamics } = this.stack;
    const token = await tokenForApplication(identity, dynamics.url);
    const headers = { ...own, CallerObjectId: this.who.objectId, prefer: 'return=representation' };
    const condition: Record<string, string> = method === 'PATCH' ? { 'if-match': '*' } : {};
    return call(`${dynamics.url}/api/data/v9.2/${path}`, method, token, body, { ...headers, ...condition });
  }

  /** Calls Graph for her own mailbox. */
  async outlook(method: string, path: string, body?: Json): Promise<Json> {
    const { identity, graph } = this.stack;
    const token = await tokenForPerson(identity, this.who.key, graph.url);
    const prefer = 'IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="text"';
    return call(`${graph.url}/v1.0/me/${path}`, method, token, body, { ...own, prefer });
  }

  /** The path of her default task list. */
  async taskList(): Promise<string> {
    const list = valuesOf(await this.outlook('GET', 'todo/lists')).find(({ wellknownListName }) => wellknownListName === 'defaultList');
    return `todo/lists/${String(list?.id)}`;
  }

  /** Everything in one of her folders. */
  async all(path: string): Promise<Json[]> {
    return valuesOf(await this.outlook('GET', `${path}?$top=1000`));
  }
}
