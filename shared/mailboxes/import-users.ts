import type { ListedUser } from '../dynamics/users';
import { type Methods, switchedOn } from '../model/mailbox-standing';
import { atOnce } from '../platform/at-once';
import { errorCodes, TandemError } from '../platform/errors';
import type { Services } from '../services';
import type { StoredMailbox } from '../storage/mailboxes';
import { renamed } from './approval';
import { noIntegration } from './enable';
import { changeMailbox, type SwitchServices } from './switch-off';

/** Why a user of Dynamics gets no mailbox row: stable codes, each with the sentence an admin reads. */
export const skips = {
  'not-a-person': 'An application, or a user with administrative, support or read access alone: nobody whose mailbox syncs.',
  disabled: 'The user is disabled in Dynamics.',
  'not-licensed': 'The user has no license for Dynamics.',
  'no-account': 'The user is not linked to an account in Entra ID.',
  'no-address': 'The user has no primary e-mail address.',
  'address-taken': 'Another user of this import has the same address.',
} as const;

export type Skip = keyof typeof skips;

/** What an import came to. */
export interface Imported {
  /** Mailboxes that are known from now on; none of them syncs. */
  readonly added: number;
  /** Mailboxes that were known before, as Dynamics says they are now. */
  readonly known: number;
  /** Those of them whose address or account has changed: what was approved waits for approval again. */
  readonly changed: number;
  /** Users that were left out, by why. */
  readonly skipped: Readonly<Partial<Record<Skip, number>>>;
  /** False where there were more new users than one import takes in: ask again. */
  readonly complete: boolean;
}

/** So many rows are written by one request, which has to end while its caller waits. */
const mostAdded = 2_000;
const rowsAtOnce = 8;

type ImportServices = SwitchServices & Pick<Services, 'clock' | 'integrations' | 'participation' | 'dynamics'>;

/** What new mailboxes are given. */
export interface NewMailboxes {
  readonly profile: string | null;
  readonly methods: Methods;
}

/**
 * Makes a mailbox row for each enabled, licensed person of Dynamics who has an address. None of them syncs: nobody has approved it. Doing it again adds who is
 * new, and takes approval back where an address has changed.
 * @throws TandemError `not-found` for an unknown integration
 */
export async function importUsers(services: ImportServices, integrationId: string, given: NewMailboxes): Promise<Imported> {
  const { integrations, mailboxes, clock, log } = services;
  const integration = await integrations.get(integrationId);
  if (integration === null) throw noIntegration(integrationId);
  const before = new Map<string, StoredMailbox>();
  for await (const page of mailboxes.pages(integrationId)) for (const mailbox of page) before.set(mailbox.id, mailbox);

  const { users } = services.dynamics(integration);
  const addresses = new Set([...before.values()].map(({ email }) => email));
  const count = { added: 0, known: 0, changed: 0 };
  const skipped: Partial<Record<Skip, number>> = {};
  let complete = true;
  let link: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof users.page>> = await users.page(link);
    const fresh: StoredMailbox[] = [];
    for (const user of page.users) {
      const there = before.get(user.systemUserId);
      const person = personOf(user);
      if (typeof person === 'string') skipped[person] = (skipped[person] ?? 0) + 1;
      else if (there !== undefined) {
        count.known += 1;
        if (await takeOver(services, there, person)) count.changed += 1;
      } else if (addresses.has(person.email)) skipped['address-taken'] = (skipped['address-taken'] ?? 0) + 1;
      else if (count.added + fresh.length >= mostAdded) complete = false;
      else {
        addresses.add(person.email);
        fresh.push(unapproved(integrationId, user.systemUserId, person, given, clock.now()));
      }
    }
    await atOnce(rowsAtOnce, fresh, (mailbox) => add(services, mailbox));
    count.added += fresh.length;
    link = complete ? page.nextLink : null;
  } while (link !== null);
  log.info('users-imported', { integration: integrationId, ...count, complete });
  return { ...count, skipped, complete };
}

/** A person whose mailbox may take part, or why the user is none. */
export function personOf(user: ListedUser): { readonly objectId: string; readonly email: string; readonly name: string } | Skip {
  const { objectId, email, name } = user;
  if (!user.isInteractive) return 'not-a-person';
  if (!user.isEnabled) return 'disabled';
  if (!user.isLicensed) return 'not-licensed';
  if (objectId === null) return 'no-account';
  return email === null ? 'no-address' : { objectId, email, name };
}

function unapproved(
  integration: string,
  id: string,
  person: Pick<StoredMailbox, 'objectId' | 'email' | 'name'>,
  { profile, methods }: NewMailboxes,
  now: number,
): StoredMailbox {
  return {
    ...switchedOn,
    ...person,
    id,
    integration,
    systemUserId: id,
    zone: 'UTC',
    deletedItems: '',
    taskLists: [],
    status: 'off',
    approval: { state: 'empty', by: null, at: null },
    methods,
    profile,
    enabledAt: now,
    filters: {},
    columnRights: null,
    marks: {},
    lastChangeAt: null,
    nextRetryAt: null,
    lastCycleAt: null,
    health: null,
  };
}

/** Somebody else may have added it meanwhile: then that row stays. */
async function add({ mailboxes }: ImportServices, mailbox: StoredMailbox): Promise<void> {
  try {
    await mailboxes.insert(mailbox);
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== errorCodes.duplicate) throw error;
  }
}

/** Takes over what Dynamics says now; true where that is another mailbox, which gives up its place in the integration until it is approved. */
async function takeOver(
  services: ImportServices,
  there: StoredMailbox,
  person: Pick<StoredMailbox, 'objectId' | 'email' | 'name'>,
): Promise<boolean> {
  const { integration, id, objectId } = there;
  const now = services.clock.now();
  if (renamed(there, person, now) === there) return false;
  const after = await changeMailbox(services, integration, id, (row) => renamed(row, person, now));
  if (after.approval.state !== 'pending' || there.approval.state === 'pending') return after.email !== there.email;
  await services.participation.giveBack(objectId, integration, id);
  services.log.warn('approval-withdrawn', { integration, mailbox: id });
  return true;
}
