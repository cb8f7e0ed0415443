import { type Person, person } from '../company/people';
import { tokenForPerson } from '../identity/sign-in';
import type { Stack } from '../stack';
import { StackProblem } from '../stack/problem';

/** The id of the demo company's integration. */
export const demoIntegration = 'contoso';

/** Whose mailboxes take part from the start. */
export const demoPeople: readonly Person[] = ['anna', 'ben', 'chloe'].map(person);

/**
 * Connects the demo company as its administrator would, through Tandem's own API: its Dynamics environment, and a mailbox for each of `demoPeople`.
 * Doing it again changes nothing. Throws StackProblem with what Tandem answered.
 */
export async function connectCompany(stack: Stack): Promise<void> {
  const token = await tokenForPerson(stack.identity, 'lena', stack.settings.API_AUDIENCE ?? '');
  const call = async (method: string, path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<void> => {
    const response = await fetch(`${stack.hostUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    if (response.ok || (response.status === 412 && headers['if-none-match'] === '*')) return;
    throw new StackProblem(`Tandem refused ${method} ${path} (${response.status}): ${await response.text()}`);
  };
  const contoso = { name: 'Contoso', baseUrl: stack.dynamics.url };
  await call('PUT', `/admin/api/integrations/${demoIntegration}`, contoso, { 'if-none-match': '*' });
  await Promise.all(
    demoPeople.map(({ systemUserId }) => call('POST', '/admin/api/mailboxes', { integration: demoIntegration, systemUserId })),
  );
}
