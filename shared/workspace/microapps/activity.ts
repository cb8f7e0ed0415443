import type { DetailField, DetailPage, FormPage, Input, ListPage, Microapp, TextKey } from '../microapp';
import { activityButtons, editButton } from './buttons';
import { regardingFields, regardingInputs } from './regarding';

/** In what one kind of activity differs from the others. */
export interface ActivityKind {
  readonly table: 'appointment' | 'phonecall' | 'task';
  /** In ids of pages and icons, such as `phone-call`. */
  readonly slug: string;
  readonly titles: Readonly<Record<'list' | 'detail' | 'edit' | 'create', TextKey>>;
  readonly about: TextKey;
  readonly searchHint: TextKey;
  /** Columns that a search looks in beside the subject and what the activity is about. */
  readonly searches: readonly string[];
  /** What the list shows after the subject, and by which time it goes. */
  readonly columns: ListPage['list']['columns'];
  readonly sort: ListPage['list']['sort'];
  /** What the kind holds beside what all have. */
  readonly details: readonly DetailField[];
  readonly inputs: readonly Input[];
  /** What its end is called; an appointment must have both times. */
  readonly endLabel: 'field.to' | 'field.due';
  readonly needsTimes: boolean;
  readonly create: FormPage['submit'];
  readonly update: FormPage['submit']['action'];
}

/** The pages of one kind of activity, and the microapp that makes one. */
export function activity(kind: ActivityKind): { readonly pages: readonly [ListPage, DetailPage, FormPage]; readonly create: Microapp } {
  const { table, slug, titles, needsTimes } = kind;
  const times = needsTimes ? { required: true } : {};
  const fields: readonly Input[] = [
    { parameter: 'subject', label: 'field.subject', kind: 'text', column: 'subject', required: true, most: 200 },
    { parameter: 'description', label: 'field.description', kind: 'memo', column: 'description', most: 2_000 },
    ...kind.inputs,
    {
      parameter: 'scheduledstart',
      label: 'field.from',
      kind: 'datetime',
      column: 'scheduledstart',
      ...times,
      ...(needsTimes ? { begins: 'nextHour' } : {}),
    },
    {
      parameter: 'scheduledend',
      label: kind.endLabel,
      kind: 'datetime',
      column: 'scheduledend',
      ...times,
      ...(needsTimes ? { begins: 'hourAfter' } : {}),
    },
    ...regardingInputs,
  ];
  const list: ListPage = {
    kind: 'list',
    id: `my-open-${slug}s`,
    title: titles.list,
    searchHint: kind.searchHint,
    searches: ['subject', ...kind.searches, 'regardingobjectid'],
    list: {
      table,
      columns: [{ label: 'field.subject', shows: { column: 'subject' } }, ...kind.columns],
      sort: kind.sort,
      opens: `${slug}-detail`,
    },
  };
  const detail: DetailPage = {
    kind: 'detail',
    id: `${slug}-detail`,
    title: titles.detail,
    table,
    heading: { column: 'subject' },
    fields: [
      { label: 'field.description', shows: { column: 'description' } },
      { label: 'field.from', shows: { column: 'scheduledstart' }, format: 'datetime' },
      { label: kind.endLabel, shows: { column: 'scheduledend' }, format: 'datetime' },
      ...kind.details,
      ...regardingFields,
      { label: 'field.priority', shows: { column: 'prioritycode' }, format: 'label' },
      { label: 'field.status', shows: { column: 'statecode' }, format: 'label' },
      { label: 'field.owner', shows: { column: 'ownerid' } },
    ],
    buttons: [editButton(`${slug}-edit`), ...activityButtons],
  };
  const edit: FormPage = {
    kind: 'form',
    id: `${slug}-edit`,
    title: titles.edit,
    table,
    record: 'existing',
    inputs: fields,
    submit: { label: 'button.update', action: kind.update },
    condition: { when: 'open' },
  };
  const create: FormPage = {
    kind: 'form',
    id: `create-${slug}`,
    title: titles.create,
    table,
    record: 'new',
    inputs: fields,
    submit: kind.create,
  };
  const app: Microapp = {
    id: create.id,
    title: titles.create,
    about: kind.about,
    icon: `${slug}-new`,
    table,
    start: create.id,
    pages: [create],
    notices: [],
  };
  return { pages: [list, detail, edit], create: app };
}
