import { deviationKey, deviationsOf, deviationValue, type OccurrenceField } from '../model/occurrences';
import { recurrenceOf } from '../model/recurrence';
import { mayRecurOn } from '../model/recurrence-dates';
import type { SeenRecord } from '../model/seen';
import { elementsOf, sameValue, type Value, type Values } from '../model/values';
import { errorCodes, TandemError } from '../platform/errors';
import { inGroups } from '../platform/groups';
import { withAddresses } from './addresses';
import { appointmentTable } from './appointment';
import { attendeeColumns, changesAttendees } from './attendee-columns';
import { type Connection, etag, guid } from './connection';
import type { Caller } from './dynamics';
import { seriesDay } from './local-day';
import { partiesIn, partiesProperty } from './parties';
import { occurrenceQuery, readPreferences } from './read';
import { keyIn, numberIn, type Row, textIn, versionIn } from './row';
import { originalStartOf, patternTime, type SeriesTime, seriesTimeOf } from './series-time';
import type { MappingContext } from './table';
import { columnTime, instantOf } from './zoned';

/** What one date of a series has to be given. */
export interface OccurrenceStep {
  readonly originalStart: string;
  /** Fields that become something of their own, or null to become again what the series has. */
  readonly fields: Readonly<Partial<Record<OccurrenceField, string | null>>>;
  /** True for what stood there before our own write of the series' pattern dropped it. */
  readonly restores: boolean;
}

/**
 * What the dates of a series have to be given so that they differ from it as `changes` say. Where they say nothing, but a new pattern has just dropped what was
 * special about dates, that is given back. A date that Dynamics has deleted stays so: it cannot be made again.
 */
export function occurrenceSteps(record: Pick<SeenRecord, 'values'>, changes: Values, current: Values): OccurrenceStep[] {
  const isNewPattern = 'recurrence' in changes || 'time' in changes;
  if (!('occurrences' in changes) && !isNewPattern) return [];
  const wanted = deviationsOf(elementsOf('occurrences' in changes ? changes.occurrences : current.occurrences));
  const there = deviationsOf(elementsOf(record.values.occurrences));
  const before = new Set(deviationsOf(elementsOf(current.occurrences)).map((each) => `${deviationKey(each)}|${each.value}`));
  const deleted = new Set(there.filter(({ field }) => field === 'deleted').map(({ originalStart }) => originalStart));
  const held = new Map(there.map((each) => [deviationKey(each), each.value]));
  const named = new Set(wanted.map(deviationKey));

  const steps = new Map<string, { fields: Record<string, string | null>; restores: boolean }>();
  const give = (originalStart: string, field: OccurrenceField, value: string | null, restores: boolean): void => {
    const step = steps.get(originalStart) ?? { fields: {}, restores: true };
    step.fields[field] = value;
    steps.set(originalStart, { ...step, restores: step.restores && restores });
  };
  for (const each of wanted)
    if (!deleted.has(each.originalStart) && held.get(deviationKey(each)) !== each.value)
      give(each.originalStart, each.field, each.value, before.has(`${deviationKey(each)}|${each.value}`));
  for (const each of there)
    if (each.field !== 'deleted' && !named.has(deviationKey(each))) give(each.originalStart, each.field, null, false);
  return [...steps].map(([originalStart, step]) => ({ originalStart, ...step }));
}

/** Dates in one request: each takes about a hundred characters of the URL. */
const datesInRequest = 50;

/** Writes dates of a series one by one, each with the version it was just read with. */
export async function writeOccurrences(
  connection: Connection,
  record: SeenRecord,
  steps: readonly OccurrenceStep[],
  caller: Caller,
  context: MappingContext,
): Promise<void> {
  const time = seriesTimeOf(String(record.values.time), context.zone);
  for (const group of inGroups(steps, datesInRequest)) {
    const rows = await readDates(connection, record.id, group, caller, time);
    const missing = group.filter(
      ({ originalStart, restores }) =>
        !rows.has(originalStart) && !restores && Date.parse(originalStart) > context.now && isDateOf(record, originalStart, time),
    );
    const madeUntil = missing.length === 0 ? Number.POSITIVE_INFINITY : await datesMadeUntil(connection, record.id, caller);
    for (const step of group) {
      const row = rows.get(step.originalStart);
      if (row !== undefined) await writeDate(connection, row, step, { record, time }, caller, context);
      else if (missing.includes(step) && Date.parse(step.originalStart) > madeUntil) throw notThere();
    }
  }
}

