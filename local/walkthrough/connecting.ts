import { z } from 'zod';
import { tandemApplication } from '../company/people';
import { type Json, valuesOf } from './desk';
import { integrationId, type Office, rateLimit } from './office';
import type { Step } from './step';
import { until } from './until';

/** Whose account Tandem itself uses in Dynamics. */
const serviceAccount = 'greta';

const Connection = z.object({
  ok: z.boolean(),
  steps: z.array(z.object({ step: z.string(), outcome: z.string(), detail: z.string().nullable() })),
});
const Imported = z.object({ added: z.number(), known: z.number(), complete: z.boolean() });
const Results = z.object({ results: z.array(z.object({ ok: z.boolean() })) });
const Test = z.object({
  endedAt: z.string().nullable(),
  steps: z.array(z.object({ step: z.string(), result: z.string(), detail: z.string() })),
});

/** From an empty deployment to a mailbox that takes part, by the admin API and a browser alone. */
export const connecting: readonly Step[] = [
  {
    what: 'The deployment is empty, and the environment is connected with a client and a secret of its own',
    play: async (office) => {
      const { items } = await office.admin('GET', 'integrations');
      if (valuesOf({ value: items }).length > 0) throw new Error('there is an integration already');
      await create(office);
    },
  },
  {
    what: 'The service account is signed in through a browser',
    play: async (office) => {
      const state = async (): Promise<Json> => office.admin('GET', `gwsc/auth?integration=${integrationId}`);
      if ((await state()).state !== 'never') throw new Error('somebody is signed in already');
      await signIn(office);
      if ((await state()).state !== 'in') throw new Error('nobody is signed in');
    },
  },
  {
    what: 'The connection is tested, and every step is well',
    play: async (office) => {
      const { ok, steps } = Connection.parse(await office.admin('POST', `integrations/${integrationId}/test`));
      // On one machine there is no TLS, which is the one thing that cannot be looked at.
      const unwell = steps.filter(({ step, outcome }) => outcome !== 'ok' && step !== 'tls');
      if (!ok || steps.length === 0 || unwell.length > 0)
        throw new Error(unwell.map(({ step, outcome, detail }) => `${step} ${outcome}: ${detail}`).join('; '));
    },
  },
  {
    what: 'The users of Dynamics are imported, and none of them syncs',
    play: async (office) => {
      const first = Imported.parse(await office.admin('POST', `mailboxes/import?integration=${integrationId}`));
      const again = Imported.parse(await office.admin('POST', `mailboxes/import?integration=${integrationId}`));
      if (first.added === 0 || !first.complete) throw new Error(`it came to ${JSON.stringify(first)}`);
      if (again.added > 0 || again.known !== first.added) throw new Error(`once more it came to ${JSON.stringify(again)}`);
      const { items } = await office.admin('GET', `mailboxes?integration=${integrationId}&limit=200`);
      const on = valuesOf({ value: items }).filter(({ status }) => status !== 'off');
      if (on.length > 0) throw new Error(`${on.length} of them take part`);
    },
  },
  {
    what: 'A mailbox that nobody has approved cannot be tested, and is approved',
    play: async (office) => {
      const { systemUserId } = office.anna.who;
      const early = await office.app('lena', 'POST', `/admin/api/mailboxes/${integrationId}/${systemUserId}/test`);
      if (early.status !== 409) throw new Error(`it was answered with ${early.status}`);
      const { results } = Results.parse(await office.admin('POST', `mailboxes/${integrationId}/approve`, { ids: [systemUserId] }));
      if (results.length !== 1 || results.some(({ ok }) => !ok)) throw new Error('it was not approved');
    },
  },
  {
    what: 'A mailbox is enabled for its user',
    play: async (office) => {
      const { who } = office.anna;
      const asked = await office.app('lena', 'POST', `/admin/api/mailboxes/${integrationId}/${who.systemUserId}/test`);
      const at = asked.headers.get('location');
      if (asked.status !== 202 || at === null) throw new Error(`it was answered with ${asked.status}`);
      const test = await until('the test is over', async () => {
        const report = Test.parse(JSON.parse((await office.app('lena', 'GET', at)).text));
        return report.endedAt === null ? undefined : report;
      });
      const failed = test.steps.filter(({ result }) => result === 'failed');
      if (failed.length > 0) throw new Error(failed.map(({ step, detail }) => `${step}: ${detail}`).join('; '));
      await until(`the mailbox of ${who.firstName} is on`, async () => (await office.mailbox(who)).status === 'on');
    },
  },
];

/** Nothing is pushed yet: polling has to do. */
async function create(office: Office): Promise<void> {
  const clientSecret = office.stack.identity.addClientSecret();
  const signInByCode = { by: 'authorizationCode', clientId: tandemApplication.clientId };
  const made = await office.admin('POST', 'integrations', {
    template: 'http',
    id: integrationId,
    name: 'Contoso',
    baseUrl: office.stack.dynamics.url,
    settings: { push: false },
    connection: { service: signInByCode, action: signInByCode, rateLimit },
    secrets: { service: { clientSecret }, action: { clientSecret } },
  });
  if (valuesOf({ value: made.warnings }).length > 0) throw new Error(`it warns of ${JSON.stringify(made.warnings)}`);
}

async function signIn(office: Office): Promise<void> {
  await office.allowToActForOthers(serviceAccount);
  const browser = office.browser();
  const asked = await browser.start(office.stack.hostUrl, 'service', integrationId, await office.tokenOf('lena'));
  const page = await browser.open(await browser.signIn(asked, serviceAccount));
  if (page.status !== 200) throw new Error(`the callback answered ${page.status}: ${page.text.slice(0, 300)}`);
}
