/** What a column holds, as `$metadata` declares it; it decides the form's field, the format and what is sent. */
export type ColumnType =
  | 'text'
  | 'memo'
  | 'phone'
  | 'email'
  | 'url'
  | 'integer'
  | 'decimal'
  | 'money'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'choice'
  | 'lookup';

export interface Column {
  /** The logical name, such as `ownerid`; the Web API calls a lookup's value `_ownerid_value`. */
  readonly name: string;
  readonly type: ColumnType;
  /** The tables that a lookup can point to. */
  readonly targets?: readonly string[];
  /** The most characters of a text; the Web API refuses more. */
  readonly most?: number;
}

/** A table whose rows belong to somebody and that a microapp shows. */
export interface RecordTable {
  /** The logical name, by which everything of Tandem's knows the table. */
  readonly name: RecordTableName;
  /** The entity set in the Web API's addresses. */
  readonly set: string;
  readonly key: string;
  /** The column that names a row for people. */
  readonly title: string;
  /** The states in which a record is open: on lists, and worth a card. */
  readonly openStates: readonly number[];
  readonly columns: readonly Column[];
}

/** The tables that microapps are about. */
export const recordTableNames = ['account', 'contact', 'lead', 'opportunity', 'incident', 'appointment', 'phonecall', 'task'] as const;
export type RecordTableName = (typeof recordTableNames)[number];

/** What a record of an activity can be about, in the order in which people choose. */
export const regardingTables = ['account', 'contact', 'lead', 'opportunity', 'incident'] as const satisfies readonly RecordTableName[];

const customers = ['account', 'contact'] as const;

const text = (most: number, ...names: readonly string[]): Column[] => names.map((name) => ({ name, type: 'text', most }));
const of = (type: ColumnType, ...names: readonly string[]): Column[] => names.map((name) => ({ name, type }));
const memo = (name: string, most = 2_000): Column => ({ name, type: 'memo', most });
const phone = (...names: readonly string[]): Column[] => names.map((name) => ({ name, type: 'phone', most: 50 }));
const email = (name: string): Column => ({ name, type: 'email', most: 100 });
const lookup = (name: string, targets: readonly string[]): Column => ({ name, type: 'lookup', targets });

/** What every record has: whose it is, its state, who touched it last and when. */
const common: readonly Column[] = [
  lookup('ownerid', ['systemuser', 'team']),
  ...of('choice', 'statecode', 'statuscode'),
  ...of('datetime', 'createdon', 'modifiedon'),
  lookup('createdby', ['systemuser']),
  lookup('modifiedby', ['systemuser']),
];

const activity: readonly Column[] = [
  ...text(200, 'subject'),
  memo('description'),
  ...of('datetime', 'scheduledstart', 'scheduledend'),
  ...of('choice', 'prioritycode'),
  lookup('regardingobjectid', regardingTables),
];

/** The tables of the record cache, with the columns that pages, cards and actions use. Source: the inventory of the microapps that Tandem replaces. */
export const recordTables: Readonly<Record<RecordTableName, RecordTable>> = {
  account: {
    name: 'account',
    set: 'accounts',
    key: 'accountid',
    title: 'name',
    openStates: [0],
    columns: [
      ...common,
      ...text(160, 'name'),
      ...phone('telephone1'),
      email('emailaddress1'),
      { name: 'websiteurl', type: 'url', most: 200 },
      ...text(250, 'address1_line1'),
      ...text(80, 'address1_city', 'address1_country'),
      ...text(20, 'address1_postalcode'),
    ],
  },
  contact: {
    name: 'contact',
    set: 'contacts',
    key: 'contactid',
    title: 'fullname',
    openStates: [0],
    columns: [
      ...common,
      ...text(160, 'fullname'),
      ...text(50, 'firstname', 'lastname'),
      ...text(100, 'jobtitle', 'department'),
      email('emailaddress1'),
      ...phone('telephone1', 'mobilephone', 'company'),
      ...of('choice', 'accountrolecode'),
      lookup('parentcustomerid', customers),
    ],
  },
  lead: {
    name: 'lead',
    set: 'leads',
    key: 'leadid',
    title: 'fullname',
    openStates: [0],
    columns: [
      ...common,
      ...text(300, 'subject'),
      ...text(160, 'fullname'),
      ...text(50, 'firstname', 'lastname'),
      ...text(100, 'companyname', 'jobtitle'),
      email('emailaddress1'),
      ...phone('telephone1', 'mobilephone'),
      ...of('choice', 'leadqualitycode', 'leadsourcecode', 'purchasetimeframe'),
    ],
  },
  opportunity: {
    name: 'opportunity',
    set: 'opportunities',
    key: 'opportunityid',
    title: 'name',
    openStates: [0],
    columns: [
      ...common,
      ...text(300, 'name'),
      memo('description'),
      memo('customerneed'),
      memo('currentsituation'),
      ...of('money', 'budgetamount', 'budgetamount_base'),
      ...of('integer', 'closeprobability'),
      ...of('choice', 'opportunityratingcode', 'salesstage'),
      ...of('date', 'estimatedclosedate'),
      lookup('customerid', customers),
      lookup('transactioncurrencyid', ['transactioncurrency']),
    ],
  },
  incident: {
    name: 'incident',
    set: 'incidents',
    key: 'incidentid',
    title: 'title',
    openStates: [0],
    columns: [
      ...common,
      ...text(200, 'title'),
      ...text(100, 'ticketnumber'),
      memo('description'),
      ...of('choice', 'casetypecode', 'prioritycode'),
      lookup('customerid', customers),
    ],
  },
  appointment: {
    name: 'appointment',
    set: 'appointments',
    key: 'activityid',
    title: 'subject',
    openStates: [0, 3],
    columns: [...common, ...activity, ...text(200, 'location')],
  },
  phonecall: {
    name: 'phonecall',
    set: 'phonecalls',
    key: 'activityid',
    title: 'subject',
    openStates: [0],
    columns: [...common, ...activity, ...text(200, 'phonenumber'), ...of('boolean', 'directioncode')],
  },
  task: {
    name: 'task',
    set: 'tasks',
    key: 'activityid',
    title: 'subject',
    openStates: [0],
    columns: [...common, ...activity],
  },
};

/** Whether a record is in a state in which lists show it and cards tell of it. */
export function isOpen({ table, state }: { readonly table: RecordTableName; readonly state: number }): boolean {
  return recordTables[table].openStates.includes(state);
}
