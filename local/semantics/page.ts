import { reasons } from '../../shared/sync/reasons';
import { circumstances } from './circumstances';
import { givenOf, type ItemState, type Line, linesOf, type RecordState } from './rows';
import { type Section, sections } from './tables';

const recordWords: Readonly<Record<RecordState, string>> = {
  same: 'as it was',
  changed: 'edited',
  created: 'open and at home',
  deleted: 'deleted',
  filteredOut: 'has left the filter',
  movedHome: 'now belongs to somebody else',
  closed: 'completed or canceled',
  unreadable: 'closed to the person',
  unmade: 'none',
};

const itemWords: Readonly<Record<ItemState, string>> = {
  none: 'none',
  same: 'as it was',
  changed: 'edited',
  deleted: 'deleted',
  tracked: 'tracked by its user',
};

const entityWords: Readonly<Record<string, string>> = {
  any: 'everything',
  tasks: 'tasks, phone calls, letters, faxes',
  meetings: 'appointments and series',
  events: 'appointments, series, service activities',
  'one-way': 'service activities',
  'two-way': 'everything but service activities',
  task: 'tasks',
  phonecall: 'phone calls',
  letter: 'letters',
  fax: 'faxes',
  contact: 'contacts',
  appointment: 'appointments',
  serviceappointment: 'service activities',
  series: 'series',
};

const writes: Readonly<Record<string, string>> = {
  '-': '',
  create: 'is made',
  update: 'gets what is new',
  delete: 'is deleted',
};

const endings: Readonly<Record<string, string>> = {
  untouched: 'stays as it is',
  linked: 'is linked',
  held: 'waits for an admin',
  frozen: 'is stopped',
  forgotten: 'is forgotten',
  released: 'is let go',
};

/** `docs/semantics.md`: what Tandem does when, from the tables that the planner's tests hold it to. */
export function semanticsPage(): string {
  return [
    '# What Tandem does when',
    '',
    'For whoever wants to know what becomes of a record and its item before it happens. This page is printed by `node dist/local/semantics/main.js` from `local/semantics/tables.ts`,',
    'and a test holds the planner to every line of it.',
    '',
    '*Record* is the row in Dynamics, *item* the event, contact or task in Exchange. A pair is *linked* while it is synced, *let go* when that ended on purpose: both stay, neither is touched again,',
    'and no second copy is made. Empty cells mean that nothing is written. What one side holds and the other does not know yet is merged field by field; where both sides changed the same',
    'field, the setting `conflict` decides, and the value that lost is in the journal. Settings are at their defaults but for those that a line names',
    '([settings of an integration](integration-settings.md)); the [reasons](operations.md#reasons) are those of journal, log and dry run.',
    '',
    ...sections.flatMap(sectionPage),
  ].join('\n');
}

function sectionPage(section: Section): string[] {
  const lines = linesOf(section);
  const isGiven = lines.some(({ given }) => given !== '-');
  const head = ['Of', 'The record', 'The item', ...(isGiven ? ['And'] : []), 'Then the record', 'Then the item', 'The pair', 'Because'];
  return [
    `## ${section.title}`,
    '',
    section.intro,
    '',
    row(head),
    row(head.map(() => '---')),
    ...lines.map((line) => row(cellsOf(line, isGiven))),
    '',
  ];
}

function cellsOf({ of, record, item, given, expected }: Line, isGiven: boolean): string[] {
  const [toRecord, toItem, ending, reason] = expected;
  return [
    listed(of.split(' ').map((word) => worded(entityWords, word))),
    record === 'any' ? 'whatever it is' : listed(record.split(' ').map((word) => worded(recordWords, word))),
    item === 'any'
      ? 'whatever it is'
      : listed(
          item.split(' ').map((word) => worded(itemWords, word)),
          'or',
        ),
    ...(isGiven ? [givenWords(given)] : []),
    worded(writes, toRecord),
    worded(writes, toItem),
    endingWords(ending),
    `\`${reason}\``,
  ];
}

function givenWords(cell: string): string {
  const { circumstances: named, settings, after } = givenOf(cell);
  return [
    ...named.map((each) => circumstances[each]),
    ...Object.entries(settings).map(([name, value]) => `\`${name}\` is \`${value}\``),
    ...(after === null ? [] : [`it was let go: ${reasons[after].replace(/\.$/, '').toLowerCase()}`]),
  ].join('; ');
}

/** An ending, with the reason of a release left out: it has a cell of its own. */
function endingWords(cell: string): string {
  const [ending = '', ...more] = cell.split(', ');
  const [first = ''] = ending.split(' ');
  const further = more.map((each) =>
    each === 'mails' ? 'and Exchange writes to the attendees' : 'and the list of attendees stays in Dynamics',
  );
  return [worded(endings, first), ...further].join(', ');
}

function worded(words: Readonly<Record<string, string>>, word: string): string {
  const found = words[word];
  if (found === undefined) throw new Error(`There are no words for ${word}.`);
  return found;
}

function listed(words: readonly string[], last = 'and'): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
