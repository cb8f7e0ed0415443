import { workFor } from '../cycle/work-for';
import type { Methods } from '../model/mailbox-standing';
import { switchedOn } from '../model/mailbox-standing';
import { defaultProfile, type ServerProfile } from '../model/server-profile';
import { errorCodes, TandemError } from '../platform/errors';
import { demandExpected, type Expectation } from '../platform/etag';
import type { Services } from '../services';
import { type StoredMailbox, takesPart } from '../storage/mailboxes';
import type { StoredProfile } from '../storage/profiles';
import { noMailbox } from './disable';
import { noIntegration } from './enable';
import type { NewMailboxes } from './import-users';
import { each, mostNamed, type OneOfMany } from './many';
import { loadAgain } from './reload';
import { switchedOnIn } from './status';

type ProfileServices = Pick<Services, 'profiles' | 'integrations' | 'mailboxes' | 'messenger' | 'clock' | 'log'>;

/**
 * Makes a profile, or replaces what it says. Mailboxes that have it keep their methods until it is applied to them.
 * @throws TandemError `not-found` for an unknown integration; `stale`, `precondition-required` as the expectation says
 */
export async function saveProfile(
  { profiles, integrations, log }: ProfileServices,
  profile: ServerProfile,
  expectation: Expectation,
): Promise<StoredProfile & { readonly isNew: boolean }> {
  if ((await integrations.get(profile.integration)) === null) throw noIntegration(profile.integration);
  const there = await profiles.get(profile.integration, profile.id);
  demandExpected(expectation, there?.etag ?? null);
  const etag = await profiles.put(profile, there?.etag ?? null);
  log.info('profile-saved', { integration: profile.integration, profile: profile.id });
  return { profile, etag, isNew: there === null };
}

/** A profile. Throws TandemError `not-found`. */
export async function readProfile(
  { profiles }: Pick<ProfileServices, 'profiles'>,
  integration: string,
  id: string,
): Promise<StoredProfile> {
  const there = await profiles.get(integration, id);
  if (there !== null) return there;
  throw new TandemError(errorCodes.notFound, {
    retry: 'never',
    fix: 'Look the profiles up and use the id of one of them.',
    detail: `no profile ${id} in the integration ${integration}`,
  });
}

/**
 * Removes a profile that no mailbox has.
 * @throws TandemError `not-found`; `conflict` while mailboxes have it; `stale`, `precondition-required` as the expectation says
 */
export async function removeProfile(services: ProfileServices, integration: string, id: string, expectation: Expectation): Promise<void> {
  const { etag } = await readProfile(services, integration, id);
  demandExpected(expectation, etag);
  let having = 0;
  for await (const page of services.mailboxes.pages(integration)) having += page.filter(({ profile }) => profile === id).length;
  if (having > 0)
    throw new TandemError(errorCodes.conflict, {
      retry: 'never',
      fix: 'Apply another profile to these mailboxes first.',
      detail: `${having} mailboxes have the profile`,
    });
  await services.profiles.remove(integration, id, etag);
  services.log.info('profile-removed', { integration, profile: id });
}

/** What became of the mailboxes of one page; `next` leads to the rest of all. */
export interface Applied {
  readonly results: readonly OneOfMany[];
  readonly next: string | null;
}

/**
 * Gives mailboxes a profile and its methods: those that are named, or a page of all. A workload that is wanted from then on is loaded; one that no longer is, is
 * left alone as it is.
 * @throws TandemError `not-found`
 */
export async function applyProfile(
  services: ProfileServices,
  integration: string,
  id: string,
  to: { readonly ids: readonly string[] } | { readonly cursor: string | null },
): Promise<Applied> {
  const { profile } = await readProfile(services, integration, id);
  if ('ids' in to) return { results: await each(to.ids, (mailbox) => applyOne(services, profile, mailbox)), next: null };
  const { items, next } = await services.mailboxes.list(integration, { limit: mostNamed, cursor: to.cursor });
  const ids = items.map((mailbox) => mailbox.id);
  return { results: await each(ids, (mailbox) => applyOne(services, profile, mailbox)), next };
}

async function applyOne(services: ProfileServices, { integration, id: profile, methods }: ServerProfile, id: string): Promise<void> {
  let before: Methods = methods;
  const mailbox = await services.mailboxes.update(integration, id, (there) => {
    before = there.methods;
    return isSame(there, profile, methods) ? there : { ...there, profile, methods };
  });
  if (mailbox === null) throw noMailbox(integration, id);
  const on = switchedOnIn(before, methods);
  if (on.includes('act')) await loadAgain(services, mailbox);
  else if (on.length > 0 && takesPart(mailbox)) await services.messenger.wake(workFor(mailbox, 'syncNow', services.clock.now()));
}

function isSame(there: StoredMailbox, profile: string, methods: Methods): boolean {
  return there.profile === profile && there.methods.act === methods.act && there.methods.incoming === methods.incoming;
}

/** What mailboxes that an import adds are given: the profile `default` where there is one. */
export async function givenToNew({ profiles }: Pick<ProfileServices, 'profiles'>, integration: string): Promise<NewMailboxes> {
  const there = await profiles.get(integration, defaultProfile);
  return there === null ? { profile: null, methods: switchedOn.methods } : { profile: defaultProfile, methods: there.profile.methods };
}
