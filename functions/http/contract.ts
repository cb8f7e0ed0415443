import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import type { Caller } from '../../shared/auth/bearer';
import type { RouteName, routes } from '../../shared/auth/route-roles';
import type { Services } from '../../shared/services';

/** Where the description of the API lists a route. */
export type Tag = 'Health' | 'Integrations' | 'Mailboxes' | 'Holds' | 'Explaining' | 'Workspace' | 'Sign-in' | 'Push' | 'Operations';

/** One way in which a route answers when it does what it was asked. Refusals are problem details everywhere and need no mention. */
export interface Reply {
  readonly description: string;
  /** What the body is; null where there is none. A schema of JSON tells what is *sent*, so nothing in it transforms. */
  readonly content: { readonly type: string; readonly schema: z.ZodType } | null;
  /** Headers of the reply beside those that every reply has, each with what it says. */
  readonly headers: Readonly<Record<string, string>>;
}

type Headers = Reply['headers'];

/** A reply with a JSON body. */
export function jsonOf(schema: z.ZodType, description = 'What was asked for.', headers: Headers = {}): Reply {
  return { description, content: { type: 'application/json', schema }, headers };
}

/** A reply without a body. */
export function empty(description: string, headers: Headers = {}): Reply {
  return { description, content: null, headers };
}

/** A reply that sends a browser somewhere else. */
export function redirect(description: string): Reply {
  return empty(description, { Location: 'Where to go on.' });
}

/** A reply in text of some type, such as a page for a person. */
export function textOf(type: string, description: string, headers: Headers = {}): Reply {
  return { description, content: { type, schema: z.string() }, headers };
}

/** What a route takes and how it answers: the one source of what is checked at the door, and of the description of the API. */
export interface Contract<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  H extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
> {
  /** One line, for the list of routes. */
  readonly summary: string;
  readonly tag: Tag;
  /** The parameters of the route's path. */
  readonly params?: P;
  /** What stands after the question mark. */
  readonly query?: Q;
  /** Request headers, by their names in lower case. */
  readonly headers?: H;
  /** The body, as JSON. One that may be missing is a schema that takes `undefined`. */
  readonly body?: B;
  /** The most characters of the body; 256 Ki where absent. */
  readonly longestBody?: number;
  /** For a route by which an admin changes something: how the audit learns what. */
  readonly audit?: {
    /** What the call is about, as it is now: asked before the act and after it. */
    state(about: { readonly services: Services; readonly params: z.output<P>; readonly body: z.output<B> }): Promise<unknown>;
    /** The fields of it whose values may be shown: settings, never a secret and nothing that people write. */
    readonly shown: readonly string[];
  };
  /** By status. */
  readonly replies: Readonly<Record<number, Reply>>;
}

/** Who calls a route: somebody with the role that it asks for; nobody is known where everybody may. */
export type CallerOf<N extends RouteName> = (typeof routes)[N]['role'] extends 'anyone' ? null : Caller;

/** One call that was let in, with all that it brings checked. What the contract says nothing of is undefined. */
export interface Call<
  N extends RouteName = RouteName,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  H extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
> {
  readonly request: HttpRequest;
  readonly services: Services;
  readonly caller: CallerOf<N>;
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly headers: z.output<H>;
  readonly body: z.output<B>;
}

/** A route with its contract and what answers it. */
export interface Endpoint {
  readonly name: RouteName;
  readonly contract: Contract;
  /** Checks what the call brings and answers it. Throws TandemError. */
  readonly run: (call: Pick<Call, 'request' | 'services'> & { readonly caller: Caller | null }) => Promise<HttpResponseInit>;
}
