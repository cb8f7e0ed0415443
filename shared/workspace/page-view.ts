import type { Input } from './microapp';
import type { RecordValue } from './record';
import type { RecordTableName } from './tables';

/** Where a click leads within a microapp. */
export interface PageLink {
  readonly page: string;
  /** The record that the page is about; null for one that makes a record. */
  readonly id: string | null;
}

export type Link = { readonly kind: 'call' | 'mail' | 'url'; readonly href: string } | ({ readonly kind: 'page' } & PageLink);

export interface FieldView {
  readonly label: string;
  readonly text: string;
  /** The value itself, for clients that format by themselves. */
  readonly value: RecordValue;
  readonly link: Link | null;
}

export interface ListView {
  /** `sortBy` is null for what cannot be sorted by. */
  readonly columns: readonly { readonly label: string; readonly sortBy: string | null }[];
  readonly rows: readonly { readonly id: string; readonly cells: readonly string[]; readonly opens: PageLink }[];
  readonly sort: { readonly column: string; readonly direction: 'ascending' | 'descending' };
  /** Where the next page starts; null at the end. */
  readonly next: string | null;
  /** What to say where there is nothing; null where there is something. */
  readonly empty: string | null;
}

export interface OptionView {
  readonly value: string;
  readonly label: string;
}

export interface InputView extends Pick<Input, 'parameter' | 'kind' | 'least' | 'most'> {
  readonly label: string;
  readonly required: boolean;
  /** What it begins with; null for empty. Of a look-up the id. */
  readonly value: string | number | null;
  /** Of a time: the same on the reader's own clock, `YYYY-MM-DD` and `HH:mm`. */
  readonly local: { readonly date: string; readonly time: string } | null;
  /** Of a look-up that begins with a row: what that row is called. */
  readonly valueText: string | null;
  readonly options: readonly OptionView[] | null;
  /** Of a look-up: the table to search. */
  readonly looksUp: string | null;
  /** Shown only while another input holds this value. */
  readonly onlyIf: { readonly parameter: string; readonly value: string } | null;
}

export interface ButtonView {
  readonly label: string;
  readonly style: 'primary' | 'secondary';
  readonly does:
    | ({ readonly kind: 'page' } & PageLink)
    | { readonly kind: 'action'; readonly action: string; readonly asks: readonly InputView[] };
}

interface Titled {
  readonly app: string;
  readonly page: string;
  readonly title: string;
}

/** The record that a page is about; the version is what a change of it must name. */
export interface Subject {
  readonly table: RecordTableName;
  readonly id: string;
  readonly version: string;
}

/** A page as data, in the words of the person who asked for it. */
export type PageView =
  | (Titled & {
      readonly kind: 'list';
      readonly searchHint: string;
      readonly search: string;
      /** What to say above rows that are not all of them; where there are none, `list.empty` says it. Null where nothing is to be said. */
      readonly notice: string | null;
      readonly list: ListView;
    })
  | (Titled & {
      readonly kind: 'detail';
      readonly record: Subject;
      readonly heading: string;
      readonly fields: readonly FieldView[];
      readonly children: { readonly title: string; readonly list: ListView } | null;
      readonly buttons: readonly ButtonView[];
    })
  | (Titled & {
      readonly kind: 'form';
      readonly record: Subject | null;
      readonly heading: string | null;
      readonly inputs: readonly InputView[];
      readonly submit: { readonly label: string; readonly action: string };
    })
  /** What only the person herself may read, and she has not signed in yet. */
  | (Titled & { readonly kind: 'signIn'; readonly message: string; readonly button: string; readonly url: string });
