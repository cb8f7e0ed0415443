import { checkConnection } from '../../../shared/integrations/check-connection';
import { CreateBody, newIntegration } from '../../../shared/integrations/create-body';
import { type Template, templates } from '../../../shared/integrations/templates';

const facts = { authorityUrl: 'https://login.microsoftonline.com', tenantId: '5f3c1f64-0c6b-4c3e-9a1e-6d5e8b0c7a11', baseUrl: null };
const baseUrl = 'https://contoso.crm4.dynamics.com';
const given: Readonly<Record<string, unknown>> = {
  id: 'contoso',
  name: 'Contoso',
  baseUrl,
  applicationId: '7a9de300-0000-4000-8000-0000000000aa',
  key: 'x',
  'connection.service.clientId': 'c',
  'connection.action.clientId': 'c',
  'secrets.service.clientSecret': 'x',
  'secrets.action.clientSecret': 'x',
};

/** The body that somebody sends who leaves everything as the template has it and fills in the rest. */
function bodyFrom({ template, fields }: Template): Record<string, unknown> {
  const body: Record<string, unknown> = { template };
  for (const { name, preset } of fields) {
    const path = name.split('.');
    const last = path.pop() ?? '';
    let place = body;
    for (const part of path) {
      const inner = { ...(place[part] as object | undefined) };
      place[part] = inner;
      place = inner;
    }
    place[last] = given[name] ?? preset;
  }
  return body;
}

test('the recommended one comes first, and both say where a sign-in comes back to', () => {
  expect(templates(facts).map(({ template, recommended }) => [template, recommended])).toEqual([
    ['http', true],
    ['legacy', false],
  ]);
  for (const { redirectPaths } of templates(facts))
    expect(redirectPaths).toEqual(['/admin/api/gwsc/auth/serverContext', '/app/api/auth/serviceAction/callback']);
});

test("the tenant's own sign-in addresses are filled in, and the environment as soon as it is known", () => {
  const signIn = (address: string | null) => templates({ ...facts, baseUrl: address })[0]?.presets.service;
  const at = `${facts.authorityUrl}/${facts.tenantId}/oauth2/v2.0`;
  expect(signIn(null)).toMatchObject({
    authorizationUrl: `${at}/authorize`,
    tokenUrl: `${at}/token`,
    scope: '{baseUrl}/user_impersonation offline_access',
  });
  expect(signIn(baseUrl)).toMatchObject({ scope: `${baseUrl}/user_impersonation offline_access` });
});

test.each(templates({ ...facts, baseUrl }).map((template) => [template.template, template] as const))(
  'whoever fills %s in as it says gets an integration that is as its presets say',
  (_, template) => {
    const { integration, secrets } = newIntegration(CreateBody.parse(bodyFrom(template)));
    checkConnection(integration.connection, { baseUrl, authorityUrl: facts.authorityUrl, loopbackHosts: [], now: 0 });
    const clientId = template.template === 'http' ? 'c' : given.applicationId;
    expect(integration.connection).toEqual({
      ...template.presets,
      service: { ...template.presets.service, clientId },
      action: { ...template.presets.action, clientId },
    });
    expect(secrets).toMatchObject({ service: { clientSecret: 'x' }, action: { clientSecret: 'x' } });
  },
);

test('no secret has a preset, and each one is marked', () => {
  const secret = templates(facts).flatMap(({ fields }) => fields.filter((field) => field.secret));
  expect(secret.map(({ name, preset }) => [name, preset])).toEqual([
    ['secrets.service.clientSecret', null],
    ['secrets.action.clientSecret', null],
    ['key', null],
  ]);
});
