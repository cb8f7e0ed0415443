import { z } from 'zod';
import { elementsOf, type Values } from '../model/values';

/** An attendee as Graph has it; what Tandem does not know of it is kept as it is. */
const attendee = z.looseObject({
  type: z.string().nullish(),
  emailAddress: z.looseObject({ address: z.string().nullish(), name: z.string().nullish() }).nullish(),
});

export const attendeesJson = z.array(attendee);
export type Attendee = z.output<typeof attendee>;

type AttendeeType = 'required' | 'optional' | 'resource';

/** The lower-case addresses of one type of attendees, sorted: their order means nothing, so it must be no change. One without a type is required, as Exchange sees it. */
export function addressesOf(attendees: readonly Attendee[], type: AttendeeType): string[] {
  const found = attendees.filter((each) => (each.type?.toLowerCase() ?? 'required') === type).flatMap((each) => addressOf(each) ?? []);
  return [...new Set(found)].sort();
}

/** True where these changes touch whom the event invites. */
export function touchesAttendees(changes: Values): boolean {
  return 'requiredAttendees' in changes || 'optionalAttendees' in changes;
}

/**
 * The whole attendee list to write, for Graph replaces it as one. Who was there already stays as Exchange knows her, with name and answer; rooms, and
 * attendees without an address, which only Exchange can hold, stay in any case.
 */
export function mergedAttendees(changes: Values, current: Values, existing: readonly Attendee[]): Attendee[] {
  const wanted = (field: string, type: AttendeeType) => elementsOf(changes[field] ?? current[field] ?? addressesOf(existing, type));
  const known = new Map(existing.map((each) => [addressOf(each), each]));
  const taken = new Set<string>();
  const written = (addresses: readonly string[], type: AttendeeType): Attendee[] =>
    addresses.flatMap((address) => {
      if (taken.has(address)) return [];
      taken.add(address);
      return [{ emailAddress: { address }, ...known.get(address), type }];
    });
  const rooms = [...elementsOf(current.resources), ...addressesOf(existing, 'resource')];
  return [
    ...written(wanted('requiredAttendees', 'required'), 'required'),
    ...written(wanted('optionalAttendees', 'optional'), 'optional'),
    ...written(rooms, 'resource'),
    ...existing.filter((each) => addressOf(each) === null),
  ];
}

function addressOf({ emailAddress }: Attendee): string | null {
  const address = emailAddress?.address?.trim().toLowerCase() ?? '';
  return address === '' ? null : address;
}
