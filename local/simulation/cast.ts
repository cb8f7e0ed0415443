import { type Person, person } from '../company/people';

/** The people of every story: three who take part from the start, one who joins in some stories, and one who never does. */
export const members: readonly Person[] = [person('anna'), person('chloe'), person('ben')];
export const latecomer: Person = person('farid');
export const outsider: Person = person('greta');
export const cast: readonly Person[] = [...members, latecomer, outsider];
/** Whoever has a mailbox that Tandem may ever touch. */
export const mailboxOwners: readonly Person[] = [...members, latecomer];

/** The member of the cast with this `systemuserid`. */
export function castMember(systemUserId: string): Person | undefined {
  return cast.find((each) => each.systemUserId === systemUserId);
}
