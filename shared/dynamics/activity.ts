import type { Value } from '../model/values';
import { numberIn, type Row } from './row';

const importances = ['low', 'normal', 'high'];
const normalPriority = 1;

/** The importance that a `prioritycode` of an activity says; a value of the customer's own reads as normal. */
export function importanceIn(row: Row): string {
  return importances[numberIn(row, 'prioritycode') ?? normalPriority] ?? 'normal';
}

/** The `prioritycode` of an importance; normal for anything else. */
export function priorityOf(importance: Value | undefined): number {
  const code = importances.indexOf(String(importance));
  return code < 0 ? normalPriority : code;
}

/** A status as Dataverse writes it: state and status go together (default option sets of each table). */
export interface StatusColumns {
  readonly statecode: number;
  readonly statuscode: number;
}

/** A state alone, which Dataverse gives the table's default status ("Define table columns: state and status", Dataverse documentation). */
export type StateColumn = Pick<StatusColumns, 'statecode'>;

/** The name of a row's status by its `statuscode`; undefined for a status of the customer's own, or of a table that goes by states. */
export function statusNamed<Name extends string>(names: Readonly<Record<Name, StatusColumns | StateColumn>>, row: Row): Name | undefined {
  const code = numberIn(row, 'statuscode');
  return (Object.keys(names) as Name[]).find((name) => {
    const columns = names[name];
    return 'statuscode' in columns && columns.statuscode === code;
  });
}
