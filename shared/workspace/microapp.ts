import type { TextKey } from './languages/en';
import type { RecordTableName } from './tables';

export type { TextKey } from './languages/en';

/**
 * What a place on a page shows of a record: a column (`telephone1`), a column of a row that a lookup points to (`parentcustomerid.name`: the reference's own name
 * needs no other read), or a line put together of several (`{address1_line1}, {address1_city}`, where an empty part takes its separator along).
 */
export type Shown = { readonly column: string } | { readonly template: string };

/** How a value is shown: by its type, unless a page says otherwise. */
export type Format = 'plain' | 'date' | 'datetime' | 'money' | 'percent' | 'label';

/** When something is there. */
export type Condition =
  | { readonly when: 'open' }
  | { readonly when: 'pointsTo'; readonly column: string; readonly table: RecordTableName }
  | { readonly when: 'chosen'; readonly input: string; readonly option: string };

export interface DetailField {
  readonly label: TextKey;
  readonly shows: Shown;
  readonly format?: Format;
  /** Where a click leads: dial, write, open, or a page of this microapp for the row that the column points to. */
  readonly link?: 'call' | 'mail' | 'url' | { readonly page: string; readonly reference: string };
  readonly condition?: Condition;
}

export interface ListColumn {
  readonly label: TextKey;
  readonly shows: Shown;
  readonly format?: Format;
}

export interface Button {
  readonly label: TextKey;
  readonly style: 'primary' | 'secondary';
  /** To a page of this microapp with the same record, or an action: at once where it asks for nothing, otherwise after these inputs. */
  readonly does: { readonly page: string } | { readonly action: ActionName; readonly asks: readonly Input[] };
  readonly condition?: Condition;
}

/** A table of records: the person's own open ones, or those that belong to the record above it. */
export interface RecordList {
  readonly table: RecordTableName;
  readonly columns: readonly ListColumn[];
  readonly sort: { readonly column: string; readonly direction: 'ascending' | 'descending' };
  /** The page of this microapp that a row opens. */
  readonly opens: string;
}

export interface ListPage {
  readonly kind: 'list';
  readonly id: string;
  readonly title: TextKey;
  /** What stands in the empty search box. */
  readonly searchHint: TextKey;
  /** The columns in which a search looks, references by their names. */
  readonly searches: readonly string[];
  readonly list: RecordList;
}

export interface DetailPage {
  readonly kind: 'detail';
  readonly id: string;
  readonly title: TextKey;
  readonly table: RecordTableName;
  readonly heading: Shown;
  readonly fields: readonly DetailField[];
  readonly children?: { readonly title: TextKey; readonly list: RecordList; readonly lookup: string };
  readonly buttons: readonly Button[];
}

/** One field of a form. `parameter` names it in the body of its action. */
export interface Input {
  readonly parameter: string;
  readonly label: TextKey;
  readonly kind: 'text' | 'memo' | 'phone' | 'email' | 'url' | 'integer' | 'decimal' | 'date' | 'datetime' | 'choice' | 'lookup';
  /** The column whose value it begins with; absent for one that begins empty. A choice of a table begins with the table that a lookup column points to. */
  readonly column?: string;
  /** What it begins with where there is no such value: the whole hour that comes next, one hour more, or today. */
  readonly begins?: 'nextHour' | 'hourAfter' | 'today';
  readonly required?: boolean;
  readonly least?: number;
  readonly most?: number;
  /** Of a choice: from metadata by column, or fixed. */
  readonly options?:
    | { readonly from: string; readonly sort: 'value' | 'label' }
    | { readonly fixed: readonly { readonly value: string; readonly label: TextKey }[] };
  /** Of a look-up: the table that is searched, and what stands beside a name. */
  readonly looksUp?: { readonly table: RecordTableName | 'systemuser'; readonly beside: string | null };
  /** Shown, and required where `required` says so, only then. */
  readonly condition?: Condition;
}

export interface FormPage {
  readonly kind: 'form';
  readonly id: string;
  readonly title: TextKey;
  readonly table: RecordTableName;
  /** `new`: makes a record. `existing`: changes the record that the page is about, while the condition holds. */
  readonly record: 'new' | 'existing';
  readonly heading?: Shown;
  readonly inputs: readonly Input[];
  readonly submit: { readonly label: TextKey; readonly action: ActionName };
  /** Of an existing record: the form is offered only then. */
  readonly condition?: Condition;
}

export type Page = ListPage | DetailPage | FormPage;

/** A card that a microapp sends: a record was made for somebody, or given to her. */
export interface NoticeKind {
  readonly trigger: 'new' | 'existing';
  readonly title: TextKey;
  readonly body: TextKey;
  /** The page that the card opens. */
  readonly page: string;
}

/** An app in the feed: data, and nothing but data. */
export interface Microapp {
  readonly id: string;
  readonly title: TextKey;
  readonly about: TextKey;
  readonly icon: string;
  readonly table: RecordTableName;
  readonly start: string;
  readonly pages: readonly Page[];
  readonly notices: readonly NoticeKind[];
}

/** The writes that microapps offer: nineteen that they always had, and Tandem's own. */
export const actionNames = [
  'createAccount',
  'updateAccount',
  'createContact',
  'updateContact',
  'createLead',
  'updateLead',
  'createOpportunity',
  'updateOpportunity',
  'closeOpportunityWon',
  'closeOpportunityLost',
  'createCase',
  'updateCase',
  'resolveCase',
  'createAppointment',
  'updateAppointment',
  'createPhoneCall',
  'updatePhoneCall',
  'createTask',
  'updateTask',
  'markComplete',
  'cancel',
  'assign',
  'qualifyLead',
  'disqualifyLead',
  'addNote',
] as const;
export type ActionName = (typeof actionNames)[number];
