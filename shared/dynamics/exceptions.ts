import { DateTime } from 'luxon';
import { type Deviation, deviationText, occurrenceFields } from '../model/occurrences';
import { sameValue, type Values } from '../model/values';
import { appointmentTable } from './appointment';
import { type Row, textIn } from './row';
import { originalStartOf, patternTime, type SeriesTime } from './series-time';

/** Where a row of a series holds the rows of its dates that were changed by themselves, once a read has added them. */
const exceptionsProperty = '@tandem.exceptions';

export function withExceptions(master: Row, exceptions: readonly Row[]): Row {
  return { ...master, [exceptionsProperty]: exceptions };
}

export function exceptionsIn(master: Row): readonly Row[] {
  const rows: unknown = master[exceptionsProperty];
  return Array.isArray(rows) ? rows : [];
}

/** The fields that a date may have of its own; it cannot have a deletion, for then it has no row. */
const compared = occurrenceFields.filter((field) => field !== 'deleted');

/** By what the row of a date differs from the values of its series and from the time that the pattern gives it. */
export function deviationsIn(exception: Row, series: Values, time: SeriesTime): Deviation[] {
  const originalStart = originalStartOf(textIn(exception, 'originalstartdate') ?? '', time);
  if (originalStart === null) return [];
  const { values } = appointmentTable.recordOf(exception, time.zone);
  const expected: Values = { ...series, time: patternTime(originalStart, time) };
  return compared
    .filter((field) => !sameValue(values[field], expected[field]))
    .map((field) => ({ originalStart, field, value: deviationText(values[field]) }));
}

/** The dates that were deleted; null where one of them cannot be read. The list's form is not documented: dates or times in any of the usual ones. */
export function deletionsIn(master: Row, time: SeriesTime): Deviation[] | null {
  const listed = (textIn(master, 'deletedexceptionslist') ?? '').split(/[,;|\n]/).map((each) => each.trim());
  const starts = listed.filter((each) => each !== '').map((each) => originalStartOf(isoOf(each) ?? '', time));
  const known = starts.filter((each) => each !== null);
  return known.length < starts.length ? null : known.map((originalStart) => ({ originalStart, field: 'deleted', value: 'true' }));
}

/** Forms in which .NET writes a time that has no zone; the platform keeps UTC. */
const dotNetForms = ['M/d/yyyy h:mm:ss a', 'M/d/yyyy H:mm:ss', 'M/d/yyyy'];

function isoOf(text: string): string | null {
  const times = [DateTime.fromISO(text, { zone: 'utc' }), ...dotNetForms.map((form) => DateTime.fromFormat(text, form, { zone: 'utc' }))];
  const found = times.find(({ isValid }) => isValid);
  if (found === undefined) return null;
  return /[T ]\d/.test(text) ? found.toUTC().toISO({ suppressMilliseconds: true }) : found.toISODate();
}
