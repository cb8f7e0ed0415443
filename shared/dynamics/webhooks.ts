import { guidFrom } from '../model/guid-from';
import { type Entity, entities } from '../model/values';
import { errorCodes, TandemError } from '../platform/errors';
import { type Connection, guid } from './connection';
import { type Row, textIn, unexpected } from './row';
import { tableOf } from './tables';

/** Where Dynamics calls, and with what it proves itself. */
export interface WebhookWish {
  /** The service endpoint's id, a GUID. */
  readonly endpointId: string;
  readonly name: string;
  readonly url: string;
  readonly header: string;
  /** Letters, digits, `-` and `_` only. */
  readonly key: string;
  /** Whose tables are watched. */
  readonly entities: readonly Entity[];
}

/** What of a webhook is there. */
export interface WebhookState {
  readonly url: string;
  readonly steps: readonly { readonly table: string; readonly message: string; readonly enabled: boolean }[];
}

/** Dataverse's webhooks, registered as the application: a service endpoint, and an asynchronous step for each message of each table. All throw TandemError. */
export interface Webhooks {
  /** The id of the organization that all its messages name. */
  organizationId(): Promise<string>;
  /** Makes what is missing, renews the address and the key, and removes what is too much. Doing it again is harmless. */
  register(wish: WebhookWish): Promise<void>;
  /** Null where there is none. */
  read(endpointId: string): Promise<WebhookState | null>;
  /** Removes the steps, then the endpoint. What is gone already is a success. */
  remove(endpointId: string): Promise<void>;
}

/** After which messages a table's feed has something to say; an environment knows some of them for some tables only (Dataverse event framework docs). */
const messages = ['Create', 'Update', 'Delete', 'Assign', 'SetState', 'SetStateDynamicEntity'];

// Dataverse's option values (reference of the tables serviceendpoint and sdkmessageprocessingstep).
const webhook = { contract: 8, authtype: 5, connectionmode: 1, messageformat: 2, userclaim: 1 };
const afterwards = { mode: 1, stage: 40, rank: 1, supporteddeployment: 0, asyncautodelete: true };

const service = { caller: 'service' } as const;

/** A message of a table to which a step can be registered. */
interface Occasion {
  readonly filterId: string;
  readonly messageId: string;
  readonly name: string;
}

/** The entity whose records lie in a table of this name; undefined for a table that does not sync. */
export function entityOfTable(logicalName: string): Entity | undefined {
  return entities.find((entity) => tableNameOf(entity) === logicalName);
}

function tableNameOf(entity: Entity): string {
  return tableOf(entity, {}).logicalName ?? entity;
}

