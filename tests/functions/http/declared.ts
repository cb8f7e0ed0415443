import type { HttpResponseInit } from '@azure/functions';
import type { Endpoint } from '../../../functions/http/contract';

/** Throws where a route answers otherwise than its contract says: another status, another type, a body with more or less in it, a header that is missing. */
export function checkDeclared(
  { name, contract }: Pick<Endpoint, 'name' | 'contract'>,
  { status = 200, headers, body }: HttpResponseInit,
): void {
  const given = new Headers(headers as Record<string, string>);
  const type = given.get('content-type');
  if (type === 'application/problem+json') return;
  const declared = contract.replies[status];
  if (declared === undefined) throw new Error(`${name} answers ${status}, and its contract knows nothing of that.`);
  for (const header of Object.keys(declared.headers))
    if (!given.has(header)) throw new Error(`${name} answers ${status} without ${header}.`);
  if (declared.content === null) {
    if (body !== undefined || type !== null) throw new Error(`${name} answers ${status} with a body that its contract does not have.`);
    return;
  }
  if (type?.split(';')[0] !== declared.content.type)
    throw new Error(`${name} answers ${status} with ${type} instead of ${declared.content.type}.`);
  if (type !== 'application/json') return;
  const content: unknown = JSON.parse(String(body));
  const parsed = declared.content.schema.safeParse(content);
  if (!parsed.success) throw new Error(`${name} answers ${status} with another body than its contract says: ${parsed.error.message}`);
  // What the schema does not know it takes away, and what it fills in was not sent.
  expect(content).toEqual(parsed.data);
}
