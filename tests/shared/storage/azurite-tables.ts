import { type Azurite, startAzurite } from '../../../local/azurite';
import { createTokenSource } from '../../../shared/auth/token-source';
import { openTables, type Tables } from '../../../shared/storage/tables';
import { testConfig } from '../test-config';

/** Tables in an Azurite of their own. */
export async function startTables(): Promise<{ readonly tables: Tables; readonly azurite: Azurite }> {
  const azurite = await startAzurite();
  const config = testConfig({ Tables: azurite.connectionString });
  return { azurite, tables: openTables(config, createTokenSource(config)) };
}
