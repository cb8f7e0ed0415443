import { type Call, parameter } from './call';
import type { StoredContact } from './contact-item';
import { GraphFailure, itemNotFound } from './errors';
import { folders } from './mailbox';
import type { ShownEvent } from './series';
import { etagOf, matches } from './versions';

/** The event that the path names. A deleted one goes on answering by its immutable id, from Deleted Items. */
export function findItem(call: Call, kind: 'event'): ShownEvent;
export function findItem(call: Call, kind: 'contact'): StoredContact;
export function findItem(call: Call, kind: 'event' | 'contact'): ShownEvent | StoredContact {
  const id = parameter(call, 0);
  const item = kind === 'event' ? call.mailbox.findEvent(id) : call.mailbox.find(kind, id);
  if (item.folder === folders.deletedItems && call.exchange.switches.deletedAnswers404) throw itemNotFound();
  return item;
}

/** Refuses a write whose `If-Match` names an older version; no page documents this for Outlook items, so a switch decides. */
export function requireMatch(call: Call, item: { readonly version: number }): void {
  const { ifMatch } = call.exchange.switches;
  if (ifMatch === 'ignore' || matchesNow(call, item)) return;
  throw conflict(Number(ifMatch));
}

/** The same for tasks, which are not known to look at `If-Match`. */
export function requireTaskMatch(call: Call, item: { readonly version: number }): void {
  if (call.exchange.switches.taskIfMatch === 'enforce' && !matchesNow(call, item)) throw conflict(412);
}

function matchesNow(call: Call, item: { readonly version: number }): boolean {
  return matches(call.request.headers['if-match'], etagOf(call.mailbox.person.objectId, item.version));
}

function conflict(status: number): GraphFailure {
  return new GraphFailure(
    status,
    'ErrorIrresolvableConflict',
    'The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.',
  );
}
