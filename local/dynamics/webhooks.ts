import { z } from 'zod';
import type { Happening } from './happenings';
import { idFrom } from './parties';
import type { Reference } from './schema';
import type { Row } from './shelf';
import type { Store } from './store';
import { tables } from './tables';
import { businessUnit, organizationId } from './view';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);
const webhookContract = 8;
const [webhookKey, httpHeader, httpQueryString] = [4, 5, 6];
/** Dataverse waits this long for an answer. */
const answerMs = 60_000;
const attempts = 3;
const againMs = 1_000;

export const webhookSwitches = z.strictObject({
  /** What becomes of the calls of webhooks. */
  calls: z.enum(['send', 'lose', 'duplicate']).optional(),
  /** How long after the change the asynchronous job runs, in ms. */
  delayMs: z.int().min(0).optional(),
});

/** Calls the webhooks that steps name, after the fact, as Dataverse's asynchronous jobs do; only those on this machine. */
export class Webhooks {
  calls: 'send' | 'lose' | 'duplicate' = 'send';
  delayMs = 0;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly end = new AbortController();
  private operations = 0;

  /** @param canCall false where nobody may be called at all */
  constructor(
    private readonly store: Store,
    canCall: boolean,
    private readonly now: () => number,
  ) {
    if (canCall) store.watcher = (happening) => this.happened(happening);
  }

  stop(): void {
    this.end.abort();
    for (const timer of this.timers) clearTimeout(timer);
  }

  private happened(happening: Happening): void {
    const steps = this.store.shelf(tables.sdkMessageProcessingStep).rows;
    if (steps.size === 0 || this.calls === 'lose') return;
    for (const step of steps.values()) {
      const endpoint = this.endpointOf(step, happening);
      if (endpoint === undefined) continue;
      this.operations += 1;
      const body = JSON.stringify(contextOf(happening, idFrom(`operation|${this.operations}`), this.now()));
      for (let copy = 0; copy < (this.calls === 'duplicate' ? 2 : 1); copy += 1)
        this.after(this.delayMs, () => void this.call(endpoint, happening, body, attempts));
    }
  }

  /** Whom an enabled step about this calls. */
  private endpointOf({ values }: Row, { message, table }: Happening): Row | undefined {
    const filter = rowOf(this.store, tables.sdkMessageFilter, values.sdkmessagefilterid as Reference | null | undefined);
    const about = rowOf(this.store, tables.sdkMessage, values.sdkmessageid as Reference | null | undefined);
    if (values.statecode !== 0 || about?.values.name !== message || filter?.values.primaryobjecttypecode !== table.logicalName)
      return undefined;
    const endpoint = rowOf(this.store, tables.serviceEndpoint, values.eventhandler as Reference | null | undefined);
    return endpoint?.values.contract === webhookContract ? endpoint : undefined;
  }

  private async call(endpoint: Row, happening: Happening, body: string, left: number): Promise<void> {
    const { url, authtype, authvalue } = endpoint.values;
    if (!URL.canParse(String(url)) || !loopback.has(new URL(String(url)).hostname)) return;
    const address = new URL(String(url));
    const pairs = settingsIn(String(authvalue ?? ''));
    if (authtype === webhookKey) address.searchParams.append('code', String(authvalue));
    if (authtype === httpQueryString) for (const [name, value] of pairs) address.searchParams.append(name, value);
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'x-ms-dynamics-organization': 'contoso.crm4.dynamics.com',
      'x-ms-dynamics-entity-name': happening.table.logicalName,
      'x-ms-dynamics-request-name': happening.message,
      ...(authtype === httpHeader ? Object.fromEntries(pairs) : {}),
    };
    const signal = AbortSignal.any([this.end.signal, AbortSignal.timeout(answerMs)]);
    const status = await fetch(address, { method: 'POST', headers, body, redirect: 'manual', signal }).then(
      (reply) => reply.status,
      () => 502,
    );
    if (status >= 502 && status <= 504 && left > 1) this.after(againMs, () => void this.call(endpoint, happening, body, left - 1));
  }

  private after(ms: number, run: () => void): void {
    if (this.end.signal.aborted) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      run();
    }, ms);
    timer.unref();
    this.timers.add(timer);
  }
}

function rowOf(store: Store, table: Parameters<Store['row']>[0], reference: Reference | null | undefined): Row | undefined {
  return reference === null || reference === undefined ? undefined : store.row(table, reference.id);
}

/** The pairs of `<settings><setting name="…" value="…"/></settings>`, which is how headers and query strings are kept. */
function settingsIn(authvalue: string): [string, string][] {
  return [...authvalue.matchAll(/<setting name="([^"]*)" value="([^"]*)"\s*\/>/g)].map(([, name = '', value = '']) => [name, value]);
}

/** A RemoteExecutionContext as a webhook gets it, without the values of columns. */
function contextOf({ message, table, id, userId }: Happening, operation: string, now: number): object {
  const target =
    message === 'Delete'
      ? { __type: 'EntityReference:http://schemas.microsoft.com/xrm/2011/Contracts', Id: id, LogicalName: table.logicalName, Name: null }
      : {
          __type: 'Entity:http://schemas.microsoft.com/xrm/2011/Contracts',
          Attributes: [{ key: table.key, value: id }],
          Id: id,
          LogicalName: table.logicalName,
          EntityState: null,
          FormattedValues: [],
          KeyAttributes: [],
          RelatedEntities: [],
          RowVersion: null,
        };
  return {
    BusinessUnitId: businessUnit.id,
    CorrelationId: operation,
    Depth: 1,
    InitiatingUserId: userId,
    InputParameters: [{ key: 'Target', value: target }],
    IsExecutingOffline: false,
    IsInTransaction: false,
    IsolationMode: 1,
    MessageName: message,
    Mode: 1,
    OperationCreatedOn: `/Date(${now}+0000)/`,
    OperationId: operation,
    OrganizationId: organizationId,
    OrganizationName: 'contoso',
    OutputParameters: [],
    ParentContext: null,
    PostEntityImages: [],
    PreEntityImages: [],
    PrimaryEntityId: id,
    PrimaryEntityName: table.logicalName,
    RequestId: null,
    SecondaryEntityName: 'none',
    SharedVariables: [],
    Stage: 40,
    UserId: userId,
  };
}
