import { tandemApplication, tenantId } from '../../local/company/people';
import { type Config, readConfig } from '../../shared/platform/config';

/** Settings of the demo company, with what a test changes. */
export function testConfig(changes: Readonly<Record<string, string>> = {}): Config {
  return readConfig({
    TENANT_ID: tenantId,
    CLIENT_ID: tandemApplication.clientId,
    CLIENT_SECRET: tandemApplication.clientSecret,
    API_AUDIENCE: tandemApplication.audience,
    KEY_VAULT_URL: 'http://127.0.0.1:1',
    Tables: 'UseDevelopmentStorage=true',
    ServiceBus: 'Endpoint=sb://localhost;SharedAccessKeyName=x;SharedAccessKey=y;UseDevelopmentEmulator=true',
    ...changes,
  });
}
