import type { z } from 'zod';
import { type Role, type Route, routes } from '../../shared/auth/route-roles';
import type { Contract, Endpoint, Reply } from './contract';
import { type JsonSchema, SchemaShelf } from './description-schemas';
import { ProblemView } from './problem-view';

/** A document in OpenAPI 3.1. */
export interface ApiDescription {
  readonly openapi: string;
  readonly info: object;
  readonly servers: readonly object[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: Readonly<Record<'schemas' | 'responses' | 'securitySchemes', Readonly<Record<string, object>>>>;
}

const info = {
  title: 'Tandem',
  version: '1',
  description:
    'Keeps Dynamics 365 and Exchange Online in step. Everything under /admin answers under /manage as well, for networks that keep /admin to themselves. ' +
    'Times are ISO 8601 in UTC. Every refusal is problem details (RFC 9457) with a code, and with what can be done about it.',
};

const problemRef = { $ref: '#/components/responses/Problem' };

const securitySchemes = {
  entra: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An access token of Entra ID for the API of Tandem. What stands beside it is the app role that the caller needs.',
  },
};

/** Describes what is registered. Pure: the same routes give the same document. */
export function describeApi(endpoints: Iterable<Endpoint>): ApiDescription {
  const shelf = new SchemaShelf();
  const problem = shelf.take(ProblemView, 'output');
  const paths: Record<string, Record<string, object>> = {};
  const tags = new Set<string>();
  for (const { name, contract } of endpoints) {
    const route: Route = routes[name];
    const path = pathOf(route);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route, contract, shelf) };
    tags.add(contract.tag);
  }
  const content = { 'application/problem+json': { schema: problem } };
  return {
    openapi: '3.1.1',
    info,
    servers: [{ url: '/' }],
    tags: [...tags].sort().map((name) => ({ name })),
    paths,
    components: {
      schemas: shelf.all(),
      responses: { Problem: { description: 'It was refused, or went wrong.', content } },
      securitySchemes,
    },
  };
}

/** A route's path as callers write it, with its parameters' names and without what only the host needs. */
export function pathOf({ path }: Pick<Route, 'path'>): string {
  return `/${path.replace('{area:regex(^admin$|^manage$)}', 'admin').replace(/\{(\w+)[^}]*\}/g, '{$1}')}`;
}

function operation(name: string, { role }: Route, contract: Contract, shelf: SchemaShelf): object {
  const { summary, tag, params, query, headers, body, replies } = contract;
  const parameters = [
    ...parametersOf(params, 'path', shelf),
    ...parametersOf(query, 'query', shelf),
    ...parametersOf(headers, 'header', shelf),
  ];
  return {
    operationId: name,
    summary,
    tags: [tag],
    security: securityOf(role),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: requestBody(body, shelf) }),
    responses: {
      ...Object.fromEntries(Object.entries(replies).map(([status, reply]) => [status, responseOf(reply, shelf)])),
      default: problemRef,
    },
  };
}

function securityOf(role: Role | 'anyone'): readonly object[] {
  return role === 'anyone' ? [] : [{ entra: [role] }];
}

function requestBody(schema: z.ZodType, shelf: SchemaShelf): object {
  const required = !schema.safeParse(undefined).success;
  return { required, content: { 'application/json': { schema: shelf.take(schema, 'input') } } };
}

function responseOf({ description, content, headers }: Reply, shelf: SchemaShelf): object {
  const names = Object.entries(headers);
  return {
    description,
    ...(names.length === 0 ? {} : { headers: Object.fromEntries(names.map(([name, says]) => [name, headerOf(says)])) }),
    ...(content === null ? {} : { content: { [content.type]: { schema: shelf.take(content.schema, 'output') } } }),
  };
}

function headerOf(description: string): object {
  return { description, schema: { type: 'string' } };
}

/** The members of an object's schema as parameters of one kind. */
function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query' | 'header', shelf: SchemaShelf): object[] {
  if (schema === undefined) return [];
  const { properties, required } = shelf.take(schema, 'input');
  const needed = Array.isArray(required) ? required : [];
  return Object.entries(properties ?? {}).map(([name, { description, ...rest }]: [string, JsonSchema]) => ({
    name,
    in: place,
    required: place === 'path' || needed.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}
