import type { Changes } from '../payload';
import type { Table, Value } from '../schema';
import type { Row } from '../shelf';
import { isClosed } from '../states';
import { tables } from '../tables';
import { timestamp } from '../values';
import type { View } from '../view';
import { type Expansion, expand } from './expansion';
import { addInstance, inherit, instanceTypes, masterOf, partiesOf, removeInstances } from './instances';
import { patternColumns, readPattern } from './pattern';

const { appointment, recurringAppointmentMaster } = tables;

/** What has to be done once the row of a write is in its place. */
export type AfterWrite = (written: Row) => void;

const nothingMore: AfterWrite = () => {};

/**
 * What a write means for a recurring series; fills in the columns that the platform works out and returns what has to follow the write. A new pattern makes all
 * dates anew and forgets what was special about any; other columns reach the dates that were not edited by themselves; a date that is edited becomes an exception.
 */
export function seriesWrite(
  view: View,
  table: Table,
  before: Row | undefined,
  values: Record<string, Value>,
  changes: Pick<Changes, 'values' | 'parties'>,
): AfterWrite {
  if (table === appointment) return instanceWrite(before, values, changes);
  if (table !== recurringAppointmentMaster) return nothingMore;
  if (
    before !== undefined &&
    !patternColumns.some((name) => changes.values.has(name) && changes.values.get(name) !== before.values[name])
  ) {
    const partiesBefore = partiesOf(view, before.id);
    return (written) => inherit(view, before, written, partiesBefore);
  }
  if (changes.values.has('duration') && !changes.values.has('endtime')) values.endtime = null;
  values.utcconversiontimezonecode = view.timeZoneCode();
  values.deletedexceptionslist = null;
  const zone = view.timeZone();
  const pattern = readPattern(values, zone);
  const expansion = expand(pattern, zone, view.now);
  values.duration = pattern.durationMinutes;
  values.endtime ??= timestamp(Date.parse(String(values.starttime)) + pattern.durationMinutes * 60_000);
  Object.assign(values, expansionColumns(expansion));
  return (written) => {
    removeInstances(view, written.id);
    for (const occurrence of expansion.occurrences) addInstance(view, written, occurrence);
  };
}

/** What a deletion means: a series takes its dates along, and a date is noted in its series, so that it is not made again. */
export function seriesDeletion(view: View, table: Table, row: Row): void {
  if (table === recurringAppointmentMaster) removeInstances(view, row.id);
  const master = table === appointment ? masterOf(view, row) : undefined;
  if (master === undefined) return;
  const deleted = [...deletedIn(master), String(row.values.originalstartdate)].sort();
  putMaster(view, master, { deletedexceptionslist: deleted.join(',') });
}

/** The job that makes the dates which time has brought into the window. */
export function expandAll(view: View): void {
  for (const master of [...view.store.shelf(recurringAppointmentMaster).rows.values()]) {
    if (isClosed(recurringAppointmentMaster, master.values.statecode)) continue;
    const zone = view.zoneWithCode(master.values.utcconversiontimezonecode ?? null);
    const expansion = expand(readPattern(master.values, zone), zone, view.now);
    const reached = Date.parse(String(master.values.lastexpandedinstancedate ?? ''));
    const fresh = expansion.occurrences.filter(({ start }) => Number.isNaN(reached) || start > reached);
    if (fresh.length === 0) continue;
    for (const occurrence of fresh) addInstance(view, master, occurrence);
    putMaster(view, master, expansionColumns(expansion));
  }
}

/** An instance that is edited or closed by itself is an exception from then on. */
function instanceWrite(before: Row | undefined, values: Record<string, Value>, changes: Pick<Changes, 'values' | 'parties'>): AfterWrite {
  if (before?.values.instancetypecode !== instanceTypes.instance) return nothingMore;
  const differs = [...changes.values].some(([name, value]) => JSON.stringify(before.values[name] ?? null) !== JSON.stringify(value));
  if (differs || changes.parties !== undefined) values.instancetypecode = instanceTypes.exception;
  return nothingMore;
}

function expansionColumns({ occurrences, first, last, next }: Expansion): Record<string, Value> {
  const at = (occurrence: { readonly start: number } | null | undefined) =>
    occurrence === null || occurrence === undefined ? null : timestamp(occurrence.start);
  return {
    effectivestartdate: at(first),
    effectiveenddate: at(last),
    lastexpandedinstancedate: at(occurrences.at(-1)),
    nextexpansioninstancedate: at(next),
    expansionstatecode: occurrences.length === 0 ? 0 : next === null ? 2 : 1,
  };
}

function deletedIn(master: Row): string[] {
  const { deletedexceptionslist: list } = master.values;
  return typeof list === 'string' ? list.split(',') : [];
}

/** The platform changes a master: a new version, and nobody's edit. */
function putMaster(view: View, master: Row, columns: Record<string, Value>): void {
  view.store.put(recurringAppointmentMaster, {
    ...master,
    version: view.store.nextVersion(),
    values: { ...master.values, ...columns },
  });
}
