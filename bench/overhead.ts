import { TableClient } from '@azure/data-tables';
import { type Person, person } from '../local/company/people';
import { tokenForApplication } from '../local/identity/sign-in';
import type { Stack } from '../local/stack';
import type { Office } from '../local/walkthrough/office';
import { until } from '../local/walkthrough/until';
import { type BarePart, runBareLoop } from './bare-loop';
import { type Figure, figure } from './figures';
import { Hands } from './hands';
import { contactsAndTasks, makeRecords } from './records';
import type { Operation } from './requests';
import { creates, enableAll, onSite, operations, settled } from './site';
import { newTrace, type TraceFile } from './trace-file';

/** With so many records in another mailbox both sides are warmed up, so that no program's first steps are timed. */
const warmUp = 200;

export interface OverheadOptions {
  readonly records: number;
  /** Of each operation of Dynamics and Exchange, in ms. */
  readonly latencyMs: number;
  readonly evidence: (window: string, facts: Readonly<Record<string, number>>) => void;
}

/**
 * Goal 6: how much longer the first load of a mailbox takes than a bare loop that makes the same writes: the bodies that the app sent, in chained batches of
 * twenty, three at once, to a mailbox that is as empty as the first one was, on the same stand-ins. The load is timed from the request that enables the
 * mailbox until every item is there, every link is committed and the inbox is empty; so it includes finding the person, listing and reading the records,
 * and all state. The loop is timed alone: the app is stopped meanwhile.
 */
export async function overhead({ records, latencyMs, evidence }: OverheadOptions): Promise<Figure[]> {
  const trace = await newTrace();
  try {
    return await onSite({ pollSeconds: 2, latencyMs, traceFile: trace.path }, async (site) => {
      const { stack, office } = site;
      await office.connect();
      const warm = person('chloe');
      await makeRecords(new Hands(stack, warm), contactsAndTasks(warmUp), records);
      await enableAll(site, [warm]);

      const anna = person('anna');
      await makeRecords(new Hands(stack, anna), contactsAndTasks(records));
      // The poller has to have read of the new records before, as it has of records that are older than the mailbox.
      await settled(stack, 1);
      stack.surroundings.counters.reset();
      const began = performance.now();
      const { lastWriteAt } = await load(stack, office, anna, records);
      const loadMs = performance.now() - began;
      const peak = stack.surroundings.counters.snapshot().peaks[`graph:${anna.objectId}`] ?? Number.NaN;

      await stack.stopHost();
      const parts = await writesTo(trace, anna, records);
      const bareMs = await bareLoop(stack, parts, person('ben'));
      evidence(`first load of ${records} records, latency ${latencyMs} ms`, {
        loadMs: Math.round(loadMs),
        untilLastWriteMs: Math.round(lastWriteAt - began),
        bareLoopMs: Math.round(bareMs),
      });
      return [
        figure(6, `first load of ${records} records, ${latencyMs} ms an operation: time / time of a bare loop`, loadMs / bareMs, 1.25),
        figure(6, `first load of ${records} records, ${latencyMs} ms an operation: requests at once against the mailbox`, peak, 4),
      ];
    });
  } finally {
    await trace.remove();
  }
}

/** Enables a mailbox and waits until its first load is done to the last row. */
async function load(stack: Stack, office: Office, who: Person, records: number): Promise<{ lastWriteAt: number }> {
  const before = operations(stack, 'graph', creates);
  await office.enable(who);
  const allWritten = async () => operations(stack, 'graph', creates) >= before + records;
  await until('every item is in Exchange', allWritten, 900_000);
  const lastWriteAt = performance.now();
  const links = TableClient.fromConnectionString(stack.azurite.connectionString, 'links', { allowInsecureConnection: true });
  await until(
    'the inbox is empty and no create is open',
    async () => (await waiting(links, 'inbox')) + (await waiting(links, 'intent')) === 0,
  );
  return { lastWriteAt };
}

async function waiting(links: TableClient, kind: string): Promise<number> {
  const filter = `RowKey ge '${kind}|' and RowKey lt '${kind}}'`;
  const rows = links.listEntities({ queryOptions: { filter, select: ['RowKey'] } }).byPage({ maxPageSize: 1 });
  for await (const page of rows) return page.length;
  return 0;
}

/** The creates that the app sent to a mailbox, once all of them are in the trace. */
async function writesTo(trace: TraceFile, who: Person, count: number): Promise<Operation[]> {
  return until('the trace is written', async () => {
    const all = (await trace.requests()).flatMap((request) => request.operations);
    const found = all.filter(({ service, method, path }) => service === 'graph' && method === 'POST' && path.includes(who.objectId));
    return found.length >= count && found;
  });
}

/** Makes the same writes to another mailbox. */
async function bareLoop(stack: Stack, writes: readonly Operation[], to: Person): Promise<number> {
  const list = await new Hands(stack, to).taskList();
  const headers = {
    'Content-Type': 'application/json',
    Prefer: 'IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="text"',
  };
  const parts = writes.map(
    ({ method, path, body }): BarePart => ({
      method,
      url: `/users/${to.objectId}/${path.endsWith('/tasks') ? `${list}/tasks` : 'contacts'}`,
      headers,
      body: JSON.parse(body) as unknown,
    }),
  );
  return runBareLoop({ graphUrl: stack.graph.url, token: await tokenForApplication(stack.identity, stack.graph.url), parts });
}
