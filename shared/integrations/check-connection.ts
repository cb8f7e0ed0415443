import { BlockList, isIP } from 'node:net';
import type { SecretUse } from '../auth/client-secrets';
import type { CodeSignIn, IntegrationConnection } from '../model/integration-connection';
import { badRequest } from '../platform/bad-request';
import { certificatesIn } from '../platform/certificates';
import type { BrokenRule } from '../platform/errors';
import { bare, isLoopback } from '../platform/loopback';
import { recordTableNames } from '../workspace/tables';

/** What a connection is checked against. */
export interface Surroundings {
  /** The environment's address. */
  readonly baseUrl: string;
  /** Where Entra ID answers, by the app's settings. */
  readonly authorityUrl: string;
  /** Hosts of the app's own machine at which others may be all the same, by the app's settings. */
  readonly loopbackHosts: readonly string[];
  /** UTC ms. */
  readonly now: number;
}

/** Where Entra ID answers in the clouds of Microsoft, with the names of before ("National clouds", Microsoft identity platform). */
const entra = new Set([
  'https://login.microsoftonline.com',
  'https://login.windows.net',
  'https://login.microsoft.com',
  'https://sts.windows.net',
  'https://login.microsoftonline.us',
  'https://login.chinacloudapi.cn',
  'https://login.partner.microsoftonline.cn',
]);

/**
 * Refuses a connection whose parts do not go together. Above all, what Tandem signs in with goes only to Entra ID, and what it gets for that only to the
 * environment; another place for either is an on-premises environment's alone.
 * @throws TandemError `bad-request`, naming each field and its rule
 */
export function checkConnection(connection: IntegrationConnection, surroundings: Surroundings): void {
  const complaints = [
    ...addressRules(connection, surroundings),
    ...signInRules(connection, surroundings),
    ...bundleRules(connection, surroundings),
    ...tableRules(connection),
  ];
  if (complaints.length > 0) throw badRequest(complaints);
}

/**
 * Refuses to send a kept secret where it has not been sent before: whoever may change a connection may not learn thereby what nobody is shown.
 * @param kept the uses whose secrets are there and stay as they are
 * @throws TandemError `bad-request`, naming each secret that has to be given anew
 */
export function checkKeptSecrets(
  before: IntegrationConnection,
  after: IntegrationConnection,
  kept: readonly SecretUse[],
  { authorityUrl }: Pick<Surroundings, 'authorityUrl'>,
): void {
  const placeOf = (signIn: IntegrationConnection['service' | 'action']): string | null =>
    signIn.by === 'authorizationCode' ? new URL(signIn.tokenUrl ?? authorityUrl).origin : null;
  const complaints = (['service', 'action'] as const)
    .filter((use) => kept.includes(use) && placeOf(after[use]) !== null && placeOf(after[use]) !== placeOf(before[use]))
    .map((use) => ({
      field: `body.secrets.${use}`,
      rule: 'has to be given anew, or removed with null: tokenUrl leads to another service',
    }));
  if (complaints.length > 0) throw badRequest(complaints);
}

const never = new BlockList();
never.addSubnet('0.0.0.0', 8);
never.addSubnet('169.254.0.0', 16);
// Azure's own services answer machines there ("What is IP address 168.63.129.16?", Microsoft).
never.addAddress('168.63.129.16');
never.addSubnet('224.0.0.0', 3);
never.addAddress('::', 'ipv6');
never.addSubnet('fe80::', 10, 'ipv6');
never.addSubnet('ff00::', 8, 'ipv6');

const withinCompany = new BlockList();
withinCompany.addSubnet('10.0.0.0', 8);
withinCompany.addSubnet('100.64.0.0', 10);
withinCompany.addSubnet('172.16.0.0', 12);
withinCompany.addSubnet('192.168.0.0', 16);
withinCompany.addSubnet('fc00::', 7, 'ipv6');

/** Addresses as numbers. A name may lead anywhere, which is why no answer is passed on and no redirect followed, and why a token is good for one place only. */
function addressRules({ onPremises }: IntegrationConnection, { baseUrl, loopbackHosts }: Surroundings): BrokenRule[] {
  const refused = refusedRules('body.baseUrl', baseUrl, loopbackHosts);
  if (refused.length > 0 || onPremises !== null || !isIn(withinCompany, baseUrl)) return refused;
  return [{ field: 'body.baseUrl', rule: 'is a private address, which only an on-premises environment may have' }];
}

