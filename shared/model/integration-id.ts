import { z } from 'zod';

/** An integration's id: part of addresses, session ids and keys. Session and message ids hold at most 128 characters. */
export const IntegrationId = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'is not 1 to 40 lower-case letters, digits and hyphens');
