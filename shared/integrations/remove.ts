import { noIntegration } from '../mailboxes/enable';
import { entities } from '../model/values';
import { asTandemError, errorCodes, TandemError } from '../platform/errors';
import { demandExpected, type Expectation } from '../platform/etag';
import type { Services } from '../services';
import type { Integration } from '../storage/integrations';
import { takesPart } from '../storage/mailboxes';
import { recordTableNames } from '../workspace/tables';
import { forgetRest } from './save';

type RemoveServices = Pick<
  Services,
  | 'integrations'
  | 'mailboxes'
  | 'participation'
  | 'profiles'
  | 'homes'
  | 'records'
  | 'feed'
  | 'grants'
  | 'tokenVault'
  | 'clientSecrets'
  | 'webhooks'
  | 'dynamics'
  | 'turns'
  | 'clock'
  | 'log'
>;

/** Well below the time after which Azure's front end gives a request up (230 s). */
const mostMs = 60_000;

/**
 * Disconnects an environment in which no mailbox takes part: everybody's sign-ins, its secrets, webhook, cursors, homes, cached records, grants and feeds go, the rows of mailboxes that are switched off, its profiles, and its settings
 * last, so that a removal that was cut short can be asked for again. The links of those mailboxes stay: connected anew under the same id, no copy is made twice.
 * The journal stays until it is old.
 * @throws TandemError `not-found`, `conflict` while mailboxes take part or somebody else changes it, `stale` or `precondition-required` as for a change,
 * `unavailable` where there is so much to remove that the request has to be sent again
 */
export async function removeIntegration(services: RemoveServices, id: string, expectation: Expectation): Promise<void> {
  const { integrations, tokenVault, turns, clock, log } = services;
  const until = clock.now() + mostMs;
  await turns.take(id, async () => {
    const there = await integrations.find(id);
    if (there === null) throw noIntegration(id);
    demandExpected(expectation, there.etag);
    await demandNobody(services, id);
    await forgetHomes(services, id, until);
    await forgetRecords(services, id, until);
    await services.feed.forget(id);
    await services.grants.forget(id);
    await forgetMailboxes(services, id);
    await demandNobody(services, id);
    await endWebhook(services, there.integration);
    if (!(await tokenVault.disconnectAll(there.integration, until))) throw moreToRemove();
    await forgetRest(services, id);
    await integrations.remove(id, there.etag);
    // Somebody may have signed in meanwhile; who does so from now on finds no integration any more.
    await tokenVault.disconnectAll(there.integration);
  });
  log.info('integration-removed', { integration: id });
}

async function demandNobody({ mailboxes }: RemoveServices, id: string): Promise<void> {
  let taking = 0;
  for await (const page of mailboxes.pages(id)) taking += page.filter(takesPart).length;
  if (taking > 0) throw takePart(taking);
}

function takePart(count: number): TandemError {
  return new TandemError(errorCodes.conflict, {
    retry: 'never',
    fix: 'Disable its mailboxes first: DELETE mailboxes/INTEGRATION/ID for each that GET mailboxes?integration=INTEGRATION lists as loading or on.',
    detail: `${count} of its mailboxes take part`,
  });
}

/** Where Dynamics does not take the webhook away, what it goes on calling with is worth nothing: the key goes all the same. */
async function endWebhook({ webhooks, dynamics, log }: RemoveServices, integration: Integration): Promise<void> {
  const known = await webhooks.get(integration.id);
  if (known === null) return;
  try {
    await dynamics(integration).webhooks.remove(known.endpointId);
  } catch (thrown) {
    const { code, detail = null } = asTandemError(thrown);
    log.warn('webhook-left', { integration: integration.id, code, detail });
  }
}

async function forgetHomes({ homes, clock }: RemoveServices, id: string, until: number): Promise<void> {
  for (const entity of entities) {
    for await (const page of homes.scan(id, entity)) {
      await homes.deleteMany(
        id,
        entity,
        page.map((home) => home.id),
      );
      if (clock.now() >= until) throw moreToRemove();
    }
  }
}

async function forgetRecords({ records, clock }: RemoveServices, id: string, until: number): Promise<void> {
  for (const table of recordTableNames) {
    for await (const page of records.scan(id, table)) {
      for (const record of page) {
        await records.remove(id, table, record.id);
        if (clock.now() >= until) throw moreToRemove();
      }
    }
  }
}

async function forgetMailboxes({ mailboxes, participation, profiles }: RemoveServices, id: string): Promise<void> {
  for await (const page of mailboxes.pages(id)) {
    for (const mailbox of page) {
      // One that was enabled just now keeps the integration.
      if (takesPart(mailbox)) throw takePart(1);
      await participation.giveBack(mailbox.objectId, id, mailbox.id);
      await mailboxes.remove(id, mailbox.id);
    }
  }
  for (let cursor: string | null = null; ; ) {
    const { items, next }: Awaited<ReturnType<typeof profiles.list>> = await profiles.list(id, { limit: 200, cursor });
    for (const { profile } of items) await profiles.remove(id, profile.id);
    if (next === null) return;
    cursor = next;
  }
}

function moreToRemove(): TandemError {
  return new TandemError(errorCodes.unavailable, {
    retry: 'now',
    retryAfterMs: 1_000,
    fix: 'Send the same request again: it goes on where it stopped.',
    detail: 'there is more to remove than one request can',
  });
}