/** True for what may be a date of the series; one of the pattern or the time that it had before they were changed is none. */
function isDateOf({ values }: SeenRecord, originalStart: string, time: SeriesTime): boolean {
  const recurrence = recurrenceOf(values.recurrence);
  const day = time.wholeDays ? originalStart : seriesDay(originalStart, time.zone, time.startMinute);
  if (!patternTime(originalStart, time).startsWith(`${originalStart}/`)) return false;
  return recurrence === null || day === null || mayRecurOn(recurrence, day);
}

const fullyExpanded = 2;

/**
 * Until when Dynamics has made every date that the series has, UTC ms; infinite where it has made them all (`expansionstatecode` and `lastexpandedinstancedate`,
 * recurringappointmentmaster table reference). What has no row before that is no date of the series, such as one of a pattern that was replaced.
 */
async function datesMadeUntil(connection: Connection, seriesId: string, caller: Caller): Promise<number> {
  const $select = 'expansionstatecode,lastexpandedinstancedate';
  const row = await connection.row({ url: connection.url(`recurringappointmentmasters(${guid(seriesId)})`, { $select }), caller });
  if (numberIn(row, 'expansionstatecode') === fullyExpanded) return Number.POSITIVE_INFINITY;
  const last = textIn(row, 'lastexpandedinstancedate');
  return last === null ? Number.NEGATIVE_INFINITY : Date.parse(last);
}

/** A date of the past that has no row stays as it is, and so does what is no date of the series; one to come is made by the platform when its window reaches so far. */
function notThere(): TandemError {
  return new TandemError(errorCodes.refused, {
    retry: 'later',
    fix: 'Wait until Dynamics has made the date, or let it make dates further ahead (recurrence settings of the environment).',
    detail: 'the series has no such date in Dynamics yet',
  });
}

/** The rows of these dates, by their original start. */
async function readDates(
  connection: Connection,
  seriesId: string,
  steps: readonly OccurrenceStep[],
  caller: Caller,
  time: SeriesTime,
): Promise<ReadonlyMap<string, Row>> {
  const dates = steps.map(({ originalStart }) => startsAt(originalStart, time)).join(' or ');
  const url = connection.url(appointmentTable.set, { ...occurrenceQuery, $filter: `seriesid eq ${guid(seriesId)} and (${dates})` });
  const { rows } = await connection.page({ url, caller, ...readPreferences(appointmentTable) });
  const complete = await withAddresses(connection, rows, caller);
  return new Map(complete.map((row) => [originalStartOf(textIn(row, 'originalstartdate') ?? '', time) ?? '', row]));
}

const halfDayMs = 43_200_000;

/** Whole days are stored as midnights of whoever saved them, so any that is nearer to this day than to another one means it. */
function startsAt(originalStart: string, { wholeDays, zone }: SeriesTime): string {
  if (!wholeDays) return `originalstartdate eq ${columnTime(Date.parse(originalStart))}`;
  const midnight = Date.parse(instantOf(originalStart, null, zone));
  return `(originalstartdate ge ${columnTime(midnight - halfDayMs)} and originalstartdate lt ${columnTime(midnight + halfDayMs)})`;
}

async function writeDate(
  connection: Connection,
  row: Row,
  { fields, originalStart }: OccurrenceStep,
  { record, time }: { readonly record: SeenRecord; readonly time: SeriesTime },
  caller: Caller,
  context: MappingContext,
): Promise<void> {
  const url = connection.url(`${appointmentTable.set}(${guid(keyIn(row, appointmentTable.key))})`);
  const headers = { 'If-Match': etag(versionIn(row)) };
  if (fields.deleted === 'true') return connection.send({ method: 'DELETE', url, caller, headers });
  const current = appointmentTable.recordOf(row, context.zone).values;
  const inherited = (field: string): Value => (field === 'time' ? patternTime(originalStart, time) : (record.values[field] ?? null));
  const wanted = Object.entries(fields).map(([field, text]): [string, Value] => [
    field,
    text === null ? inherited(field) : deviationValue(field as OccurrenceField, text),
  ]);
  const changes: Values = Object.fromEntries(wanted.filter(([field, value]) => !sameValue(value, current[field])));
  const attendees = changesAttendees(changes) ? await attendeeColumns(connection, partiesIn(row), changes, caller, partiesProperty) : {};
  const body = { ...appointmentTable.columnsOf(changes, current, context), ...attendees };
  if (Object.keys(body).length > 0) await connection.send({ method: 'PATCH', url, caller, headers, body });
}
