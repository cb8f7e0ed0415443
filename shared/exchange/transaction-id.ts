import { guidFrom } from '../model/guid-from';

/** The `transactionId` of an event: a GUID made from its marker, so that a create that is sent again makes no second event. */
export function transactionIdOf(marker: string): string {
  return guidFrom(marker);
}
