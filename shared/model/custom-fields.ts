import { z } from 'zod';
import { columnPattern } from './filter';
import { type Direction, type Entity, type FieldRule, normalText, type Value } from './values';

/** How a column's value becomes text in Exchange. `choice` and `lookup` show a label or a name, which says nothing about what to write back. */
export const customKinds = ['text', 'number', 'date', 'yesNo', 'choice', 'lookup'] as const;

const oneWayKinds: readonly string[] = ['choice', 'lookup'];

/** One column of a table that also goes to a property of its Exchange items. */
export const CustomField = z
  .strictObject({
    column: z.string().regex(columnPattern, 'is not the logical name of a column'),
    property: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_-]*(?: [A-Za-z0-9_-]+)*$/, 'is not a name of letters, digits, single spaces, hyphens and underscores')
      .max(60),
    kind: z.enum(customKinds).default('text'),
    prefix: z
      .string()
      .max(40)
      .regex(/^\P{Cc}*\S$/u, 'ends in a blank or has control characters')
      .optional(),
    direction: z.enum(['none', 'toExchange', 'toDynamics', 'both']).default('toExchange'),
  })
  .refine(
    ({ kind, direction }) => !oneWayKinds.includes(kind) || direction === 'none' || direction === 'toExchange',
    'a choice or a lookup can only travel toExchange: its label says nothing about what to write',
  )
  .refine(({ kind, prefix }) => prefix === undefined || kind === 'text', 'only a text takes a prefix');

export type CustomField = z.output<typeof CustomField>;

const mostFields = 20;

const Fields = z
  .array(CustomField)
  .max(mostFields)
  .refine((fields) => isDistinct(fields.map(({ column }) => column)), 'names a column twice')
  .refine((fields) => isDistinct(fields.map(({ property }) => property.toLowerCase())), 'names a property twice');

const none = z
  .array(CustomField)
  .max(0, 'what becomes a task in Exchange takes no columns: Graph offers no properties of a task')
  .optional();

/** Columns that an admin adds to the map of an entity. */
export const CustomFields = z.strictObject({
  contact: Fields.optional(),
  appointment: Fields.optional(),
  task: none,
  phonecall: none,
  letter: none,
  fax: none,
});

export type CustomFields = Readonly<Partial<Record<Entity, readonly CustomField[] | undefined>>>;

/** The name by which the field of a column is known. */
export function customName({ column }: Pick<CustomField, 'column'>): string {
  return `custom.${column}`;
}

/** The columns that an admin added to an entity. */
export function customOf(fields: CustomFields, entity: Entity): readonly CustomField[] {
  return fields[entity] ?? [];
}

/** The rules of added columns. Values are neutral: text, `yyyy-MM-dd`, digits with a point, or true and false. */
export function customRules(fields: readonly CustomField[]): FieldRule[] {
  return fields.map((field): FieldRule => {
    const { direction, prefix } = field;
    const rule = { name: customName(field), direction: direction satisfies Direction, merge: 'whole', joins: true } as const;
    if (prefix === undefined) return rule;
    return { ...rule, inExchange: (value) => withPrefix(prefix, value), inDynamics: (value) => withoutPrefix(prefix, value) };
  });
}

function withPrefix(prefix: string, value: Value): Value {
  return typeof value === 'string' ? normalText(prefix + value) : value;
}

function withoutPrefix(prefix: string, value: Value): Value {
  return typeof value === 'string' && value.startsWith(prefix) ? normalText(value.slice(prefix.length)) : value;
}

/** The value that a property's text means; undefined where it means none of its kind, and then it counts as not read. */
export function customValue({ kind }: Pick<CustomField, 'kind'>, shown: string | null): Value | undefined {
  const text = normalText(shown);
  if (text === null) return null;
  switch (kind) {
    case 'number':
      return /^-?\d{1,15}(?:\.\d{1,10})?$/.test(text) ? String(Number(text)) : undefined;
    case 'date':
      return z.iso.date().safeParse(text).success ? text : undefined;
    case 'yesNo':
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'text':
    case 'choice':
    case 'lookup':
      return text;
  }
}

/** A value as a property's text. */
export function customText(value: Value): string {
  return value === null ? '' : String(value);
}

function isDistinct(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}
