import type { HttpResponseInit } from '@azure/functions';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { endpoints } from '../../../functions/http/answer';
import type { Endpoint } from '../../../functions/http/contract';
import { describeApi, pathOf } from '../../../functions/http/description';
import { routes } from '../../../shared/auth/route-roles';

const described = new Map<string, ValidateFunction>();
let ajv: Ajv2020 | undefined;

/** Checks a body by what the description of the API says of it. */
function descriptionOf({ name }: Pick<Endpoint, 'name'>, status: number, type: string): ValidateFunction {
  ajv ??= addFormats(new Ajv2020({ strict: false, validateFormats: true })).addSchema(describeApi(endpoints().values()), 'api.json');
  const key = `${name} ${status}`;
  const pointer = [
    'paths',
    pathOf(routes[name]),
    routes[name].method.toLowerCase(),
    'responses',
    String(status),
    'content',
    type,
    'schema',
  ];
  const path = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
  const known = described.get(key) ?? ajv.compile({ $ref: `api.json#/${path}` });
  described.set(key, known);
  return known;
}

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
  const check = descriptionOf({ name }, status, type);
  if (!check(content))
    throw new Error(`${name} answers ${status} with what the description of the API does not know: ${JSON.stringify(check.errors)}`);
}
