import type { WireReply, WireRequest } from '../serving/wire';
import type { Authority } from './authority';
import { isLoopback } from './clients';
import { messagePage } from './pages';

/** Ends the browser's session and goes where the client asked to, as long as that is on this machine. */
export function signOutReply(authority: Authority, request: WireRequest): WireReply {
  const cookie = authority.sessions.end(request.headers.cookie);
  const returnTo = request.url.searchParams.get('post_logout_redirect_uri');
  if (returnTo === null || !isLoopback(returnTo)) return messagePage('You signed out of your account', { 'set-cookie': cookie });
  const location = new URL(returnTo);
  const state = request.url.searchParams.get('state');
  if (state !== null) location.searchParams.set('state', state);
  return { status: 302, headers: { location: location.href, 'set-cookie': cookie } };
}
