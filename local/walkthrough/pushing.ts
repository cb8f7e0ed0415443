import { z } from 'zod';
import { newContact, theContact } from './contacts';
import { integrationId, type Office } from './office';
import type { Step } from './step';
import { until } from './until';

const never = '0 0 0 1 1 *';

/** With these nothing but a push finds an edit. */
const noPolls = {
  POLL_DYNAMICS_SCHEDULE: never,
  POLL_EXCHANGE_SCHEDULE: never,
  EXCHANGE_BUSY_SECONDS: '86400',
  EXCHANGE_TYPICAL_SECONDS: '86400',
  EXCHANGE_QUIET_SECONDS: '86400',
  EXCHANGE_TASKS_SECONDS: '86400',
};

/** Of what the stand-in of Graph keeps, what it tells nobody. */
const Kept = z.object({ exchange: z.object({ subscriptions: z.array(z.object({ clientState: z.string() })) }) });
const Webhooks = z.object({ registered: z.boolean(), steps: z.array(z.object({ enabled: z.boolean() })) });

/** Both sides tell of changes by themselves, until they are asked not to. */
export const pushing: readonly Step[] = [
  {
    what: 'Push is switched on: Exchange is subscribed to, and Dynamics has a webhook',
    play: async (office) => {
      await wantPush(office, true);
      const made = Webhooks.parse(await office.admin('POST', `integrations/${integrationId}/webhooks`));
      if (!made.registered || made.steps.length === 0 || made.steps.some(({ enabled }) => !enabled)) throw new Error('no webhook was made');
      for (const { who } of [office.anna, office.ben])
        await until(`the mailbox of ${who.firstName} is subscribed to`, async () => {
          const { push } = await office.mailbox(who);
          return (
            (await subscribed(office, who.email)) >= 2 &&
            typeof push === 'object' &&
            push !== null &&
            'until' in push &&
            push.until !== null
          );
        });
      const { subscriptions } = Kept.parse(office.stack.graph.snapshot()).exchange;
      office.pastSecrets.push(...subscriptions.map(({ clientState }) => ({ kind: 'secret of a subscription', value: clientState })));
    },
  },
  {
    what: 'Nobody asks any more, and edits arrive by push, both ways',
    play: async (office) => {
      const { anna, stack } = office;
      const id = await newContact(anna, 'Pushwell', { jobtitle: 'Told' });
      const contact = await theContact(anna, 'Pushwell');
      await stack.stopHost();
      await stack.startHost(noPolls);
      await until('what was asked before is answered', async () => isIdle(office));
      await office.resetCounters();
      await anna.dynamics('PATCH', `contacts(${id})`, { jobtitle: 'Told by Dynamics' });
      await until(
        'the edit in Dynamics is in Exchange',
        async () => (await anna.outlook('GET', `contacts/${String(contact.id)}`)).jobTitle === 'Told by Dynamics',
      );
      await anna.outlook('PATCH', `contacts/${String(contact.id)}`, { jobTitle: 'Told by Exchange' });
      await until(
        'the edit in Exchange is in Dynamics',
        async () => (await anna.dynamics('GET', `contacts(${id})?$select=jobtitle`)).jobtitle === 'Told by Exchange',
      );
      // A push has the feed of its own table read; polls would have read this one as well.
      if ((await office.operations('dynamics', 'GET appointments?delta')) > 0) throw new Error('somebody asked');
    },
  },
  {
    what: 'Push is switched off, nothing of it is left on either side, and polling still finds every edit',
    play: async (office) => {
      const { anna, ben, stack } = office;
      await stack.stopHost();
      await stack.startHost();
      await wantPush(office, false);
      await office.admin('DELETE', `integrations/${integrationId}/webhooks`);
      if (Webhooks.parse(await office.admin('GET', `integrations/${integrationId}/webhooks`)).registered)
        throw new Error('the webhook is still there');
      await until(
        'nobody is subscribed',
        async () => (await subscribed(office, anna.who.email)) + (await subscribed(office, ben.who.email)) === 0,
      );
      const id = await newContact(anna, 'Pollwell', { jobtitle: 'Asked' });
      const contact = await theContact(anna, 'Pollwell');
      await anna.outlook('PATCH', `contacts/${String(contact.id)}`, { jobTitle: 'Asked of Exchange' });
      await until(
        'the edit in Exchange is in Dynamics',
        async () => (await anna.dynamics('GET', `contacts(${id})?$select=jobtitle`)).jobtitle === 'Asked of Exchange',
      );
    },
  },
];

/** Saves the integration as it is, but for this. */
async function wantPush(office: Office, push: boolean): Promise<void> {
  const { etag, name, baseUrl, settings, connection } = await office.admin('GET', `integrations/${integrationId}`);
  const changed = { name, baseUrl, settings: { ...z.looseObject({}).parse(settings), push }, connection };
  await office.admin('PUT', `integrations/${integrationId}`, changed, { 'if-match': String(etag) });
}

async function subscribed(office: Office, user: string): Promise<number> {
  return z.array(z.unknown()).parse(await office.control('graph/subscriptions', { user })).length;
}

function isIdle({ stack: { serviceBus } }: Office): boolean {
  return ['polls', 'wakeups'].every((queue) => {
    const { active, locked } = serviceBus.counts(queue);
    return active + locked === 0;
  });
}
