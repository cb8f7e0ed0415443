import { companyDomain, tenantId } from '../company/people';
import { isShared } from './authority';
import { issuerOf } from './claims';
import type { Version } from './routes';

/** The OpenID configuration of one tenant name. Shared names get a template for issuer: `{tenantid}` stands for a token's `tid`. */
export function openidConfiguration(url: string, tenant: string, version: Version): object {
  const shared = isShared(tenant);
  const path = tenant === companyDomain ? tenantId : tenant;
  const generation = version === 2 ? 'v2.0/' : '';
  return {
    token_endpoint: `${url}/${path}/oauth2/${generation}token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    jwks_uri: `${url}/${path}/discovery/${generation}keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: issuerOf(url, version, shared ? '{tenantid}' : tenantId),
    request_uri_parameter_supported: false,
    authorization_endpoint: `${url}/${path}/oauth2/${generation}authorize`,
    end_session_endpoint: `${url}/${path}/oauth2/${generation}logout`,
    http_logout_supported: true,
    claims_supported: ['aud', 'exp', 'iat', 'iss', 'name', 'nonce', 'oid', 'preferred_username', 'roles', 'sub', 'tid', 'ver'],
  };
}
