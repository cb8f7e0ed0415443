import { type Deviation, deviationsOf, deviationText, deviationValue, type OccurrenceField } from '../model/occurrences';
import { occurrencesBackMs } from '../model/series';
import { elementsOf, type Value, type Values } from '../model/values';
import { makesDatesAnew, plainTime } from './series';

/** What is done to one date of a series. */
export type DateWrite =
  | { readonly kind: 'delete'; readonly originalStart: string }
  | { readonly kind: 'change'; readonly originalStart: string; readonly changes: Values; readonly nowAt: string | null };

export interface DatesWanted {
  /** What is written to the series. */
  readonly changes: Values;
  /** What the series holds in Exchange before; empty for a new one. */
  readonly current: Values;
  /** The zone of the person, for a series that has none. */
  readonly zone: string;
  /** Now, UTC ms. */
  readonly now: number;
}

/**
 * The writes that bring the single dates of a series to what is wanted. Dates of long ago are never touched, and one that is deleted stays so: Exchange brings
 * no date back. Another pattern or time makes all dates anew, so that whatever is wanted has to be written again.
 */
export function dateWrites({ changes, current, zone, now }: DatesWanted): DateWrite[] {
  const anew = makesDatesAnew(changes);
  if (!('occurrences' in changes) && !anew) return [];
  const after = { ...current, ...changes };
  const held = anew ? [] : deviationsOf(elementsOf(current.occurrences));
  const wanted = deviationsOf(elementsOf(after.occurrences));
  const dates = [...new Set([...held, ...wanted].map(({ originalStart }) => originalStart))].sort();
  return dates
    .filter((date) => Date.parse(date) >= now - occurrencesBackMs)
    .flatMap((date) => writesOf(date, on(date, held), on(date, wanted), { ...after, zone: after.zone ?? zone }));
}

type OnDate = ReadonlyMap<OccurrenceField, string>;

function writesOf(originalStart: string, held: OnDate, wanted: OnDate, series: Values): DateWrite[] {
  if (held.has('deleted')) return [];
  if (wanted.has('deleted')) return [{ kind: 'delete', originalStart }];
  const plain: Values = { ...series, time: plainTime(originalStart, series.time, String(series.zone)) };
  const changes: Record<string, Value> = {};
  for (const field of new Set([...held.keys(), ...wanted.keys()])) {
    const [before, after] = [held, wanted].map((side) => side.get(field) ?? deviationText(plain[field]));
    if (before !== after && after !== undefined) changes[field] = deviationValue(field, after);
  }
  return Object.keys(changes).length === 0 ? [] : [{ kind: 'change', originalStart, changes, nowAt: held.get('time') ?? null }];
}

function on(date: string, deviations: readonly Deviation[]): OnDate {
  return new Map(deviations.filter(({ originalStart }) => originalStart === date).map(({ field, value }) => [field, value]));
}
