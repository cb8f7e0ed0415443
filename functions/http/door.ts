import type { HttpRequest } from '@azure/functions';
import type { z } from 'zod';
import { badRequest } from '../../shared/platform/bad-request';
import { type BrokenRule, errorCodes, TandemError } from '../../shared/platform/errors';
import type { Contract } from './contract';

/** Characters that a body may have where its contract does not say. */
export const longestBody = 262_144;

/** What a call brought, as the schemas of its contract return it. */
export interface Brought {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
}

/**
 * Checks all that a call brings against the contract of its route.
 * @throws TandemError `too-large` or `wrong-type` for a body that is not even read, `bad-request` with every field that breaks a rule
 */
export async function checkedCall(
  request: HttpRequest,
  { params, query, headers, body, longestBody: longest = longestBody }: Contract,
): Promise<Brought> {
  const broken: BrokenRule[] = [];
  const take = (part: string, schema: z.ZodType | undefined, content: unknown): unknown => {
    const parsed = schema?.safeParse(content);
    if (parsed?.success === false) broken.push(...parsed.error.issues.map(({ path, message }) => ruleOf([part, ...path], message)));
    return parsed?.data;
  };
  const brought = {
    params: take('path', params, { ...request.params }),
    query: take('query', query, Object.fromEntries(request.query)),
    headers: take('headers', headers, Object.fromEntries(request.headers)),
    body: body === undefined ? undefined : take('body', body, await contentOf(request, longest)),
  };
  if (broken.length > 0) throw badRequest(broken);
  return brought;
}

/** The body as JSON; undefined where there is none. */
async function contentOf(request: HttpRequest, longest: number): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? 0) > longest) throw tooLarge(longest);
  const text = await request.text();
  if (text === '') return undefined;
  if (text.length > longest) throw tooLarge(longest);
  if (!isJson(request.headers.get('content-type'))) {
    throw new TandemError(errorCodes.wrongType, { retry: 'never', fix: 'Send JSON, with Content-Type: application/json.' });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest([{ field: 'body', rule: 'is not JSON' }]);
  }
}

function isJson(type: string | null): boolean {
  return /^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/i.test(type ?? '');
}

function ruleOf(path: readonly PropertyKey[], message: string): BrokenRule {
  return { field: path.map(String).join('.'), rule: message };
}

function tooLarge(longest: number): TandemError {
  return new TandemError(errorCodes.tooLarge, { retry: 'never', fix: `Send at most ${longest} characters.` });
}
