import { z } from 'zod';
import type { CustomFields } from '../model/custom-fields';
import { type Clock, timeoutOf } from '../platform/clock';
import { errorCodes, TandemError } from '../platform/errors';
import { createHttp } from '../platform/http';
import { createRest } from '../platform/rest';
import { tracedFetch } from '../platform/traced-fetch';
import type { Budget } from './budget';
import type { Caller } from './dynamics';
import { readRefusal } from './refusal';
import { type Row, unexpected } from './row';

export interface ConnectionOptions {
  /** The environment's address, such as `https://contoso.crm4.dynamics.com`. */
  readonly baseUrl: string;
  /** An access token for the environment; asked for before each request. */
  readonly getToken: () => Promise<string>;
  /** What stands before the token in the Authorization header; `Bearer` where absent. */
  readonly headerPrefix?: string;
  /** Whether the token is a person's own: then nobody is named beside it, and every request runs as her. */
  readonly asOneself?: boolean;
  /** How long one request may take, in ms. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
  /** The version of the Web API; v9.2 where absent. */
  readonly webApi?: 'v9.1' | 'v9.2';
  /** What every request has to fit into; where absent only what the service itself refuses counts. */
  readonly budget?: Budget;
  /** The columns that an admin added to the maps of tables; none where absent. */
  readonly custom?: CustomFields;
  /** Whether descriptions of appointments may be HTML; plain text where absent. */
  readonly richText?: boolean;
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly caller: Caller;
  /** Values of `Prefer`. */
  readonly prefer?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Row;
  /** The name of the feed that it is a look at; absent for everything else. */
  readonly look?: string;
}

/** One page of rows, and where the service says to go on. */
export interface Page {
  readonly rows: readonly Row[];
  readonly nextLink: string | null;
  readonly deltaLink: string | null;
}

/** The Web API of one environment, one request at a time. */
export interface Connection {
  readonly custom: CustomFields;
  readonly richText: boolean;
  /** The URL of a path under the Web API with system query options. */
  url(path: string, query?: Readonly<Record<string, string | undefined>>): URL;
  /** A link that the service gave, to be followed as it is. Throws where it leads elsewhere: the token goes with it. */
  link(text: string): URL;
  page(call: Call): Promise<Page>;
  row(call: Call): Promise<Row>;
  /** For requests whose answer has no body. */
  send(call: Call): Promise<void>;
}

const rowSchema = z.record(z.string(), z.unknown());
const pageSchema = z.looseObject({
  value: z.array(rowSchema),
  '@odata.nextLink': z.string().optional(),
  '@odata.deltaLink': z.string().optional(),
});

/** Formatted values name the row that a lookup points to; the other annotation names its table. */
export const annotations = 'odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname"';

export function connect(options: ConnectionOptions): Connection {
  const root = new URL(`/api/data/${options.webApi ?? 'v9.2'}/`, options.baseUrl);
  const http = createHttp({
    service: 'Dynamics',
    timeoutMs: options.timeoutMs,
    now: () => options.clock.now(),
    readError: readRefusal,
    timeout: (ms) => timeoutOf(options.clock, ms),
    fetch: tracedFetch('dynamics', options.fetch ?? fetch),
  });

  const rest = createRest(() => options.clock.now());

  async function send({ method = 'GET', url, caller, prefer = [], headers = {}, body, look }: Call): Promise<string> {
    const refusal = rest.refusal();
    if (refusal !== null) throw refusal;
    const token = await options.getToken();
    const request = {
      method,
      url: url.href,
      headers: {
        Accept: 'application/json',
        'OData-Version': '4.0',
        'OData-MaxVersion': '4.0',
        Authorization: `${options.headerPrefix ?? 'Bearer'} ${token}`,
        ...(caller === 'service' || options.asOneself === true ? {} : { CallerObjectId: guid(caller.objectId) }),
        ...(prefer.length === 0 ? {} : { Prefer: prefer.join(', ') }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    try {
      const { budget } = options;
      const asked = () => http(request);
      return (await (budget === undefined ? asked() : budget.run(look === undefined ? 'work' : { look }, asked))).text;
    } catch (error) {
      rest.note(error);
      throw error;
    }
  }

  async function read<T>(call: Call, schema: z.ZodType<T>): Promise<T> {
    const parsed = schema.safeParse(json(await send(call)));
    if (!parsed.success) throw unexpected('an answer is not what the Web API documents');
    return parsed.data;
  }

  return {
    custom: options.custom ?? {},
    richText: options.richText ?? false,
    url(path, query = {}) {
      const given = Object.entries(query).filter((each): each is [string, string] => each[1] !== undefined);
      const search = given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
      return new URL(search === '' ? path : `${path}?${search}`, root);
    },
    link(text) {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      if (url?.origin !== root.origin || !url.pathname.startsWith(root.pathname)) throw unexpected('a link leads to another address');
      return url;
    },
    async page(call) {
      const page = await read(call, pageSchema);
      return { rows: page.value, nextLink: page['@odata.nextLink'] ?? null, deltaLink: page['@odata.deltaLink'] ?? null };
    },
    row: (call) => read(call, rowSchema),
    async send(call) {
      await send(call);
    },
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const guidPattern = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** An id in lower case, proved to be one before it becomes part of a URL or a header. */
export function guid(id: string): string {
  const lower = id.toLowerCase();
  if (guidPattern.test(lower)) return lower;
  throw new TandemError(errorCodes.badRequest, { retry: 'never', fix: 'Report this: an id was not a GUID.', detail: 'id' });
}

/** A row version as a precondition names it. */
export function etag(version: string): string {
  return `W/"${version}"`;
}
