import type { WireReply } from '../serving/wire';
import { formPostPage } from './pages';

export type ResponseMode = 'query' | 'fragment' | 'form_post';

/** Where and how the answer to an authorization request goes back. */
export interface ReturnAddress {
  readonly redirectUri: string;
  readonly mode: ResponseMode;
  readonly state: string | undefined;
}

/**
 * Sends `fields` and the state back to the client, in the way it asked for. The state comes first, so that in a URL a code always
 * follows an ampersand, which is where a trace finds and masks it.
 */
export function respond(to: ReturnAddress, fields: Readonly<Record<string, string>>, cookie?: string): WireReply {
  const all = { ...(to.state === undefined ? {} : { state: to.state }), ...fields };
  const headers = { 'cache-control': 'no-store', ...(cookie === undefined ? {} : { 'set-cookie': cookie }) };
  if (to.mode === 'form_post') return formPostPage(to.redirectUri, all, headers);
  const location = new URL(to.redirectUri);
  if (to.mode === 'fragment') location.hash = new URLSearchParams(all).toString();
  else for (const [name, value] of Object.entries(all)) location.searchParams.set(name, value);
  return { status: 302, headers: { ...headers, location: location.href } };
}
