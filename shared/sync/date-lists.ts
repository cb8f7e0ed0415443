import { type Deviation, deviationsOf, occurrencesOf } from '../model/occurrences';
import { elementsOf, type Values } from '../model/values';

/** Everybody who is invited to single dates of a series only. */
export function invitedToDates(values: Values): string[] {
  return lists(elementsOf(values.occurrences)).flatMap(({ value }) => (value === '' ? [] : value.split(',')));
}

/** True where these changes touch whom single dates invite. */
export function touchesDateLists(changes: Values, current: Values): boolean {
  if (!('occurrences' in changes)) return false;
  const told = ({ occurrences }: Values): string => occurrencesOf(lists(elementsOf(occurrences))).join('\n');
  return told(changes) !== told(current);
}

/** The dates that these changes touch in what attendees see, UTC ms, as the pattern has them. How a date shows in the organizer's own calendar is not such. */
export function datesTouched(changes: Values, current: Values): number[] {
  const [after, before] = [elementsOf(changes.occurrences), elementsOf(current.occurrences)];
  const touched = [...after.filter((element) => !before.includes(element)), ...before.filter((element) => !after.includes(element))];
  return deviationsOf(touched).flatMap(({ originalStart, field }) => (field === 'status' ? [] : [Date.parse(originalStart)]));
}

/** The changes with the lists of single dates left as they are. Absent where nothing else about single dates was to change. */
export function withoutDateLists(changes: Values, current: Values): Values {
  if (!touchesDateLists(changes, current)) return changes;
  const kept = deviationsOf(elementsOf(changes.occurrences)).filter((each) => !isList(each));
  const occurrences = occurrencesOf([...kept, ...lists(elementsOf(current.occurrences))]);
  const { occurrences: _wanted, ...rest } = changes;
  const held = elementsOf(current.occurrences);
  const same = occurrences.length === held.length && occurrences.every((element) => held.includes(element));
  return same ? rest : { ...rest, occurrences };
}

function lists(occurrences: readonly string[]): Deviation[] {
  return deviationsOf(occurrences).filter(isList);
}

function isList({ field }: Deviation): boolean {
  return field === 'requiredAttendees' || field === 'optionalAttendees';
}
