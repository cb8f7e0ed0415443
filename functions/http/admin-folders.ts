import { z } from 'zod';
import { folderRules, putFolderRules } from '../../shared/mailboxes/folder-rules';
import { json, register } from './answer';
import { jsonOf } from './contract';
import { Guid, OneMailbox } from './schemas';

/** A table's logical name becomes part of a column's name. */
const Table = z.string().regex(/^[a-z][a-z0-9_]{0,99}$/, 'is no logical name of a table');

const Rules = z.strictObject({
  rules: z.array(
    z.strictObject({
      folderId: z.string().trim().min(1).max(500),
      regarding: z.strictObject({ entity: Table, id: Guid }).nullable().default(null),
    }),
  ),
});

register(
  'getFolders',
  { summary: 'Read the rules of mail folders', tag: 'Mailboxes', params: OneMailbox, replies: { 200: jsonOf(Rules) } },
  async ({ params: { integration, id }, services }) => json({ rules: await folderRules(services, integration, id) }),
);

register(
  'putFolders',
  {
    summary: 'Replace the rules of mail folders',
    tag: 'Mailboxes',
    params: OneMailbox,
    body: Rules,
    audit: {
      state: async ({ services, params: { integration, id } }) => ({ rules: await folderRules(services, integration, id) }),
      shown: [],
    },
    replies: { 200: jsonOf(Rules) },
  },
  async ({ params: { integration, id }, body: { rules }, services }) => {
    await putFolderRules(services, integration, id, rules);
    return json({ rules });
  },
);
