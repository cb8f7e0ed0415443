import { cast } from '../cast';
import type { Entry } from '../ledger';
import { holdsAny } from '../pairing';
import { itemKindOf } from '../people/fields';
import type { RecordSeen } from '../people/records';
import type { Holding, Scene } from '../scene';

/** Everything that can be seen once a story is over. */
export interface Seen {
  readonly records: ReadonlyMap<string, RecordSeen>;
  readonly items: readonly Holding[];
  /** The values in the journals. */
  readonly journal: string;
  /** Those of them that policy gave up before anything was deleted. */
  readonly replaced: string;
  /** `systemuserid` of whoever takes part in the end. */
  readonly takingPart: ReadonlySet<string>;
}

export function look(scene: Scene): Promise<Seen> {
  return scene.byHand(async () => {
    const records: RecordSeen[] = [];
    const items: Holding[] = [];
    const [reader] = cast;
    for (const entity of scene.entities) if (reader !== undefined) records.push(...(await scene.records.all(reader, entity)));
    for (const kind of new Set(scene.entities.map(itemKindOf))) {
      for (const who of cast) items.push(...(await scene.items.all(who, kind)).map((item) => ({ who, item })));
    }
    for (const entry of scene.ledger.entries.values())
      if (entry.id === '') entry.id = records.find((each) => each.entity === entry.entity && holdsAny(each, entry))?.id ?? '';
    for (const entry of scene.ledger.entries.values()) goOnWithAnother(entry, records);
    const entries = (await Promise.all(scene.tandem.everServed.map((who) => scene.world.journal(who)))).flat();
    return {
      records: new Map(records.map((record) => [record.id, record])),
      items,
      journal: entries.map(({ value }) => value).join('\n'),
      replaced: entries.flatMap(({ action, value }) => (action === 'replaced' ? [value] : [])).join('\n'),
      takingPart: new Set(scene.world.takingPart.map(({ systemUserId }) => systemUserId)),
    };
  });
}

/** An entry whose item was tracked while its record was deleted goes on with the record that was made of it then, if there is one: to Tandem the wish may have come last. */
function goOnWithAnother(entry: Entry, records: readonly RecordSeen[]): void {
  if (!entry.mayBeMadeAnew || records.some(({ id }) => id === entry.id)) return;
  const another = records.find((each) => each.entity === entry.entity && holdsAny(each, entry));
  if (another === undefined) return;
  entry.id = another.id;
  entry.deleted.delete('record');
}
