import { elementsOf, type Value } from './values';

/** The fields in which one date of a series may differ from the series, and `deleted`, whose only value is `true`. */
export const occurrenceFields = [
  'subject',
  'body',
  'location',
  'time',
  'importance',
  'status',
  'requiredAttendees',
  'optionalAttendees',
  'deleted',
] as const;
export type OccurrenceField = (typeof occurrenceFields)[number];

/** One thing by which one date differs from its series. */
export interface Deviation {
  /** When the pattern alone would have it begin: `yyyy-MM-ddTHH:mm:ssZ`, or `yyyy-MM-dd` for whole days. */
  readonly originalStart: string;
  readonly field: OccurrenceField;
  /** As in the field of an appointment; empty for an empty value, attendees joined by commas. */
  readonly value: string;
}

/** The elements of an `occurrences` value: `originalStart|field|value`, sorted, each key once (the last one counts). Of a deleted date nothing else is told. */
export function occurrencesOf(deviations: readonly Deviation[]): string[] {
  const byKey = new Map(deviations.map((each) => [deviationKey(each), each]));
  const told = [...byKey.values()].filter(
    ({ originalStart, field }) => field === 'deleted' || !byKey.has(deviationKey({ originalStart, field: 'deleted' })),
  );
  return told.map((each) => `${deviationKey(each)}|${each.value}`).sort();
}

/** The deviations behind an `occurrences` value; elements that nobody can read are left out. */
export function deviationsOf(occurrences: readonly string[]): Deviation[] {
  return occurrences.flatMap((element) => {
    const [originalStart = '', name = '', ...value] = element.split('|');
    const field = occurrenceFields.find((each) => each === name);
    return field === undefined || Number.isNaN(Date.parse(originalStart)) ? [] : [{ originalStart, field, value: value.join('|') }];
  });
}

/** What an element of an `occurrences` value is about: `originalStart|field`. */
export function deviationKey({ originalStart, field }: Pick<Deviation, 'originalStart' | 'field'>): string {
  return `${originalStart}|${field}`;
}

/** A field's value as a deviation tells it. */
export function deviationText(value: Value | undefined): string {
  return typeof value === 'string' ? value : elementsOf(value).join(',');
}

/** The value that a deviation tells of its field. */
export function deviationValue(field: OccurrenceField, text: string): Value {
  if (field === 'requiredAttendees' || field === 'optionalAttendees') return text === '' ? [] : text.split(',');
  return text === '' ? null : text;
}
