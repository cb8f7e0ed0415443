import type { LateMail } from '../model/mail';
import type { LinkChange } from '../storage/link-changes';
import type { MailOutcome } from './mail-take-over';
import type { Session } from './session';

const firstMs = 900_000;
const mostMs = 86_400_000;
/** Offered so often, over about two weeks, a mail is given up. */
const mostAttempts = 20;

/** What is to be written after mails were decided on: those that are tracked now, and those that Dynamics did not take and that are offered again. `late` is brought up to date. */
export function outcomeChanges(session: Session, { kept, refused }: MailOutcome, late: Map<string, LateMail>): LinkChange[][] {
  const drop = (id: string): LinkChange[] => (late.delete(id) ? [{ mail: 'dropLate', id }] : []);
  return [
    ...kept.map((tracked): LinkChange[] => [{ mail: 'tracked', tracked }, ...drop(tracked.id)]),
    ...refused.map(({ id, itemId }): LinkChange[] => {
      const attempts = (late.get(id)?.attempts ?? 0) + 1;
      if (attempts >= mostAttempts) {
        session.services.log.warn('mail-given-up', { mailbox: session.mailboxRow.id, record: id });
        return drop(id);
      }
      const again = { id, itemId, attempts, due: session.now + Math.min(mostMs, firstMs * 2 ** (attempts - 1)) };
      late.set(id, again);
      return [{ mail: 'late', late: again }];
    }),
  ];
}

/** Forgets those of the mails that were offered again and are now neither tracked nor refused: they are gone, or nobody wants them any more. */
export function settledChanges(offered: readonly LateMail[], { kept, refused }: MailOutcome, late: Map<string, LateMail>): LinkChange[][] {
  const decided = new Set([...kept, ...refused].map(({ id }) => id));
  return offered.filter(({ id }) => !decided.has(id) && late.delete(id)).map(({ id }): LinkChange[] => [{ mail: 'dropLate', id }]);
}
