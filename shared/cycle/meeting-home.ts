import type { SeenItem } from '../model/seen';
import { elementsOf } from '../model/values';
import { asTandemError, errorCodes } from '../platform/errors';
import type { Home } from '../storage/homes';
import type { PairKey } from '../storage/link-rows';
import { type StoredMailbox, takesPart } from '../storage/mailboxes';
import type { Link } from '../sync/link';
import { travels } from '../sync/private';
import { carriesCategory, type MeetingEntity, meetingEntity, meetingRecordId } from '../sync/tracked';
import { type AppliedPair, itemNow } from './apply';
import type { Session } from './session';
import { workFor } from './work-for';

/**
 * Whether a tracked item is no more than this mailbox's view of a meeting whose home is another one: the organizer's mailbox, if it takes part, else the one that tracked
 * the meeting first. The organizer's is told, and makes the record from its own item; nothing is ever made from a view.
 */
export async function isView(session: Session, item: SeenItem): Promise<boolean> {
  const { iCalUId, organizedHere, organizerAddress } = item.values;
  const entity = meetingEntity(item);
  if (entity === null || organizedHere !== false || !travels(entity, item.values, session.rules)) return false;
  if (!session.integration.settings.trackAppointmentsFromNonOrganizer || typeof iCalUId !== 'string') return true;
  const organizer = await mailboxWith(session, ({ email }) => email === organizerAddress);
  const home = await claimed(session, entity, iCalUId, organizer?.id ?? session.mailboxRow.id);
  if (organizer !== null && home.version === '' && !session.looksOnly) await tell(session, organizer, { entity, recordId: home.id });
  return !home.homes.includes(session.mailboxRow.id);
}

/** The item of a meeting that somebody else tracked, and that this mailbox organizes or tracks as well; null where the record is none of these. */
export async function trackedElsewhere(session: Session, entity: MeetingEntity, { meeting }: Home): Promise<SeenItem | null> {
  const item = meeting === undefined ? null : await session.mailbox.findMeeting(meeting, entity === 'series' ? 'series' : 'event');
  if (item === null) return null;
  return item.values.organizedHere === true || carriesCategory(item.values, session.integration.settings) ? item : null;
}

/**
 * Before a meeting that this mailbox does not organize is let go because its user no longer tracks it: its home is free for whoever else tracks it, and those who are
 * invited and take part are told, so that the next of them takes the same record over.
 */
export async function giveUpMeetings(session: Session, applied: readonly AppliedPair[]): Promise<void> {
  for (const { planned, error } of applied) {
    const { pair, reason } = planned.plan;
    const { iCalUId, organizedHere, requiredAttendees, optionalAttendees } = itemNow(planned.read);
    if (error !== null || (reason !== 'category-removed' && reason !== 'untracked')) continue;
    if (organizedHere !== false || typeof iCalUId !== 'string' || (pair.entity !== 'appointment' && pair.entity !== 'series')) continue;
    const { entity, recordId } = pair;
    if (recordId !== meetingRecordId(entity, session.integration.id, iCalUId, 1)) continue;
    await session.services.homes.handOver(session.integration.id, entity, recordId, [session.mailboxRow.id], []);
    const invited = new Set([...elementsOf(requiredAttendees), ...elementsOf(optionalAttendees)]);
    for await (const page of session.services.mailboxes.pages(session.integration.id))
      for (const mailbox of page)
        if (takesPart(mailbox) && mailbox.id !== session.mailboxRow.id && invited.has(mailbox.email))
          await tell(session, mailbox, { entity, recordId });
  }
}

/** True where a meeting that this mailbox tracked without organizing it belongs to another one by now: its organizer takes part. */
export async function hasOwnHome(session: Session, link: Link | null, organizer: string | null): Promise<boolean> {
  if (!isTrackedHere(link) || organizer === null || organizer === session.mailboxRow.systemUserId) return false;
  return (await mailboxWith(session, ({ systemUserId }) => systemUserId === organizer)) !== null;
}

function isTrackedHere(link: Link | null): boolean {
  return link?.tracked === true && link.bases?.exchange.organizedHere === false;
}

async function mailboxWith(session: Session, fits: (mailbox: StoredMailbox) => boolean): Promise<StoredMailbox | null> {
  for await (const page of session.services.mailboxes.pages(session.integration.id)) {
    const found = page.find((mailbox) => takesPart(mailbox) && fits(mailbox));
    if (found !== undefined) return found;
  }
  return null;
}

/** The home row of the meeting's record: whoever writes it first has the meeting. It is there before the record, so that the poller knows whom to wake. */
async function claimed(session: Session, entity: MeetingEntity, iCalUId: string, mailbox: string): Promise<Home> {
  const { services, integration } = session;
  const id = meetingRecordId(entity, integration.id, iCalUId, 1);
  const home: Home = { id, homes: [mailbox], owner: null, organizer: null, version: '', round: null, meeting: iCalUId };
  const known = (await services.homes.getMany(integration.id, entity, [id])).get(id);
  if (session.looksOnly) return known === undefined || known.homes.length === 0 ? home : known;
  if (known !== undefined) return known.homes.length === 0 ? takenOver(session, entity, known, mailbox) : known;
  try {
    await services.homes.insert(integration.id, entity, home);
    return home;
  } catch (error) {
    if (asTandemError(error).code !== errorCodes.duplicate) throw error;
    return (await services.homes.getMany(integration.id, entity, [id])).get(id) ?? home;
  }
}

/** A meeting that somebody gave up: whoever is first has it now. */
async function takenOver({ services, integration }: Session, entity: MeetingEntity, free: Home, mailbox: string): Promise<Home> {
  if (await services.homes.handOver(integration.id, entity, free.id, [], [mailbox])) return { ...free, homes: [mailbox] };
  return (await services.homes.getMany(integration.id, entity, [free.id])).get(free.id) ?? free;
}

/** Puts the meeting into somebody's inbox. An organizer is told again until the record has been routed, which costs her one read. */
async function tell({ services, integration, now }: Session, mailbox: StoredMailbox, pair: PairKey): Promise<void> {
  const partition = await services.links({ integration: integration.id, id: mailbox.id });
  await partition.addInbox([{ ...pair, version: '', firstLoad: false }]);
  await services.messenger.wake(workFor(mailbox, 'syncNow', now));
}
