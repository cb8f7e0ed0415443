import type { DetailField, Input, TextKey } from '../microapp';
import { type RecordTableName, regardingTables } from '../tables';

type Regarding = (typeof regardingTables)[number];

interface Words {
  readonly field: TextKey;
  readonly choose: TextKey;
  readonly parameter: string;
  /** What stands beside a name in the look-up. */
  readonly beside: string | null;
  /** The page of a microapp that shows such a row. */
  readonly page: string;
}

const words: Readonly<Record<Regarding, Words>> = {
  account: { field: 'field.account', choose: 'choose.account', parameter: 'account', beside: 'address1_city', page: 'account-detail' },
  contact: { field: 'field.contact', choose: 'choose.contact', parameter: 'contact', beside: 'emailaddress1', page: 'contact-detail' },
  lead: { field: 'field.lead', choose: 'choose.lead', parameter: 'lead', beside: 'companyname', page: 'lead-detail' },
  opportunity: {
    field: 'field.opportunity',
    choose: 'choose.opportunity',
    parameter: 'opportunity',
    beside: null,
    page: 'opportunity-detail',
  },
  incident: { field: 'field.case', choose: 'choose.case', parameter: 'incident', beside: 'ticketnumber', page: 'case-detail' },
};

/** The row that a lookup points to, under the name of its kind, with a link to its page; only the kind that it is of is shown. */
export function referenceFields(lookup: string, kinds: readonly Regarding[]): DetailField[] {
  return kinds.map((table) => ({
    label: words[table].field,
    shows: { column: lookup },
    link: { page: words[table].page, reference: lookup },
    condition: { when: 'pointsTo', column: lookup, table },
  }));
}

/**
 * The choice of what a record is about: first the kind, then the row. It begins with what the record is about now, so that it is kept unless somebody changes it.
 * `name` is the parameter of the kind; the rows have parameters of their own, such as `regardingAccount`.
 */
export function referenceInputs(name: string, lookup: string, label: TextKey, kinds: readonly Regarding[], required: boolean): Input[] {
  const options = kinds.map((table) => ({ value: table, label: words[table].field }));
  const kind: Input = {
    parameter: `${name}Type`,
    label,
    kind: 'choice',
    column: lookup,
    required,
    options: { fixed: required ? options : [{ value: 'nothing', label: 'choose.nothing' }, ...options] },
  };
  const rows = kinds.map(
    (table): Input => ({
      parameter: referenceParameter(name, table),
      label: words[table].choose,
      kind: 'lookup',
      column: lookup,
      required: true,
      looksUp: { table, beside: words[table].beside },
      condition: { when: 'chosen', input: `${name}Type`, option: table },
    }),
  );
  return [kind, ...rows];
}

/** The parameter that names the row of one kind, such as `regardingAccount`. */
export function referenceParameter(name: string, table: RecordTableName): string {
  return `${name}${table.charAt(0).toUpperCase()}${table.slice(1)}`;
}

export const regardingFields = referenceFields('regardingobjectid', regardingTables);
export const regardingInputs = referenceInputs('regarding', 'regardingobjectid', 'field.relatedTo', regardingTables, false);
export const customerFields = referenceFields('customerid', ['account', 'contact']);
export const customerInputs = referenceInputs('customer', 'customerid', 'field.customer', ['account', 'contact'], true);
