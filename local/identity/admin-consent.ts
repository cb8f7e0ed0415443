import { tenantId } from '../company/people';
import type { WireReply, WireRequest } from '../serving/wire';
import { type Authority, checkTenant } from './authority';
import { checkedRedirect } from './authorize';
import { registered } from './clients';
import { errorPage } from './pages';
import { Parameters } from './parameters';
import { respond } from './respond';
import type { Route } from './routes';
import { errorBody, StsError } from './sts-error';

/** Grants everything that an application asks for at once: Contoso's administrator always says yes. */
export function adminConsentReply(authority: Authority, request: WireRequest, route: Route): WireReply {
  try {
    checkTenant(route.tenant);
    const parameters = new Parameters(request.url.searchParams);
    const client = registered(authority.clients, parameters.need('client_id'));
    const redirectUri = checkedRedirect(client, parameters);
    return respond({ redirectUri, mode: 'query', state: parameters.get('state') }, { tenant: tenantId, admin_consent: 'True' });
  } catch (error) {
    if (!(error instanceof StsError)) throw error;
    return errorPage(error.status, errorBody(error, request, authority.now()));
  }
}
