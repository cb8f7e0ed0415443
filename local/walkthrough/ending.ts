import { randomBytes } from 'node:crypto';
import { ServiceBusClient } from '@azure/service-bus';
import { z } from 'zod';
import { storageAccountKey } from '../azurite';
import { tandemApplication } from '../company/people';
import { valuesOf } from './desk';
import { leaksOf, type Secret } from './leaks';
import { integrationId, type Office } from './office';
import type { Step } from './step';

const SignIn = z.object({ state: z.string(), account: z.string().nullable() });
const Vault = z.object({ secrets: z.array(z.object({ name: z.string(), versions: z.array(z.object({ value: z.string() })) })) });
const VaultNames = z.object({ living: z.array(z.object({ name: z.string() })) });

/** There has to be one of each at least: who looks for nothing finds nothing. */
const kinds = [
  'client secret',
  'authorization code',
  'access token',
  'refresh token',
  'ID token',
  'secret of the vault',
  'secret of a subscription',
];

/** What comes last: people sign in and out, the environment is disconnected, and nothing secret has got anywhere. */
export const ending: readonly Step[] = [
  {
    what: 'A person signs in for her own actions',
    play: async (office) => {
      const { key, objectId } = office.anna.who;
      const state = async (): Promise<z.output<typeof SignIn>> =>
        SignIn.parse(JSON.parse((await office.app(key, 'GET', `/app/api/auth/serviceAction?integration=${integrationId}`)).text));
      if ((await state()).state !== 'never') throw new Error('she is signed in already');
      const browser = office.browser();
      const asked = await browser.start(office.stack.hostUrl, 'action', integrationId, await office.tokenOf(key));
      const page = await browser.open(await browser.signIn(asked, key));
      const { state: now, account } = await state();
      if (page.status !== 200 || now !== 'in' || account !== objectId)
        throw new Error(`the callback answered ${page.status}, and she is ${now}`);
    },
  },
  {
    what: 'The environment is disconnected, and Key Vault keeps nothing of it',
    play: async (office) => {
      await remember(office);
      for (const { who } of [office.anna, office.ben]) await office.admin('DELETE', `mailboxes/${integrationId}/${who.systemUserId}`);
      const { etag } = await office.admin('GET', `integrations/${integrationId}`);
      await office.admin('DELETE', `integrations/${integrationId}`, undefined, { 'if-match': String(etag) });
      const { items } = await office.admin('GET', 'integrations');
      if (valuesOf({ value: items }).length > 0) throw new Error('it is still there');
      const { living } = VaultNames.parse(await office.control('keyVault/names', {}));
      const left = living.filter(({ name }) => /^(token|client|webhook)/.test(name));
      if (left.length > 0) throw new Error(`there still is ${left.map(({ name }) => name).join(', ')}`);
    },
  },
  {
    what: 'No secret is in any table, queue, log or reply, where one that was put there is found',
    play: async (office) => {
      const planted = await plant(office);
      await remember(office);
      const texts = office.evidence.texts();
      const found = new Set(leaksOf([planted], texts).map(({ place }) => place));
      const missed = ['the table audit', 'a queue', 'the log of the functions host', 'a reply of Tandem'].filter(
        (place) => !found.has(place),
      );
      if (missed.length > 0) throw new Error(`what was put there is not found in: ${missed.join(', ')}`);
      const secrets = allSecrets(office);
      for (const kind of kinds) if (!secrets.some((secret) => secret.kind === kind)) throw new Error(`there was no ${kind} to look for`);
      const leaks = leaksOf(secrets, texts);
      if (leaks.length > 0) throw new Error(leaks.map(({ kind, place }) => `${kind} in ${place}`).join('; '));
    },
  },
];

/** Keeps what is about to go: rows, and what the vault holds. */
async function remember(office: Office): Promise<void> {
  const { azurite, keyVault } = office.stack;
  await office.evidence.readTables(azurite.connectionString);
  const values = Vault.parse(keyVault.snapshot()).secrets.flatMap(({ versions }) => versions.map(({ value }) => value));
  office.pastSecrets.push(...values.map((value): Secret => ({ kind: 'secret of the vault', value })));
}

function allSecrets(office: Office): Secret[] {
  return [
    ...office.stack.identity.issued(),
    ...office.pastSecrets,
    { kind: 'client secret of the app', value: tandemApplication.clientSecret },
    { kind: 'key of the storage account', value: storageAccountKey },
  ];
}

/** Has something that could be a secret come to each place: the app takes it for the id of an integration. */
async function plant(office: Office): Promise<Secret> {
  const value = `planted-${randomBytes(12).toString('hex')}`;
  await office.app('lena', 'POST', `/admin/api/integrations/${value}/test`);
  const id = office.anna.who.systemUserId;
  const pushed = { PrimaryEntityName: 'contact', PrimaryEntityId: id, OrganizationId: id, MessageName: 'Update' };
  await office.app(null, 'POST', `/app/api/push/dynamics/${value}`, pushed);
  const client = new ServiceBusClient(office.stack.serviceBus.connectionString);
  try {
    await client.createSender('rejected').sendMessages({ body: { planted: value } });
  } finally {
    await client.close();
  }
  return { kind: 'planted secret', value };
}
