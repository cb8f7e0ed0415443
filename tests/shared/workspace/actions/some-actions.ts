import { type Checked, checkGiven, type Given } from '../../../../shared/workspace/actions/check';
import { type Offer, offerOf } from '../../../../shared/workspace/actions/offer';
import { type ActionRequest, requestOf } from '../../../../shared/workspace/actions/requests';
import type { ActionName } from '../../../../shared/workspace/microapp';
import { microapp } from '../../../../shared/workspace/microapps';
import type { WorkspaceRecord } from '../../../../shared/workspace/record';
import type { Reader } from '../../../../shared/workspace/shown';
import { aReader } from '../some-records';

export const newId = '22222222-0000-4000-8000-000000000002';
export const rowId = '33333333-0000-4000-8000-000000000003';

/** Somebody in Berlin who reads English, in an environment with some options. */
export const actor: Reader = {
  ...aReader,
  labels: {
    ...aReader.labels,
    'incident.casetypecode': { 1: { 1033: 'Question' }, 2: { 1033: 'Problem' } },
    'incident.prioritycode': { 1: { 1033: 'High' }, 2: { 1033: 'Normal' } },
    'contact.accountrolecode': { 1: { 1033: 'Decision Maker' } },
    'lead.leadqualitycode': { 1: { 1033: 'Hot' } },
  },
};

export function offered(app: string, action: ActionName): Offer {
  const its = microapp(app);
  const offer = its === undefined ? undefined : offerOf(its, action);
  if (offer === undefined) throw new Error(`${app} does not offer ${action}`);
  return offer;
}

export function check(app: string, action: ActionName, given: Given, record: WorkspaceRecord | null = null): Checked {
  return checkGiven(offered(app, action), given, record, actor);
}

/** The rules that what was sent breaks, as `field rule`. */
export function broken(app: string, action: ActionName, given: Given, record: WorkspaceRecord | null = null): string[] {
  const checked = check(app, action, given, record);
  return checked.kind === 'good' ? [] : checked.rules.map(({ field, rule }) => `${field} ${rule}`);
}

/** The request for what was sent; an error where it breaks a rule. */
export function request(app: string, action: ActionName, given: Given, record: WorkspaceRecord | null = null): ActionRequest | null {
  const checked = check(app, action, given, record);
  if (checked.kind === 'broken') throw new Error(checked.rules.map(({ field, rule }) => `${field} ${rule}`).join('; '));
  return requestOf(offered(app, action), checked.wish, { record, newId, language: 'en' });
}
