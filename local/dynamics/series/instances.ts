import { idFrom, writeParties } from '../parties';
import type { Value } from '../schema';
import type { Row } from '../shelf';
import { isClosed } from '../states';
import { tables } from '../tables';
import { timestamp } from '../values';
import type { View } from '../view';
import type { Occurrence } from './expansion';

export const instanceTypes = { instance: 2, exception: 3 } as const;

/** What a date has of its series, until it is edited by itself. */
const inherited = [
  ...['subject', 'description', 'location', 'category', 'subcategory', 'prioritycode', 'regardingobjectid'],
  ...['isalldayevent', 'isonlinemeeting', 'statecode', 'statuscode', 'ownerid', 'owninguser', 'owningteam', 'owningbusinessunit'],
];
const signed = ['modifiedby', 'modifiedonbehalfby', 'modifiedon'];
const { appointment, recurringAppointmentMaster } = tables;

type Parties = readonly ReadonlyMap<string, Value>[];

/** The rows of a series' dates, in the order of their ids. */
export function instancesOf(view: View, masterId: string): Row[] {
  return [...view.store.shelf(appointment).rows.values()].filter((row) => row.values.seriesid === masterId);
}

/** Makes the row of one date, signed by who wrote the series. */
export function addInstance(view: View, master: Row, { start, end }: Occurrence): void {
  const version = view.store.nextVersion();
  const initial = [...appointment.columns.values()].flatMap(({ name, initial: value }) => (value === undefined ? [] : [[name, value]]));
  const values: Record<string, Value> = {
    ...Object.fromEntries(initial),
    ...picked(master, [...inherited, ...signed, 'createdby', 'createdonbehalfby', 'globalobjectid']),
    createdon: master.values.modifiedon ?? null,
    scheduledstart: timestamp(start),
    scheduledend: timestamp(end),
    scheduleddurationminutes: (end - start) / 60_000,
    seriesid: master.id,
    originalstartdate: timestamp(start),
    instancetypecode: instanceTypes.instance,
  };
  const row = { id: idFrom(`${master.id}|${values.originalstartdate}|${version}`), version, values };
  view.store.put(appointment, row);
  writeParties(view, appointment, row, partiesOf(view, master.id));
}

export function removeInstances(view: View, masterId: string): void {
  for (const row of instancesOf(view, masterId)) view.store.remove(appointment, row.id);
}

/** Gives the open dates of a series what was changed in it; a date that was given something else by itself keeps that. */
export function inherit(view: View, before: Row, after: Row, partiesBefore: Parties): void {
  const changed = inherited.filter((name) => !same(before.values[name], after.values[name]));
  const parties = partiesOf(view, after.id);
  const hasNewParties = !same(told(partiesBefore), told(parties));
  if (changed.length === 0 && !hasNewParties) return;
  for (const row of instancesOf(view, after.id)) {
    if (isClosed(appointment, row.values.statecode)) continue;
    const taken = changed.filter((name) => same(row.values[name], before.values[name]));
    const takesParties = hasNewParties && same(told(partiesOf(view, row.id)), told(partiesBefore));
    if (taken.length === 0 && !takesParties) continue;
    const values: Record<string, Value> = { ...row.values, ...picked(after, [...taken, ...signed]) };
    if (isClosed(appointment, values.statecode)) values.actualend ??= values.modifiedon ?? null;
    const replaced = { id: row.id, version: view.store.nextVersion(), values };
    view.store.put(appointment, replaced);
    writeParties(view, appointment, replaced, takesParties ? parties : undefined);
  }
}

/** The parties of an activity as a body would post them: without those that the platform keeps itself. */
export function partiesOf(view: View, activityId: string): Parties {
  return view.store
    .parties(activityId)
    .filter(({ values }) => values.participationtypemask !== 8 && values.participationtypemask !== 9)
    .map(({ values }) => {
      const { participationtypemask = null, partyid = null, addressused = null } = values;
      return new Map<string, Value>(Object.entries({ participationtypemask, partyid, addressused }));
    });
}

/** The master of a date's series, if it belongs to one. */
export function masterOf(view: View, row: Row): Row | undefined {
  const { seriesid } = row.values;
  return typeof seriesid === 'string' ? view.store.row(recurringAppointmentMaster, seriesid) : undefined;
}

function picked({ values }: Row, names: readonly string[]): Record<string, Value> {
  return Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
}

function told(parties: Parties): string {
  return parties
    .map((party) => JSON.stringify([...party]))
    .sort()
    .join();
}

function same(left: Value | undefined, right: Value | undefined): boolean {
  return JSON.stringify(left ?? null) === JSON.stringify(right ?? null);
}
