import { randomBytes } from 'node:crypto';
import type { Subscription } from '../model/push';
import { asTandemError, type TandemError } from '../platform/errors';
import { pushUrls } from '../polling/push-urls';
import { subscribingOf } from '../polling/subscribing';
import { type Push, takesPart } from '../storage/mailboxes';
import { planSubscriptions, type SubscriptionStep } from '../sync/subscriptions';
import { askedFor } from './asked-for';
import type { Session } from './session';

const secretBytes = 32;

/**
 * Brings the mailbox's subscriptions in line with what they should be, one request at a time, and notes them in its row. A failure stands in nobody's way: it is
 * noted too and tried again with a growing delay, and until then the mailbox is polled.
 * @param all true to renew each of them, however young, because Graph said that one has ended or is about to
 */
export async function subscribe(session: Session, all: boolean): Promise<void> {
  const { mailboxRow, services, integration } = session;
  const wanted = subscribingOf(mailboxRow, integration, services.settings.publicUrl);
  const have = new Map((mailboxRow.push?.subscriptions ?? []).filter(({ until }) => until > session.now).map((each) => [each.id, each]));
  const failures: TandemError[] = [];
  const waiting = planSubscriptions(wanted, [...have.values()], session.now, all);
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    try {
      const isGone = await take(session, step, wanted.address ?? '', have);
      if (isGone && step.kind === 'renew') waiting.unshift({ kind: 'create', about: step.subscription.about });
    } catch (thrown) {
      failures.push(asTandemError(thrown));
    }
  }
  const failure = failures[0] === undefined ? null : failureOf(session, failures[0]);
  if (failure !== null)
    services.log.warn('push-failed', {
      mailbox: mailboxRow.id,
      code: failure.code,
      detail: failure.detail ?? '',
      retryAt: new Date(failure.retryAt).toISOString(),
    });
  const push = { subscriptions: [...have.values()], failure };
  const after = await services.mailboxes.update(mailboxRow.integration, mailboxRow.id, (now) => (takesPart(now) ? { ...now, push } : now));
  if (after === null || !takesPart(after)) await end(session, push.subscriptions);
}

/** Ends what was made for a mailbox that was switched off meanwhile: whoever did that knew nothing of it. */
async function end({ services, mailboxRow }: Session, subscriptions: readonly Subscription[]): Promise<void> {
  for (const each of subscriptions) {
    try {
      await services.exchange.subscriptions.remove(each.id);
    } catch (thrown) {
      // It ends by itself within days, and until then what it tells is ignored.
      services.log.info('subscription-left', {
        integration: mailboxRow.integration,
        mailbox: mailboxRow.id,
        code: asTandemError(thrown).code,
      });
    }
  }
}

/** Takes one step and notes what came of it; true where a subscription that was to be renewed is gone. */
async function take(session: Session, step: SubscriptionStep, address: string, have: Map<string, Subscription>): Promise<boolean> {
  const { subscriptions } = session.services.exchange;
  switch (step.kind) {
    case 'create': {
      const made = await make(session, step.about, address);
      have.set(made.id, made);
      return false;
    }
    case 'renew': {
      const until = await subscriptions.renew(step.subscription.id);
      if (until === null) have.delete(step.subscription.id);
      else have.set(step.subscription.id, { ...step.subscription, since: session.now, until });
      return until === null;
    }
    case 'remove':
      await subscriptions.remove(step.subscription.id);
      have.delete(step.subscription.id);
      return false;
  }
}

async function make({ services, mailboxRow, now }: Session, about: Subscription['about'], address: string): Promise<Subscription> {
  const clientState = randomBytes(secretBytes).toString('base64url');
  const secret = (await services.sealer()).digest(clientState);
  const { notifications, lifecycle } = pushUrls(address, mailboxRow);
  const { id, until } = await services.exchange.subscriptions.create({
    userId: mailboxRow.objectId,
    about,
    notificationUrl: notifications,
    lifecycleUrl: lifecycle,
    clientState,
  });
  return { about, id, address, secret, since: now, until };
}

function failureOf({ mailboxRow, services, now }: Session, error: TandemError): Push['failure'] {
  const { retryFirstMs, retryMostMs } = services.settings;
  const failures = (mailboxRow.push?.failure?.failures ?? 0) + 1;
  const backOff = Math.min(retryMostMs, retryFirstMs * 2 ** Math.min(failures - 1, 20));
  const retryAt = now + (askedFor(error) ?? (error.retry === 'never' ? retryMostMs : backOff));
  return { code: error.code, detail: error.detail ?? null, fix: error.fix, failures, retryAt };
}
