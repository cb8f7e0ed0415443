import type { Caller, Dynamics } from '../dynamics/dynamics';
import type { ItemWrite, ItemWritten, Mailbox } from '../exchange/exchange';
import type { SeenItem, SeenRecord } from '../model/seen';
import { elementsOf, sameValue } from '../model/values';
import { asTandemError, errorCodes, TandemError } from '../platform/errors';
import type { Outcome } from '../platform/outcome';
import { isPrivate } from '../sync/private';
import type { SyncRules } from '../sync/rules';
import { elementsIn, type FileStore, type KnownFile, SideFiles, writeFiles } from './files';

export interface BothSides {
  readonly dynamics: Dynamics;
  readonly mailbox: Mailbox;
}

/**
 * Both sides with the files of single appointments as their field `attachments`, where the settings ask for it; as they are where not. `hadFiles` tells which
 * items were last known to hold files: only they, and those that say so themselves, are asked for them.
 */
export function carryingFiles(
  { dynamics, mailbox }: BothSides,
  rules: Pick<SyncRules, 'appointmentAttachments' | 'privateItems'>,
  hadFiles: (itemIds: readonly string[]) => Promise<ReadonlySet<string>>,
): BothSides {
  if (!rules.appointmentAttachments) return { dynamics, mailbox };
  const ofRecords = new SideFiles();
  const ofItems = new SideFiles();

  const recordStore = (caller: Caller): FileStore => ({
    content: (file) => dynamics.attachments.content(file, caller),
    add: (id, file) => dynamics.attachments.add(id, file, caller),
    remove: (file) => dynamics.attachments.remove(file, caller),
  });
  const itemStore = (notAfter?: number): FileStore => ({
    content: (file) => mailbox.attachments.content(file),
    add: (id, file) => mailbox.attachments.add(id, file, notAfter),
    remove: (file) => mailbox.attachments.remove(file, notAfter),
  });
  /** The caller as whom records were read last: as whom their files are read, too. */
  let reader: Caller = 'service';

  async function filesOfRecords(ids: readonly string[], caller: Caller): Promise<KnownFile[]> {
    reader = caller;
    return ofRecords.known(await dynamics.attachments.list(ids, caller), recordStore(caller).content);
  }

  async function filesOfItem(id: string): Promise<KnownFile[]> {
    return ofItems.known(await mailbox.attachments.list(id), itemStore().content);
  }

  async function withRecordFiles(records: readonly SeenRecord[], caller: Caller): Promise<SeenRecord[]> {
    const ids = records.map(({ id }) => id);
    const files = ids.length === 0 ? [] : await orUnread(() => filesOfRecords(ids, caller));
    if (files === null) return [...records];
    return records.map((record) => {
      const attachments = elementsIn(files.filter(({ file }) => file.holder === record.id));
      return { ...record, values: { ...record.values, attachments } };
    });
  }

  async function withItemFiles(items: readonly SeenItem[]): Promise<SeenItem[]> {
    const mayHave = ({ kind, partOf, values }: SeenItem): boolean =>
      kind === 'event' && partOf === undefined && (rules.privateItems === 'full' || !isPrivate(values));
    const unsure = items.filter((item) => mayHave(item) && item.hasAttachments !== true);
    const had = unsure.length === 0 ? new Set<string>() : await hadFiles(unsure.map(({ id }) => id));
    const told: SeenItem[] = [];
    for (const item of items) {
      const files = !mayHave(item)
        ? null
        : item.hasAttachments === true || had.has(item.id)
          ? await orUnread(() => filesOfItem(item.id))
          : [];
      told.push(files === null ? item : { ...item, values: { ...item.values, attachments: elementsIn(files) } });
    }
    return told;
  }

  async function one(item: SeenItem): Promise<SeenItem> {
    const [told = item] = await withItemFiles([item]);
    return told;
  }

  async function recordWritten(written: SeenRecord, before: readonly string[], wanted: readonly string[], caller: Caller, zone: string) {
    const there = await filesOfRecords([written.id], caller);
    const source = (text: string) => ofItems.read(text, itemStore().content);
    await writeFiles(recordStore(caller), { holder: written.id, before, wanted, there }, source);
    const [now] = await withRecordFiles(await dynamics.readRecords('appointment', [written.id], caller, zone), caller);
    return confirmed(written, now, wanted);
  }

  async function itemWritten(written: SeenItem, write: ItemWrite, notAfter: number | undefined): Promise<SeenItem> {
    const planned = write.kind === 'update' ? write.changes : write.kind === 'create' ? write.values : {};
    if (written.kind !== 'event' || (planned.attachments === undefined && write.kind !== 'create')) return written;
    const wanted = elementsOf(planned.attachments);
    const before = write.kind === 'update' ? elementsOf(write.current.attachments) : [];
    if (wanted.length + before.length === 0) return { ...written, values: { ...written.values, attachments: [] } };
    const { id, feed } = written;
    const there = await filesOfItem(id);
    const source = (text: string) => ofRecords.read(text, recordStore(reader).content);
    await writeFiles(itemStore(notAfter), { holder: id, before, wanted, there }, source);
    const [now] = await withItemFiles(await mailbox.readItems([{ kind: 'event', id, feed }]));
    return confirmed(written, now, wanted);
  }

  async function finished(written: ItemWritten, writes: readonly ItemWrite[], notAfter: number | undefined): Promise<ItemWritten> {
    const { key, outcome } = written;
    const write = writes.find((each) => each.key === key);
    if (!outcome.ok || outcome.value === null || write === undefined) return written;
    const { value } = outcome;
    const whole = await outcomeOf(() => itemWritten(value, write, notAfter));
    return { key, outcome: whole, ...(!whole.ok && write.kind === 'create' ? { made: true as const } : {}) };
  }

  return {
    dynamics: {
      ...dynamics,
      async readRecords(entity, ids, caller, zone) {
        const records = await dynamics.readRecords(entity, ids, caller, zone);
        return entity === 'appointment' ? withRecordFiles(records, caller) : records;
      },
      async createRecord(create, caller, zone) {
        const outcome = await dynamics.createRecord(create, caller, zone);
        const wanted = elementsOf(create.values.attachments);
        if (!outcome.ok || create.entity !== 'appointment') return outcome;
        if (wanted.length === 0) return { ok: true, value: { ...outcome.value, values: { ...outcome.value.values, attachments: [] } } };
        return outcomeOf(() => recordWritten(outcome.value, [], wanted, caller, zone));
      },
      async updateRecord(write, caller, zone) {
        const outcome = await dynamics.updateRecord(write, caller, zone);
        const { entity, changes, current } = write;
        if (!outcome.ok || entity !== 'appointment' || changes.attachments === undefined) return outcome;
        const wanted = elementsOf(changes.attachments);
        return outcomeOf(() => recordWritten(outcome.value, elementsOf(current.attachments), wanted, caller, zone));
      },
    },
    mailbox: {
      ...mailbox,
      readItems: async (refs) => withItemFiles(await mailbox.readItems(refs)),
      readExpected: async (expected) => withItemFiles(await mailbox.readExpected(expected)),
      async fate(ref, marker, time) {
        const fate = await mailbox.fate(ref, marker, time);
        return fate.kind === 'exists' ? { kind: 'exists', item: await one(fate.item) } : fate;
      },
      async findMeeting(iCalUId, kind) {
        const item = await mailbox.findMeeting(iCalUId, kind);
        return item === null ? null : one(item);
      },
      async findByMarker(kind, feed, marker) {
        const item = await mailbox.findByMarker(kind, feed, marker);
        return item === null ? null : one(item);
      },
      async write(writes, notAfter) {
        const done: ItemWritten[] = [];
        for (const written of await mailbox.write(writes, notAfter)) done.push(await finished(written, writes, notAfter));
        return done;
      },
    },
  };
}

/**
 * What was written as it is now, once its files are those that were wanted. Where somebody changed them in between, it is as the first write returned it: what is
 * there now is news when a feed tells of it.
 */
function confirmed<T extends SeenRecord | SeenItem>(written: T, now: T | undefined, wanted: readonly string[]): T {
  if (now !== undefined && sameValue(now.values.attachments, wanted)) return now;
  return { ...written, values: { ...written.values, attachments: wanted } };
}

/** Null where the person may not see files, or the holder is gone: then nothing is known of them. */
async function orUnread<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    const unread = [errorCodes.forbidden, errorCodes.gone, errorCodes.notFound] as readonly string[];
    if (error instanceof TandemError && unread.includes(error.code)) return null;
    throw error;
  }
}

async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: asTandemError(error) };
  }
}
