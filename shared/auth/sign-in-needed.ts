import { errorCodes, TandemError } from '../platform/errors';
import type { TokenHolder, TokenState } from '../storage/token-states';

/** Where the sign-in of a holder begins, for a caller with a token; relative where the app does not know its own address. */
export function startPath(integration: string, holder: TokenHolder): string {
  const path = holder === 'service' ? '/manage/api/gwsc/auth/start' : '/app/api/auth/serviceAction/start';
  return `${path}?integration=${encodeURIComponent(integration)}`;
}

/** Nobody is signed in, or somebody has to sign in once more. It is looked at again later, so that a new sign-in ends it by itself. */
export function signInNeeded(publicUrl: string | null, integration: string, holder: TokenHolder, why: string): TandemError {
  const who = holder === 'service' ? "an administrator, with Tandem's account in Dynamics" : 'the person herself';
  return new TandemError(errorCodes.signInNeeded, {
    retry: 'later',
    fix: `Sign in again (${who}): ${publicUrl ?? ''}${startPath(integration, holder)}`,
    detail: `${holder === 'service' ? 'the service' : 'the person'} is not signed in to ${integration}: ${why}`,
  });
}

/** Why somebody has to sign in with this client before its tokens are there; null where nobody has to. */
export function whySignIn(state: Pick<TokenState, 'state' | 'failure' | 'client'> | null, client: string): string | null {
  if (state === null) return 'nobody has signed in yet';
  if (state.state !== 'in') return state.failure?.detail ?? 'the sign-in was ended';
  return state.client === client ? null : 'its settings have changed since';
}