export function webhooksOf(connection: Connection): Webhooks {
  async function rows(set: string, $select: string, $filter: string): Promise<readonly Row[]> {
    const found: Row[] = [];
    let url: URL | null = connection.url(set, { $select, $filter });
    while (url !== null) {
      const page = await connection.page({ ...service, url });
      found.push(...page.rows);
      url = page.nextLink === null ? null : connection.link(page.nextLink);
    }
    return found;
  }

  async function occasions(watched: readonly Entity[]): Promise<Occasion[]> {
    const known = await rows('sdkmessages', 'name', anyOf('name', messages));
    const names = new Map(known.map((row) => [idIn(row, 'sdkmessageid'), textIn(row, 'name') ?? '']));
    const tables = watched.map(tableNameOf);
    const found = await rows(
      'sdkmessagefilters',
      'primaryobjecttypecode,_sdkmessageid_value',
      `iscustomprocessingstepallowed eq true and (${anyOf('primaryobjecttypecode', tables)})`,
    );
    return found.flatMap((row) => {
      const messageId = idIn(row, '_sdkmessageid_value');
      const message = names.get(messageId);
      const name = `Tandem: ${message} of ${textIn(row, 'primaryobjecttypecode')}`;
      return message === undefined ? [] : [{ filterId: idIn(row, 'sdkmessagefilterid'), messageId, name }];
    });
  }

  const steps = (endpointId: string) =>
    rows('sdkmessageprocessingsteps', 'name,statecode,_sdkmessagefilterid_value', `_eventhandler_value eq ${guid(endpointId)}`);

  async function endpoint(endpointId: string): Promise<Row | null> {
    return (await rows('serviceendpoints', 'url', `serviceendpointid eq ${guid(endpointId)}`))[0] ?? null;
  }

  async function removeStep(row: Row): Promise<void> {
    await unlessGone(
      connection.send({
        ...service,
        method: 'DELETE',
        url: connection.url(`sdkmessageprocessingsteps(${idIn(row, 'sdkmessageprocessingstepid')})`),
      }),
    );
  }

  async function putEndpoint({ endpointId, name, url, header, key }: WebhookWish): Promise<void> {
    const columns = { ...webhook, name, url, authvalue: `<settings><setting name="${header}" value="${key}"/></settings>` };
    const isThere = (await endpoint(endpointId)) !== null;
    await (isThere
      ? connection.send({
          ...service,
          method: 'PATCH',
          url: connection.url(`serviceendpoints(${guid(endpointId)})`),
          headers: { 'If-Match': '*' },
          body: columns,
        })
      : unlessThere(
          connection.send({
            ...service,
            method: 'POST',
            url: connection.url('serviceendpoints'),
            body: { serviceendpointid: guid(endpointId), ...columns },
          }),
        ));
  }

  return {
    async organizationId() {
      return idIn(await connection.row({ ...service, url: connection.url('WhoAmI') }), 'OrganizationId');
    },
    async register(wish) {
      await putEndpoint(wish);
      const wanted = await occasions(wish.entities);
      const there = await steps(wish.endpointId);
      const isOn = (row: Row, { filterId }: Occasion) =>
        row.statecode === 0 && textIn(row, '_sdkmessagefilterid_value')?.toLowerCase() === filterId;
      for (const row of there) if (!wanted.some((each) => isOn(row, each))) await removeStep(row);
      for (const each of wanted) {
        if (there.some((row) => isOn(row, each))) continue;
        const body = {
          ...afterwards,
          // The same id for whoever makes it, so that two who register at once make one.
          sdkmessageprocessingstepid: guidFrom(`tandem step|${wish.endpointId}|${each.filterId}`),
          name: each.name,
          'sdkmessageid@odata.bind': `/sdkmessages(${each.messageId})`,
          'sdkmessagefilterid@odata.bind': `/sdkmessagefilters(${each.filterId})`,
          'eventhandler_serviceendpoint@odata.bind': `/serviceendpoints(${guid(wish.endpointId)})`,
        };
        await unlessThere(connection.send({ ...service, method: 'POST', url: connection.url('sdkmessageprocessingsteps'), body }));
      }
    },
    async read(endpointId) {
      const row = await endpoint(endpointId);
      if (row === null) return null;
      return {
        url: textIn(row, 'url') ?? '',
        steps: (await steps(endpointId)).map((step) => {
          const [, message = '', table = ''] = /^Tandem: (\w+) of (\w+)$/.exec(textIn(step, 'name') ?? '') ?? [];
          return { table, message, enabled: step.statecode === 0 };
        }),
      };
    },
    async remove(endpointId) {
      for (const row of await steps(endpointId)) await removeStep(row);
      await unlessGone(connection.send({ ...service, method: 'DELETE', url: connection.url(`serviceendpoints(${guid(endpointId)})`) }));
    },
  };
}

function anyOf(column: string, values: readonly string[]): string {
  return values.map((value) => `${column} eq '${value}'`).join(' or ');
}

function idIn(row: Row, column: string): string {
  const id = textIn(row, column);
  if (id === null) throw unexpected(`a row has no ${column}`);
  return guid(id);
}

async function unlessGone(request: Promise<void>): Promise<void> {
  await unless(errorCodes.gone, request);
}

/** Somebody else may have made the same in the meantime. */
async function unlessThere(request: Promise<void>): Promise<void> {
  await unless(errorCodes.duplicate, request);
}

async function unless(code: string, request: Promise<void>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== code) throw error;
  }
}
