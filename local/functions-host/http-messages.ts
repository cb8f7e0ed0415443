import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { TypedData } from './core-module';

/** The largest request body the host takes, in bytes (azure-functions-host, `DefaultMaxRequestBodySize`). */
const LARGEST_BODY = 104_857_600;

const nullable = <T extends z.ZodType>(value: T) => z.looseObject({ value }).nullish();

const cookieSchema = z.looseObject({
  name: z.string(),
  value: z.string().default(''),
  domain: nullable(z.string()),
  path: nullable(z.string()),
  expires: nullable(z.looseObject({ seconds: z.number() })),
  secure: nullable(z.boolean()),
  httpOnly: nullable(z.boolean()),
  sameSite: z.enum(['none', 'lax', 'strict', 'explicitNone']).default('none'),
  maxAge: nullable(z.number()),
});

type Cookie = z.output<typeof cookieSchema>;

const responseSchema = z.looseObject({
  statusCode: z.coerce.number().int().default(200),
  headers: z.record(z.string(), z.string()).default({}),
  cookies: z.array(cookieSchema).default([]),
  body: z.looseObject({ bytes: z.instanceof(Uint8Array).optional(), string: z.string().optional(), json: z.string().optional() }).nullish(),
});

/** Reads a request's body; undefined where it is larger than the host takes. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The request as the host hands it to the library; headers and query values that come several times are joined by commas, as in Azure. */
export function requestData(request: IncomingMessage, url: URL, params: Readonly<Record<string, string>>, body: Buffer): TypedData {
  const headers = Object.entries(request.headersDistinct).map(([name, values]) => [name, (values ?? []).join(',')] as const);
  const query = [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name).join(',')] as const);
  return {
    http: {
      method: request.method ?? 'GET',
      url: url.href,
      body: { bytes: body },
      nullableHeaders: nullableMap(headers),
      nullableQuery: nullableMap(query),
      nullableParams: nullableMap(Object.entries(params)),
    },
  };
}

/** Writes what the function answered; a function that returned nothing answers 204. */
export function writeResponse(response: ServerResponse, returned: TypedData | null | undefined): void {
  if (!returned?.http) {
    response.writeHead(204).end();
    return;
  }
  const { statusCode, headers, cookies, body } = responseSchema.parse(returned.http);
  response.statusCode = statusCode;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (cookies.length > 0) response.setHeader('set-cookie', cookies.map(setCookie));
  response.end(body?.bytes ?? body?.string ?? body?.json ?? '');
}

function setCookie(cookie: Cookie): string {
  const parts = [`${cookie.name}=${encodeURIComponent(cookie.value)}`];
  if (cookie.expires) parts.push(`expires=${new Date(cookie.expires.value.seconds * 1000).toUTCString()}`);
  if (cookie.maxAge) parts.push(`max-age=${cookie.maxAge.value}`);
  if (cookie.domain) parts.push(`domain=${cookie.domain.value}`);
  if (cookie.path) parts.push(`path=${cookie.path.value}`);
  if (cookie.secure?.value) parts.push('secure');
  if (cookie.sameSite !== 'none') parts.push(`samesite=${cookie.sameSite === 'explicitNone' ? 'none' : cookie.sameSite}`);
  if (cookie.httpOnly?.value) parts.push('httponly');
  return parts.join('; ');
}

function nullableMap(entries: readonly (readonly [name: string, value: string])[]): Record<string, { value: string }> {
  return Object.fromEntries(entries.map(([name, value]) => [name, { value }]));
}
