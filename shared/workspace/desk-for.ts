import { errorCodes, TandemError } from '../platform/errors';
import type { Services } from '../services';
import type { Integration } from '../storage/integrations';
import type { Desk } from './desk';
import { type GrantServices, integrationOf, nothingHere } from './grants';
import type { Language } from './languages';
import { loadedTables } from './load-state';
import { memberOf } from './member';
import type { Microapp } from './microapp';
import { microapp } from './microapps';
import type { RecordTableName } from './tables';
import { wordsFor } from './words';

export type DeskServices = GrantServices & Pick<Services, 'mailboxes' | 'records' | 'recordLoads' | 'dynamics' | 'dynamicsAs' | 'log'>;

/** Who wants to see what. */
export interface Visit {
  /** Entra object id. */
  readonly objectId: string;
  readonly language: Language;
  /** The id of the integration; undefined where the person takes part in one only. */
  readonly integration: string | undefined;
  readonly app: string;
}

/** A microapp that a person may see, and where. Throws TandemError `not-found` for one that is not there or was not granted to her. */
export async function openApp(
  services: DeskServices,
  { objectId, integration, app }: Visit,
): Promise<{ readonly integration: Integration; readonly app: Microapp }> {
  const found = microapp(app);
  if (found === undefined) throw nothingHere();
  const its = await integrationOf(services, objectId, integration);
  if (!(await services.grants.has(its.id, found.id, objectId))) throw nothingHere();
  return { integration: its, app: found };
}

/** What pages and actions of this person about these tables are made with. Throws `forbidden` for somebody who is no user of the environment. */
export async function deskFor(
  services: DeskServices,
  integration: Integration,
  { objectId, language }: Visit,
  tables: readonly RecordTableName[],
): Promise<Desk> {
  const { clock, mailboxes, records } = services;
  const member = await memberOf(services, integration, objectId);
  if (member === null) throw noUser();
  const mailbox = await mailboxes.get(integration.id, member.systemUserId);
  const { labels, baseLanguage, currencies } = await wordsFor(services, integration, tables);
  return {
    integration: integration.id,
    caller: { objectId },
    dynamics: services.dynamicsAs(integration, objectId).workspace,
    records,
    isLoaded: async (table) => loadedTables((await services.recordLoads.read(integration.id)).state).includes(table),
    owners: member.owners,
    reader: { language, zone: mailbox?.zone ?? 'UTC', labels, baseLanguage: baseLanguage ?? english, currencies },
    now: clock.now(),
  };
}

const english = 1033;

function noUser(): TandemError {
  return new TandemError(errorCodes.forbidden, {
    retry: 'never',
    fix: 'Add the person to the Dynamics environment as a user that is linked to Entra ID.',
    detail: 'you are no user of the environment',
  });
}
