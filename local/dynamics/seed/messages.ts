import { idFrom } from '../parties';
import type { Store } from '../store';
import { allTables, tables } from '../tables';

/** Messages to which steps can be registered, and the tables that know them. */
const messages = {
  Create: () => true,
  Update: () => true,
  Delete: () => true,
  Assign: ({ ownership }) => ownership === 'user',
  SetState: ({ states }) => states.length > 0,
  SetStateDynamicEntity: ({ states }) => states.length > 0,
} satisfies Readonly<Record<string, (table: (typeof allTables)[number]) => boolean>>;

/** Not of the organization's making: the same in each, and there again after a restart with what an older version kept. */
export function seedMessages(store: Store): void {
  for (const [name, knows] of Object.entries(messages)) {
    const message = { table: 'sdkmessage', id: idFrom(`sdkmessage|${name}`) };
    store.put(tables.sdkMessage, { id: message.id, version: 1, values: { name } });
    for (const { logicalName } of allTables.filter((table) => table.writable.length === 3 && knows(table))) {
      const values = { primaryobjecttypecode: logicalName, sdkmessageid: message, iscustomprocessingstepallowed: true };
      store.put(tables.sdkMessageFilter, { id: idFrom(`sdkmessagefilter|${name}|${logicalName}`), version: 1, values });
    }
  }
}
