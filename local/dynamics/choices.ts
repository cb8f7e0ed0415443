import type { WireReply, WireRequest } from '../serving/wire';
import { refusal, unsupported } from './errors';
import { idFrom } from './parties';
import type { Column, Table } from './schema';
import { tableNamed } from './tables';
import type { View } from './view';

/** The languages that are installed beside English (1033), with the labels that somebody has translated. */
const translations: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  1031: { Open: 'Offen', Active: 'Aktiv', Completed: 'Abgeschlossen', Canceled: 'Storniert', Hot: 'Heiß', Warm: 'Warm', Cold: 'Kalt' },
};

const one =
  /^EntityDefinitions\(LogicalName='([^']*)'\)\/Attributes\(LogicalName='([^']*)'\)\/Microsoft\.Dynamics\.CRM\.(Picklist|State|Status)AttributeMetadata$/;

/** One choice column with its options and their labels in every installed language; undefined where the path asks for something else. */
export function readChoices(view: View, path: string, request: WireRequest): WireReply | undefined {
  const [match, logicalName = '', name = '', type = ''] = one.exec(path) ?? [];
  if (match === undefined) return undefined;
  const table = tableNamed(logicalName);
  if (table === undefined) throw refusal(404, '0x80060888', `Could not find an entity with specified LogicalName '${logicalName}'.`);
  const column = table.columns.get(name);
  if (column === undefined) throw refusal(404, '0x80060888', `Could not find an attribute with specified LogicalName '${name}'.`);
  if (column.type !== type) throw refusal(404, '0x80060888', `The attribute '${name}' is not of the type ${type}AttributeMetadata.`);
  const { searchParams } = request.url;
  for (const [option, value] of searchParams)
    if (!(option === '$select' && value === 'LogicalName') && !(option === '$expand' && value === 'OptionSet,GlobalOptionSet'))
      throw unsupported(`${option}=${value} on ${type}AttributeMetadata`);
  const options = searchParams.has('$expand') ? { OptionSet: optionSet(table, column), GlobalOptionSet: null } : {};
  return {
    status: 200,
    body: {
      '@odata.context': `${view.base}$metadata#EntityDefinitions('${logicalName}')/Attributes/Microsoft.Dynamics.CRM.${type}AttributeMetadata(LogicalName)/$entity`,
      MetadataId: idFrom(`${logicalName}.${name}`),
      LogicalName: name,
      ...options,
    },
  };
}

function optionSet(table: Table, column: Column): object {
  return {
    MetadataId: idFrom(`${table.logicalName}_${column.name}`),
    Name: `${table.logicalName}_${column.name}`,
    IsGlobal: false,
    OptionSetType: column.type,
    Options: Object.entries(column.options ?? {}).map(([value, label]) => ({
      Value: Number(value),
      Label: labelOf(label),
      ...(column.type === 'Status'
        ? { State: table.states.find(({ statuses }) => statuses.some(([status]) => status === Number(value)))?.value }
        : {}),
    })),
  };
}

/** A label in every language that has one. */
function labelOf(text: string): object {
  const english = { Label: text, LanguageCode: 1033 };
  const others = Object.entries(translations).flatMap(([language, words]) => {
    const word = words[text];
    return word === undefined ? [] : [{ Label: word, LanguageCode: Number(language) }];
  });
  return { LocalizedLabels: [english, ...others], UserLocalizedLabel: english };
}
