import type { Desk, Json } from './desk';
import { until } from './until';

/** Exactly one element; throws where there are several. */
export function single(found: readonly Json[], what: string): Json | undefined {
  if (found.length > 1) throw new Error(`${found.length} copies: ${what}`);
  return found[0];
}

/** Her contact of that name, once it is in Exchange. */
export function theContact(desk: Desk, surname: string): Promise<Json> {
  return until(`${desk.who.firstName} has ${surname} in Exchange`, async () =>
    single(
      (await desk.contacts()).filter((contact) => contact.surname === surname),
      surname,
    ),
  );
}

/** Makes a contact of hers in Dynamics and returns its id. */
export async function newContact(desk: Desk, lastname: string, more: Json = {}): Promise<string> {
  const row = await desk.dynamics('POST', 'contacts', { firstname: 'Walk', lastname, ...more });
  return String(row.contactid);
}
