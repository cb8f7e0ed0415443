import { warningsOf } from '../../../shared/integrations/view';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import { certificates } from '../../local/certificates';

const now = Date.UTC(2026, 0);
const day = 86_400_000;
const none = { service: null, action: null, certificate: null };
const until = (days: number | null) => ({ setAt: now, expiresAt: days === null ? null : now + days * day });
const code = { by: 'authorizationCode', clientId: 'c' };
const warned = (connection: object, facts: object = {}, at = now) =>
  warningsOf(IntegrationConnection.parse(connection), { ...none, ...facts }, at).map(({ field, warning }) => `${field} ${warning}`);

test('nothing is missing where nobody needs a secret', () => {
  expect(warned({})).toEqual([]);
  expect(warned({}, { service: until(-1) })).toEqual([]);
});

test('a sign-in without its secret is warned of', () => {
  expect(warned({ service: code, action: code })).toEqual([
    'secrets.service is not set, and the sign-in needs it',
    'secrets.action is not set, and the sign-in needs it',
  ]);
  expect(warned({ service: { by: 'certificate', clientId: 'c' } })).toEqual(['secrets.certificate is not set, and the sign-in needs it']);
});

test('what ends within thirty days is warned of, and what has ended', () => {
  expect(warned({ service: code }, { service: until(null) })).toEqual([]);
  expect(warned({ service: code }, { service: until(31) })).toEqual([]);
  expect(warned({ service: code }, { service: until(30) })).toEqual(['secrets.service ends on 2026-01-31']);
  expect(warned({ service: code }, { service: until(-1) })).toEqual(['secrets.service ended on 2025-12-31']);
});

test('so is an authority of the bundle, by its name', () => {
  const onPremises = { caBundle: certificates.authority };
  expect(warned({ onPremises })).toEqual([]);
  expect(warned({ onPremises }, {}, Date.UTC(2126, 9, 20))).toEqual([
    expect.stringMatching(/^connection.onPremises.caBundle CN=Contoso Test Root ends on 2126-/),
  ]);
});
