import { tableNames } from '../../../shared/storage/tables';
import type { Scene } from '../scene';

/** Promise 7: what people wrote stands in no log, in no message and, in clear, in no table. */
export async function secretWrongs({ world, tandem, ledger }: Scene): Promise<string[]> {
  const places = new Map<string, string>([
    ['a log', tandem.logged.join('\n')],
    ['a message', tandem.sent.join('\n')],
  ]);
  for (const name of tableNames) {
    const rows: string[] = [];
    for await (const row of (await world.ground.tables.table(name)).listEntities()) rows.push(JSON.stringify(row));
    places.set(`the table ${name}`, rows.join('\n'));
  }
  const telling = [...ledger.values].filter((value) => !/^\d{4}-\d\d-\d\d/.test(value));
  return [...places].flatMap(([place, text]) =>
    telling.filter((value) => text.includes(value)).map((value) => `promise 7: '${value}' stands in ${place}`),
  );
}
