import type { Drained, ItemFate, ItemWritten, Mailbox } from '../exchange/exchange';
import type { SeenItem } from '../model/seen';
import { withoutPrivate } from '../sync/private';
import type { SyncRules } from '../sync/rules';

/** The mailbox without what the settings keep private: whatever reads an item gets it from here, so nothing else can let it slip. */
export function keepingPrivate(mailbox: Mailbox, rules: Pick<SyncRules, 'privateItems'>): Mailbox {
  const told = (item: SeenItem): SeenItem => withoutPrivate(item, rules);
  return {
    ...mailbox,
    drain: async (cursors, withMarks) => (await mailbox.drain(cursors, withMarks)).map((drained) => drainedWith(drained, told)),
    readItems: async (refs) => (await mailbox.readItems(refs)).map(told),
    readExpected: async (expected) => (await mailbox.readExpected(expected)).map(told),
    fate: async (ref, marker, time) => fateWith(await mailbox.fate(ref, marker, time), told),
    findMeeting: async (iCalUId, kind) => {
      const item = await mailbox.findMeeting(iCalUId, kind);
      return item === null ? null : told(item);
    },
    findByMarker: async (kind, feed, marker) => {
      const item = await mailbox.findByMarker(kind, feed, marker);
      return item === null ? null : told(item);
    },
    write: async (writes, notAfter) => (await mailbox.write(writes, notAfter)).map((written) => writtenWith(written, told)),
  };
}

type Told = (item: SeenItem) => SeenItem;

function drainedWith(drained: Drained, told: Told): Drained {
  return drained.kind === 'page' ? { ...drained, changed: drained.changed.map(told) } : drained;
}

function fateWith(fate: ItemFate, told: Told): ItemFate {
  return fate.kind === 'exists' ? { kind: 'exists', item: told(fate.item) } : fate;
}

function writtenWith(written: ItemWritten, told: Told): ItemWritten {
  const { outcome } = written;
  return outcome.ok && outcome.value !== null ? { ...written, outcome: { ok: true, value: told(outcome.value) } } : written;
}
