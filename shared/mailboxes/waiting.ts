import type { Services } from '../services';
import { cycleServicesOf } from '../services';
import type { HeldRow } from '../storage/hold-rows';
import type { Page } from '../storage/integrations';
import { type Parked, pairName } from '../storage/link-rows';
import type { LinkPartition } from '../storage/links';
import { noMailbox } from './disable';

/** A pair that waits: `parked` for its next try, `held` for an admin. */
export type Waiting = ({ readonly kind: 'parked' } & Parked) | ({ readonly kind: 'held' } & HeldRow);

/**
 * The pairs of a mailbox that wait, and why, in the order of their records.
 * @throws TandemError `not-found`
 */
export async function waitingPairs(
  services: Services,
  integration: string,
  id: string,
  page: { readonly limit: number; readonly cursor: string | null },
): Promise<Page<Waiting>> {
  if ((await services.mailboxes.get(integration, id)) === null) throw noMailbox(integration, id);
  const all = await waitingOf(await cycleServicesOf(services).links({ integration, id }));
  const rest = page.cursor === null ? all : all.filter((row) => keyOf(row) > (page.cursor ?? ''));
  const items = rest.slice(0, page.limit);
  const last = items.at(-1);
  return { items, next: rest.length > items.length && last !== undefined ? keyOf(last) : null };
}

/** Everything in a partition that waits, in the order of its records. */
export async function waitingOf(partition: Pick<LinkPartition, 'state'>): Promise<Waiting[]> {
  const { parked, holds } = await partition.state();
  return [...parked.map((row): Waiting => ({ kind: 'parked', ...row })), ...holds.map((row): Waiting => ({ kind: 'held', ...row }))].sort(
    (left, right) => (keyOf(left) < keyOf(right) ? -1 : 1),
  );
}

function keyOf(row: Waiting): string {
  return `${pairName(row)}|${row.kind}`;
}
