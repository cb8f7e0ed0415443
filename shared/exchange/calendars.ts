import { z } from 'zod';
import type { Answer } from './batch';
import { shaped } from './item';
import { type Element, pagesFrom, pagesOn, type Reach } from './pages';
import { calendars, calendarView } from './requests';

/** What calendars say about an event at its own start and end; a calendar that refuses says nothing. */
export type Sighting = 'shown' | 'nowhere' | 'unknown';

interface Span {
  /** UTC ms. */
  readonly from: number;
  readonly to: number;
}

const columns = 'id,seriesMasterId';

/**
 * Where an event or a series lies: in the default calendar, which most often settles it with one request, or in another of the mailbox, where its owner
 * may have moved it. A deleted event goes on answering by its immutable id, so only the views tell (list calendars and list calendarView docs). Throws what
 * passes, such as a throttle, and what the default calendar or the list of calendars is refused with.
 */
export async function sightingOf(reach: Reach, id: string, span: Span): Promise<Sighting> {
  for await (const shown of pagesFrom(reach, calendarView(reach.user, span, columns))) if (shows(shown, id)) return 'shown';
  const views = (await otherCalendars(reach)).map((calendar) => calendarView(reach.user, span, columns, calendar));
  const sightings: Sighting[] = [];
  for (const answer of await reach.run(views)) sightings.push(await sightingIn(reach, id, answer));
  if (sightings.includes('shown')) return 'shown';
  return sightings.includes('unknown') ? 'unknown' : 'nowhere';
}

/**
 * What one calendar says, whose view's first page has been read. What Exchange refuses for good speaks of that calendar or of whoever shared it, and even
 * where it names a missing mailbox it is not this one, whose own calendar has just answered.
 */
async function sightingIn(reach: Reach, id: string, first: Answer): Promise<Sighting> {
  if (!first.ok) {
    if (first.error.retry === 'later') throw first.error;
    return 'unknown';
  }
  for await (const shown of pagesOn(reach, first.body)) if (shows(shown, id)) return 'shown';
  return 'nowhere';
}

/** The calendars that the mailbox's user has made, without the default one. What others share with her is not among them: its owner is another. */
export async function ownCalendars(reach: Reach): Promise<string[]> {
  const listed = await allCalendars(reach);
  const owner = ownerOf(listed.find(({ isDefaultCalendar }) => isDefaultCalendar === true));
  return listed.flatMap((each) => (each.isDefaultCalendar !== true && owner !== null && ownerOf(each) === owner ? [each.id] : []));
}

async function otherCalendars(reach: Reach): Promise<string[]> {
  return (await allCalendars(reach)).flatMap(({ id, isDefaultCalendar }) => (isDefaultCalendar === true ? [] : [id]));
}

const calendarJson = z.object({
  id: z.string(),
  isDefaultCalendar: z.boolean().nullish(),
  owner: z.object({ address: z.string().nullish() }).nullish(),
});
type CalendarJson = z.output<typeof calendarJson>;

async function allCalendars(reach: Reach): Promise<CalendarJson[]> {
  const listed: CalendarJson[] = [];
  for await (const page of pagesFrom(reach, calendars(reach.user)))
    listed.push(...page.map((element) => shaped(calendarJson, element, 'a calendar')));
  return listed;
}

function ownerOf(calendar: CalendarJson | undefined): string | null {
  return calendar?.owner?.address?.toLowerCase() ?? null;
}

function shows(elements: readonly Element[], wanted: string): boolean {
  return elements.some(({ id, seriesMasterId }) => id === wanted || seriesMasterId === wanted);
}
