import { normalRichText } from '../model/rich-text';
import { exceptionsIn, withExceptions } from './exceptions';
import { type Row, textIn } from './row';
import type { Table } from './table';

/** A table whose description may be HTML, which is read in its one form. */
export function withRichText(table: Table): Table {
  return { ...table, recordOf: (row, zone) => table.recordOf(normal(row), zone) };
}

/** The row, and the rows of its dates, with their descriptions in the one form of HTML; plain text stays plain text. */
function normal(row: Row): Row {
  const dates = exceptionsIn(row);
  const own = 'description' in row ? { ...row, description: normalRichText(textIn(row, 'description')) } : row;
  return dates.length === 0 ? own : withExceptions(own, dates.map(normal));
}
