import { z } from 'zod';
import { IntegrationId } from './integration-id';
import { Methods } from './mailbox-standing';

/** The profile with this id is given to mailboxes that an import adds. */
export const defaultProfile = 'default';

/** What an admin says of a server profile: under which name mailboxes are given the same methods. */
export const ProfileBody = z.strictObject({
  name: z.string().trim().min(1).max(200),
  description: z.string().trim().max(2_000).default(''),
  methods: Methods.prefault({}),
});

/** A server profile of an integration. Exchange Online by Graph is the one server, and Tandem itself is who signs in there: there is nothing else to choose. */
export const ServerProfile = ProfileBody.extend({ id: IntegrationId, integration: IntegrationId });
export type ServerProfile = Readonly<z.output<typeof ServerProfile>>;