/** What nobody's server may be: where only the app itself may ask, such as for its own tokens. */
function refusedRules(field: string, url: string, loopbackHosts: readonly string[]): BrokenRule[] {
  const { hostname } = new URL(url);
  if (isIn(never, url)) return [{ field, rule: 'is an address that no server has' }];
  if (!isLoopback(hostname) || loopbackHosts.includes(hostname)) return [];
  return [{ field, rule: 'leads to the machine on which Tandem itself runs; LOOPBACK_HOSTS of its settings would have to name that' }];
}

function isIn(list: BlockList, url: string): boolean {
  const host = bare(new URL(url).hostname);
  const version = isIP(host);
  return version !== 0 && list.check(host, version === 6 ? 'ipv6' : 'ipv4');
}

function signInRules({ service, action, onPremises }: IntegrationConnection, surroundings: Surroundings): BrokenRule[] {
  const rules = onPremises === null ? onlineRules : onPremisesRules;
  const ofService =
    service.by === 'application' ? applicationRules(onPremises !== null) : rules('body.connection.service', service, surroundings);
  return [...ofService, ...(action.by === 'service' ? [] : rules('body.connection.action', action, surroundings))];
}

function applicationRules(isOnPremises: boolean): BrokenRule[] {
  return isOnPremises
    ? [
        {
          field: 'body.connection.service.by',
          rule: 'is application, and an on-premises environment does not know the identity of an Azure app',
        },
      ]
    : [];
}

/** The parts of a sign-in that lead somewhere; a certificate has no page where anybody signs in. */
type SignIn = Pick<CodeSignIn, 'tokenUrl' | 'scope'> & Partial<Pick<CodeSignIn, 'authorizationUrl' | 'tokenParameters'>>;

function onlineRules(
  field: string,
  { authorizationUrl, tokenUrl, scope, tokenParameters }: SignIn,
  surroundings: Surroundings,
): BrokenRule[] {
  const { baseUrl, authorityUrl } = surroundings;
  const complaints: BrokenRule[] = [];
  for (const [name, url] of [
    ['authorizationUrl', authorizationUrl],
    ['tokenUrl', tokenUrl],
  ] as const) {
    if (typeof url !== 'string') continue;
    const { origin } = new URL(url);
    if (origin !== new URL(authorityUrl).origin && !entra.has(origin))
      complaints.push({
        field: `${field}.${name}`,
        rule: 'leads elsewhere than to Entra ID, as only that of an on-premises environment may',
      });
  }
  const strange = (scope ?? '').split(/\s+/).find((each) => /[:/]/.test(each) && !each.startsWith(`${baseUrl}/`));
  if (strange !== undefined) complaints.push({ field: `${field}.scope`, rule: `asks for another resource than ${baseUrl}` });
  for (const [name, value] of Object.entries(tokenParameters ?? {}))
    if (/^(?:resource|audience)$/i.test(name) && value.replace(/\/$/, '') !== baseUrl)
      complaints.push({ field: `${field}.tokenParameters.${name}`, rule: `names another resource than ${baseUrl}` });
  return complaints;
}

function onPremisesRules(field: string, signIn: SignIn, { loopbackHosts }: Surroundings): BrokenRule[] {
  const missing =
    'is missing: the sign-in service of an on-premises environment has to be named, such as https://sts.contoso.com/adfs/oauth2/token';
  return (['authorizationUrl', 'tokenUrl'] as const).flatMap((name) => {
    const [url, at] = [signIn[name], `${field}.${name}`];
    // A certificate has no page where anybody signs in.
    if (url === undefined) return [];
    return url === null ? [{ field: at, rule: missing }] : refusedRules(at, url, loopbackHosts);
  });
}

function bundleRules({ onPremises }: IntegrationConnection, { now }: Surroundings): BrokenRule[] {
  if (onPremises === null || onPremises.caBundle === null) return [];
  return certificatesIn(onPremises.caBundle)
    .filter(({ expiresAt }) => expiresAt <= now)
    .map(({ subject, expiresAt }) => ({
      field: 'body.connection.onPremises.caBundle',
      rule: `has a certificate that ended on ${new Date(expiresAt).toISOString().slice(0, 10)}: ${subject}`,
    }));
}

/** The record cache knows its tables by their logical names. */
function tableRules({ tables }: IntegrationConnection): BrokenRule[] {
  return Object.keys(tables)
    .filter((name) => !recordTableNames.some((known) => known === name))
    .map((name) => ({
      field: `body.connection.tables.${name}`,
      rule: `is no table of the record cache, which has ${recordTableNames.join(', ')}`,
    }));
}
