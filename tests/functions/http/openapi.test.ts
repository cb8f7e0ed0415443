import { Validator } from '@seriousme/openapi-schema-validator';
import { z } from 'zod';
import { endpoints } from '../../../functions/http/answer';
import { type ApiDescription, describeApi, pathOf } from '../../../functions/http/description';
import { people } from '../../../local/company/people';
import { type Route, type RouteName, routes } from '../../../shared/auth/route-roles';
import { errorCodes } from '../../../shared/platform/errors';
import '../../../functions/index';

/** Without a host the library would warn at every registration. */
jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

const Operation = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).default([]),
  responses: z.record(z.string(), z.looseObject({})),
});

let api: ApiDescription;
beforeAll(() => {
  api = describeApi(endpoints().values());
});

/** Method, path and operation of all that the document describes. */
function operations(): { method: string; path: string; operation: z.output<typeof Operation> }[] {
  return Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation: Operation.parse(operation) })),
  );
}

test('the document is OpenAPI 3.1', async () => {
  const validator = new Validator();
  expect(await validator.validate(JSON.parse(JSON.stringify(api)))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
});

test('every route of the table is in the document, and nothing else', () => {
  const table = Object.entries(routes).map(([name, route]) => [name, route.method, pathOf(route)]);
  const described = operations().map(({ method, path, operation }) => [operation.operationId, method, path]);
  expect(described.sort()).toEqual(table.sort());
});

test('every operation names the role that the table asks for', () => {
  for (const { operation } of operations()) {
    const { role }: Route = routes[operation.operationId as RouteName];
    expect([operation.operationId, operation.security]).toEqual([operation.operationId, role === 'anyone' ? [] : [{ entra: [role] }]]);
  }
});

test('every parameter of a path is described', () => {
  for (const { path, operation } of operations()) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const described = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    expect([path, described.sort()]).toEqual([path, inPath.sort()]);
  }
});

test('every operation says what it answers and how it refuses', () => {
  for (const { operation } of operations()) {
    expect(Object.keys(operation.responses).length).toBeGreaterThan(1);
    expect(operation.responses.default).toEqual({ $ref: '#/components/responses/Problem' });
  }
});

test('every error code is listed', () => {
  expect(api.components.schemas.Problem).toMatchObject({ properties: { code: { enum: Object.values(errorCodes) } } });
});

test('every reference leads somewhere, and every component is used', () => {
  const text = JSON.stringify(api);
  const used = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name));
  expect([...used].sort()).toEqual(Object.keys(api.components.schemas).sort());
});

test('no name of a component has two meanings', () => {
  const once = JSON.stringify(describeApi(endpoints().values()));
  expect(JSON.stringify(describeApi([...endpoints().values()].reverse()).components)).toEqual(JSON.stringify(JSON.parse(once).components));
});

test('nobody of the demo company is in it, and no secret', () => {
  const text = JSON.stringify(api);
  for (const { email, firstName, lastName, objectId } of people)
    for (const known of [email, objectId, `${firstName} ${lastName}`]) expect(text).not.toContain(known);
  expect(text).not.toMatch(/eyJ[\w-]+\.|-----BEGIN|SharedAccessKey/);
});

test('it is small enough to read', () => {
  expect(JSON.stringify(api).length).toBeLessThan(200_000);
});
