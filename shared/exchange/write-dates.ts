import { z } from 'zod';
import type { SeenItem } from '../model/seen';
import type { Values } from '../model/values';
import { asTandemError, errorCodes, type TandemError } from '../platform/errors';
import type { Outcome } from '../platform/outcome';
import { attendeesJson, mergedAttendees, touchesAttendees } from './attendees';
import type { Answer } from './batch';
import type { DateWrite } from './dates';
import { gravest } from './errors';
import { eventBody, touchesJoinable } from './event';
import type { GraphPart } from './graph';
import { shaped } from './item';
import { pageOf, type Reach } from './pages';
import { wholeItemOf } from './read-item';
import { instancesOf, itemUrl, wholeItem, write } from './requests';
import { dateIn } from './series';
import { bodyJson } from './texts';
import { instantText, zonedJson } from './times';

/** The dates of one series that are to be written. */
export interface DatesJob {
  /** The master's id. */
  readonly id: string;
  readonly dates: readonly DateWrite[];
  /** What the series holds once its master is written. */
  readonly values: Values;
}

const instanceJson = z.looseObject({
  id: z.string(),
  start: zonedJson.nullish(),
  originalStart: z.string().nullish(),
  occurrenceId: z.string().nullish(),
  attendees: attendeesJson.nullish(),
  body: bodyJson.nullish(),
});
type Instance = z.output<typeof instanceJson>;

const day = 86_400_000;

/**
 * Writes single dates of series: one chain looks them up by when they would begin, one writes them and reads each series back whole. A date that the series
 * does not have (any more) is left out. The outcomes are in the order of the jobs. Never throws.
 */
export async function writeDates(reach: Reach, jobs: readonly DatesJob[], notAfter?: number): Promise<Outcome<SeenItem>[]> {
  const lookUps = jobs.flatMap((job) => job.dates.map((date) => ({ job, date, part: lookUp(reach, job, date) })));
  const found = await reach.run(
    lookUps.map(({ part }) => part),
    notAfter,
  );
  const prepared = jobs.map((job) => {
    const answers = lookUps.flatMap((lookUp, index) => (lookUp.job === job ? [{ date: lookUp.date, answer: found[index] }] : []));
    return prepare(reach, job, answers);
  });
  const parts = prepared.flatMap((each) => (each.ok ? each.value : []));
  const written = await reach.run(parts, notAfter);
  let place = 0;
  return prepared.map((each) => {
    if (!each.ok) return each;
    const answers = written.slice(place, place + each.value.length);
    place += each.value.length;
    return outcomeOf(reach, each.value, answers);
  });
}

function lookUp({ user }: Reach, { id, values }: DatesJob, date: DateWrite): GraphPart {
  const writesBody = date.kind === 'change' && touchesJoinable(date.changes, values);
  return instancesOf(user, id, windowOf(date), writesBody);
}

interface LookedUp {
  readonly date: DateWrite;
  readonly answer: Answer | undefined;
}

function prepare(reach: Reach, job: DatesJob, lookedUp: readonly LookedUp[]): Outcome<GraphPart[]> {
  try {
    const parts = lookedUp.flatMap(({ date, answer }): GraphPart[] => {
      if (answer?.ok === false) throw answer.error;
      const instance = pageOf(answer?.body)
        .value.map((element) => shaped(instanceJson, element, 'a date of a series'))
        .find((element) => begins(element, date.originalStart));
      return instance === undefined ? [] : [partOf(reach, job, date, instance)];
    });
    return { ok: true, value: [...parts, wholeItem(reach.user, { kind: 'series', feed: 'calendar', id: job.id }, reach.custom)] };
  } catch (error) {
    return { ok: false, error: asTandemError(error) };
  }
}

function partOf(reach: Reach, { values }: DatesJob, date: DateWrite, instance: Instance): GraphPart {
  const url = itemUrl(reach.user, 'calendar', instance.id);
  if (date.kind === 'delete') return write('DELETE', url, undefined, null);
  const context = { zone: reach.zone, derived: {}, marker: null, rich: reach.rich, html: instance.body?.content ?? null };
  const body = eventBody(date.changes, values, context);
  const attendees = touchesAttendees(date.changes) ? { attendees: mergedAttendees(date.changes, values, instance.attendees ?? []) } : {};
  return write('PATCH', url, { ...body, ...attendees }, null);
}

/** Whether this is the date that would begin then. One that was never changed begins when it would; for whole days the id tells its date. */
function begins({ start, originalStart, occurrenceId }: Instance, wanted: string): boolean {
  if (!wanted.includes('T')) return (dateIn(occurrenceId ?? '') ?? originalStart?.slice(0, 10) ?? start?.dateTime.slice(0, 10)) === wanted;
  const told = originalStart === null || originalStart === undefined ? start : { dateTime: originalStart, timeZone: 'UTC' };
  return told !== null && told !== undefined && instantText(told) === wanted;
}

/** Where the date lies now, with a day to each side. */
function windowOf(date: DateWrite): { readonly from: number; readonly to: number } {
  const original = Date.parse(date.originalStart);
  const now = date.kind === 'change' && date.nowAt !== null ? Date.parse(date.nowAt.split('/')[0] ?? '') : original;
  const at = Number.isNaN(now) ? original : now;
  return { from: at - day, to: at + 2 * day };
}

/** A date that is gone by now needs no deletion. */
function outcomeOf(reach: Reach, parts: readonly GraphPart[], answers: readonly Answer[]): Outcome<SeenItem> {
  const errors = answers.flatMap((answer, index): TandemError[] => {
    if (answer.ok || (answer.error.code === errorCodes.gone && parts[index]?.method === 'DELETE')) return [];
    return [answer.error];
  });
  const error = gravest(errors);
  const whole = answers.at(-1);
  if (error !== undefined) return { ok: false, error };
  try {
    return { ok: true, value: wholeItemOf(whole?.ok === true ? whole.body : null, 'calendar', reach) };
  } catch (thrown) {
    return { ok: false, error: asTandemError(thrown) };
  }
}
