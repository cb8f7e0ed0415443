/** A lookup's value: the logical name of the table it points to, and the row's id. */
export interface Reference {
  readonly table: string;
  readonly id: string;
}

export type Value = string | number | boolean | null | Reference;

export type ColumnType =
  | 'String'
  | 'Memo'
  | 'Integer'
  | 'BigInt'
  | 'Money'
  | 'Boolean'
  | 'DateTime'
  | 'DateOnly'
  | 'Uniqueidentifier'
  | 'Picklist'
  | 'State'
  | 'Status'
  | 'Lookup'
  | 'Customer'
  | 'Owner';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** The platform fills it; a client may only read it. */
  readonly readOnly: boolean;
  /** It is kept and never shown. */
  readonly writeOnly?: boolean;
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  /** Labels of the values that exist. */
  readonly options?: Readonly<Record<number, string>>;
  /** For lookups: navigation property by the logical name of the target table, as `@odata.bind` and `$expand` use it. */
  readonly targets?: Readonly<Record<string, string>>;
  /** The value of a new row that does not say otherwise. */
  readonly initial?: Value;
}

export interface State {
  readonly value: number;
  readonly label: string;
  /** Status values of this state with their labels; the first is the state's default. */
  readonly statuses: readonly (readonly [number, string])[];
  /** The message that alone may set this state, if a plain update may not. */
  readonly onlyBy?: string;
}

export interface Table {
  readonly logicalName: string;
  /** The entity set: the last part of its URL. */
  readonly set: string;
  readonly objectTypeCode: number;
  /** The primary key column. */
  readonly key: string;
  /** The column that names a row for people. */
  readonly nameColumn: string;
  readonly ownership: 'user' | 'organization';
  readonly isActivity: boolean;
  /** Collection navigation property of its activity parties, if it has any. */
  readonly parties?: string;
  readonly columns: ReadonlyMap<string, Column>;
  readonly states: readonly State[];
  /** The status of a new row. */
  readonly initialStatus?: number;
  /** Columns of a closed activity that still change. */
  readonly editableWhenClosed?: readonly string[];
  /** Which requests it takes besides reads. */
  readonly writable: readonly ('create' | 'update' | 'delete')[];
}

/** What `table` needs to know; system columns are added by it. */
export interface TableSpec
  extends Partial<Pick<Table, 'ownership' | 'isActivity' | 'parties' | 'states' | 'initialStatus' | 'editableWhenClosed' | 'writable'>> {
  readonly set: string;
  readonly objectTypeCode: number;
  readonly key: string;
  readonly nameColumn: string;
  readonly columns: readonly Column[];
}

export function isLookup(column: Column): boolean {
  return column.type === 'Lookup' || column.type === 'Customer' || column.type === 'Owner';
}

/** The name of a column in URLs and bodies: `_x_value` for a lookup, its own name otherwise. */
export function propertyOf(column: Column): string {
  return isLookup(column) ? `_${column.name}_value` : column.name;
}

/** Columns of one type. */
function several(type: ColumnType, names: readonly string[], more: Partial<Column> = {}): Column[] {
  return names.map((name) => ({ name, type, readOnly: false, ...more }));
}

export const text = (maxLength: number, ...names: string[]) => several('String', names, { maxLength });
export const memo = (maxLength: number, ...names: string[]) => several('Memo', names, { maxLength });
export const integer = (min: number, max: number, ...names: string[]) => several('Integer', names, { min, max });
export const money = (...names: string[]) => several('Money', names);
export const dateTime = (...names: string[]) => several('DateTime', names);
export const dateOnly = (...names: string[]) => several('DateOnly', names);
export const guid = (...names: string[]) => several('Uniqueidentifier', names);
export const yesNo = (initial: boolean, ...names: string[]) => several('Boolean', names, { initial });
export const choice = (name: string, options: Readonly<Record<number, string>>, initial?: number) =>
  several('Picklist', [name], { options, ...(initial === undefined ? {} : { initial }) });
export const readOnly = (columns: readonly Column[]) => columns.map((column) => ({ ...column, readOnly: true }));

/** A lookup whose navigation property is its own name. */
export const lookup = (name: string, target: string) => several('Lookup', [name], { targets: { [target]: name } });

/** A lookup with one navigation property per target: `customerid` has `customerid_account` and `customerid_contact`. */
export const polymorphic = (type: 'Lookup' | 'Customer', name: string, targets: readonly string[], suffix = '') =>
  several(type, [name], { targets: Object.fromEntries(targets.map((target) => [target, `${name}_${target}${suffix}`])) });

/** The numbered address columns `address1_line1` to `address1_country`. */
export const address = (prefix: string) => [
  ...text(200, `${prefix}_name`),
  ...text(250, `${prefix}_line1`, `${prefix}_line2`, `${prefix}_line3`),
  ...text(80, `${prefix}_city`, `${prefix}_country`),
  ...text(50, `${prefix}_stateorprovince`),
  ...text(20, `${prefix}_postalcode`),
];

const bookkeeping: readonly Column[] = readOnly([
  ...dateTime('createdon', 'modifiedon'),
  ...several('BigInt', ['versionnumber']),
  ...['createdby', 'modifiedby', 'createdonbehalfby', 'modifiedonbehalfby'].flatMap((name) => lookup(name, 'systemuser')),
]);

const ownership: readonly Column[] = [
  ...several('Owner', ['ownerid'], { targets: { systemuser: 'ownerid', team: 'ownerid' } }),
  ...readOnly([...lookup('owninguser', 'systemuser'), ...lookup('owningteam', 'team'), ...lookup('owningbusinessunit', 'businessunit')]),
];

/** Completes a table with its key, the platform's own columns and its state and status. */
export function table(logicalName: string, spec: TableSpec): Table {
  const states = spec.states ?? [];
  const stateColumns: Column[] =
    states.length === 0
      ? []
      : [
          ...several('State', ['statecode'], { options: Object.fromEntries(states.map((state) => [state.value, state.label])) }),
          ...several('Status', ['statuscode'], { options: Object.fromEntries(states.flatMap((state) => state.statuses)) }),
        ];
  const owned = spec.ownership ?? 'user';
  const all = [
    ...guid(spec.key),
    ...spec.columns,
    ...stateColumns,
    ...(owned === 'user' ? ownership : []),
    ...bookkeeping.filter((column) => !spec.columns.some((own) => own.name === column.name)),
  ];
  return {
    logicalName,
    isActivity: false,
    writable: ['create', 'update', 'delete'],
    ...spec,
    ownership: owned,
    states,
    columns: new Map(all.map((column) => [column.name, column])),
  };
}
