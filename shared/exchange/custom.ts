import { z } from 'zod';
import { type CustomField, type CustomFields, customName, customOf, customText, customValue } from '../model/custom-fields';
import { entityOf, type ItemKind } from '../model/entity';
import type { Values } from '../model/values';
import { type ExtendedProperty, extendedJson, extendedValue } from './extended';
import { known } from './item';

/** The set of named properties that Outlook itself shows, as user-defined fields (PS_PUBLIC_STRINGS, MS-OXPROPS). */
const publicStrings = '{00020329-0000-0000-c000-000000000046}';

const withProperties = z.looseObject({ singleValueExtendedProperties: extendedJson });

/** The extended property that holds an added column. */
export function customProperty({ property }: CustomField): string {
  return `String ${publicStrings} Name ${property}`;
}

/** The columns that an admin added to what these items come from. */
export function customOfKind(custom: CustomFields, kind: ItemKind): readonly CustomField[] {
  return kind === 'task' ? [] : customOf(custom, entityOf(kind));
}

/** The added columns of an item whose extended properties were asked for; one that shows what is not of its kind is absent, as if it had not been read. */
export function customValues(json: unknown, fields: readonly CustomField[]): Values {
  const item = withProperties.safeParse(json);
  const properties = item.success ? item.data.singleValueExtendedProperties : null;
  return known(
    Object.fromEntries(fields.map((field) => [customName(field), customValue(field, extendedValue(properties, customProperty(field)))])),
  );
}

/** The body of a write with the properties of the added columns that it changes. */
export function withCustom(body: Record<string, unknown>, changes: Values, fields: readonly CustomField[]): Record<string, unknown> {
  const added = fields.flatMap((field): ExtendedProperty[] => {
    const value = changes[customName(field)];
    return value === undefined ? [] : [{ id: customProperty(field), value: customText(value) }];
  });
  if (added.length === 0) return body;
  const before = extendedJson.parse(body.singleValueExtendedProperties) ?? [];
  return { ...body, singleValueExtendedProperties: [...before, ...added] };
}
