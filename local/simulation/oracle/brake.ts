import { decodeId } from '../../graph/ids';
import type { Ledger } from '../ledger';
import type { Scene } from '../scene';
import type { Deletion } from '../tandem';

const day = 86_400_000;
const hour = 3_600_000;
const mostApprovals = 12;

/** Promise 8: of what Tandem deletes within 24 hours there is never more than the settings allow, unless an admin has approved it. */
export function brakeWrongs({ world, tandem, ledger }: Scene): string[] {
  const { brake } = world.integration.settings;
  const pairs = ledger.entries.size;
  const limit = (number: number, percent: number): number => Math.max(number, Math.floor((pairs * percent) / 100));
  const ofAll = limit(brake.integrationNumber, brake.integrationPercent);
  const ofOne = limit(brake.mailboxNumber, brake.mailboxPercent);
  const found: string[] = [];
  const deletions = tandem.deletions.filter(({ address }) => !isDate(address, ledger));
  for (const { at, mailbox } of deletions) {
    const within = deletions.filter((each) => each.at <= at && each.at > at - day);
    const all = things(within);
    const own = things(within.filter((each) => each.mailbox === mailbox));
    if (all > ofAll) found.push(`promise 8: ${all} deletions within a day, where ${ofAll} are allowed`);
    if (own > ofOne) found.push(`promise 8: ${own} deletions of one mailbox within a day, where ${ofOne} are allowed`);
  }
  return found.slice(0, 1);
}

/** One date of a series is a part of what people made: taking it out is an edit of the series. */
function isDate(address: string, { entries }: Ledger): boolean {
  const [, userId = '', eventId] = /users\/([^/]+)\/events\/([^/?]+)$/.exec(address) ?? [];
  if (eventId !== undefined) return decodeId(userId, 'event', decodeURIComponent(eventId)).date !== undefined;
  const [, id] = /\/appointments\(([^)]+)\)/.exec(address) ?? [];
  return id !== undefined && ![...entries.values()].some((entry) => entry.id === id);
}

/** What is asked for again after a failure is one deletion. */
function things(deletions: readonly Deletion[]): number {
  return new Set(deletions.map(({ address }) => address)).size;
}

/** Lets an admin approve whatever the brake holds, until nothing is held any more: only then can the rest be judged. */
export async function approveAll({ world, tandem }: Scene): Promise<void> {
  for (let round = 0; round < mostApprovals; round += 1) {
    let approved = 0;
    for (const who of world.takingPart) approved += await tandem.approve(who);
    if (approved === 0) return;
    await tandem.pass(2 * hour);
  }
}
