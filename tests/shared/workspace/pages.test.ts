import fc from 'fast-check';
import { type ListWish, listView } from '../../../shared/workspace/list-view';
import type { ListPage } from '../../../shared/workspace/microapp';
import { microapp, pageOf } from '../../../shared/workspace/microapps';
import type { PageView } from '../../../shared/workspace/page-view';
import type { WorkspaceRecord } from '../../../shared/workspace/record';
import { detailView, formView } from '../../../shared/workspace/record-view';
import { templateText } from '../../../shared/workspace/template-text';
import { aReader, aRecord } from './some-records';

const noon = Date.parse('2026-06-15T12:20:00Z');
const everything: ListWish = { search: '', sort: null, cursor: null };

function listPage(app: string): ListPage {
  const page = microapp(app)?.pages[0];
  if (page?.kind !== 'list') throw new Error(`${app} does not begin with a list`);
  return page;
}

function shownBy(app: string, page: string, record: WorkspaceRecord): Extract<PageView, { kind: 'detail' }> {
  const its = microapp(app);
  const found = its === undefined ? undefined : pageOf(its, page);
  if (its === undefined || found?.kind !== 'detail') throw new Error(`${app} has no such page`);
  const view = detailView(its, found, record, null, aReader, noon);
  if (view.kind !== 'detail') throw new Error('not a detail page');
  return view;
}

function asked(app: string, page: string, record: WorkspaceRecord | null): Extract<PageView, { kind: 'form' }> {
  const its = microapp(app);
  const found = its === undefined ? undefined : pageOf(its, page);
  if (its === undefined || found?.kind !== 'form') throw new Error(`${app} has no such form`);
  const view = formView(its, found, record, aReader, noon);
  if (view.kind !== 'form') throw new Error('not a form');
  return view;
}

function many(count: number): WorkspaceRecord[] {
  return Array.from({ length: count }, (_, index) =>
    aRecord('account', { name: `Account ${index}`, emailaddress1: null }, { id: String(index).padStart(4, '0') }),
  );
}

function read(records: readonly WorkspaceRecord[], wish: ListWish): string[] {
  const { list, searches } = listPage('accounts');
  const ids: string[] = [];
  for (let cursor = wish.cursor, page = 0; page < 100; page += 1) {
    const view = listView(list, records, searches, { ...wish, cursor }, aReader);
    expect(view.rows.length).toBeLessThanOrEqual(20);
    ids.push(...view.rows.map(({ id }) => id));
    if (view.next === null) return ids;
    cursor = view.next;
  }
  throw new Error('the list does not end');
}

describe('a list', () => {
  test('has pages of twenty, in the order of what people read', () => {
    const ids = read(many(45), everything);
    expect(ids).toHaveLength(45);
    expect(ids.slice(8, 12)).toEqual(['0008', '0009', '0010', '0011']);
  });

  test('shows every record once, whatever its names, order and search (property)', () => {
    const name = fc.oneof(fc.constant(null), fc.string({ maxLength: 6 }));
    const records = fc.array(fc.record({ name, mail: name }), { maxLength: 60 });
    fc.assert(
      fc.property(
        records,
        fc.constantFrom('name', 'emailaddress1'),
        fc.constantFrom('ascending' as const, 'descending' as const),
        (rows, column, direction) => {
          const all = rows.map(({ name: given, mail }, index) =>
            aRecord('account', { name: given, emailaddress1: mail }, { id: `id${index}` }),
          );
          expect(read(all, { search: '', sort: { column, direction }, cursor: null }).sort()).toEqual(all.map(({ id }) => id).sort());
        },
      ),
    );
  });

  test('goes on where it was, though records were added and removed meanwhile', () => {
    const { list, searches } = listPage('accounts');
    const first = listView(list, many(30), searches, everything, aReader);
    const fewer = many(30).filter(({ id }) => id !== first.rows.at(-1)?.id);
    const second = listView(
      list,
      [...fewer, aRecord('account', { name: 'AAA' }, { id: 'new' })],
      searches,
      { ...everything, cursor: first.next },
      aReader,
    );
    expect(second.rows.map(({ id }) => id)).toEqual(
      many(30)
        .slice(20)
        .map(({ id }) => id),
    );
  });

  test('puts what is empty last, whichever way it is sorted', () => {
    const records = [
      aRecord('account', { name: null }, { id: 'empty' }),
      aRecord('account', { name: 'A' }, { id: 'a' }),
      aRecord('account', { name: 'B' }, { id: 'b' }),
    ];
    const sorted = (direction: 'ascending' | 'descending') => read(records, { ...everything, sort: { column: 'name', direction } });
    expect([sorted('ascending'), sorted('descending')]).toEqual([
      ['a', 'b', 'empty'],
      ['b', 'a', 'empty'],
    ]);
  });

  test.each([
    ['MÜLLER', 'Müller & Söhne', true],
    ['soehne', 'Müller & Söhne', false],
    ['sohne mull', 'Müller & Söhne', true],
    ['か', 'がく', false],
    ['ＡＢＣ', 'abc', true],
    ['', 'anything', true],
  ])('searching %p among %p finds it: %p', (search, name, found) => {
    expect(read([aRecord('account', { name })], { ...everything, search }).length === 1).toBe(found);
  });

  test('can be searched by the name of the customer, and sorted by it', () => {
    const { list, searches } = listPage('opportunities');
    const records = ['Zeta', 'Alpha'].map((name) =>
      aRecord('opportunity', { name: 'Deal', customerid: { table: 'account', id: name, name } }, { id: name }),
    );
    const view = listView(
      list,
      records,
      searches,
      { search: '', sort: { column: 'customerid', direction: 'ascending' }, cursor: null },
      aReader,
    );
    expect(view.rows.map(({ id }) => id)).toEqual(['Alpha', 'Zeta']);
    expect(listView(list, records, searches, { ...everything, search: 'zet' }, aReader).rows).toHaveLength(1);
  });

  test('a sort by what is no column, and a cursor that is none, are as if they were not there', () => {
    const { list, searches } = listPage('accounts');
    const view = listView(
      list,
      many(3),
      searches,
      { search: '', sort: { column: 'ownerid', direction: 'descending' }, cursor: '%%%' },
      aReader,
    );
    expect([view.sort, view.rows.length]).toEqual([list.sort, 3]);
  });

  test('says so where there is nothing', () => {
    const { list, searches } = listPage('accounts');
    expect(listView(list, [], searches, everything, aReader).empty).toBe('No data to display');
  });
});

describe('a detail page', () => {
  test('puts the parts of an address together, and an empty part takes its separator along', () => {
    expect(templateText('{a}, {b} {c}, {d}', (column) => ({ a: 'Street 1', c: 'Berlin', d: 'Germany' })[column] ?? '')).toBe(
      'Street 1 Berlin, Germany',
    );
    expect(templateText('{a} – {b}', (column) => (column === 'b' ? 'Director' : ''))).toBe('Director');
  });

  test.each([
    ['telephone1', '+49 (30) 123-45', 'tel:+493012345'],
    ['emailaddress1', 'anna@contoso.example', 'mailto:anna@contoso.example'],
    ['emailaddress1', 'anna@contoso.example?bcc=eve@evil.example', null],
    ['websiteurl', 'www.contoso.example', 'https://www.contoso.example/'],
    ['websiteurl', 'javascript:alert(1)//', null],
    ['websiteurl', 'data://text/html,<script>', null],
  ])('links %s %p to %p', (column, value, href) => {
    const field = shownBy('accounts', 'account-detail', aRecord('account', { [column]: value })).fields.find(
      (each) => each.value === value,
    );
    expect(field?.link === null ? null : field?.link).toEqual(href === null ? null : expect.objectContaining({ href }));
  });

  test('shows the kind of row that a record is about, with a link to it, and no other kind', () => {
    const record = aRecord('task', { subject: 'Call', regardingobjectid: { table: 'incident', id: 'c1', name: 'Broken pump' } });
    const { fields } = shownBy('tasks', 'task-detail', record);
    expect(fields.filter(({ link }) => link?.kind === 'page')).toEqual([
      { label: 'Case', text: 'Broken pump', value: record.values.regardingobjectid, link: { kind: 'page', page: 'case-detail', id: 'c1' } },
    ]);
  });

  test('offers what changes a record only while it is open', () => {
    const labels = (state: number) =>
      shownBy('opportunities', 'opportunity-detail', aRecord('opportunity', { name: 'Deal' }, { state })).buttons.map(({ label }) => label);
    expect(labels(0)).toEqual(['Close as won', 'Close as lost', 'Edit', 'Assign', 'Add note']);
    expect(labels(1)).toEqual(['Assign', 'Add note']);
  });

  test('shows money in the currency of the record, shares with a sign, dates and times as their reader writes them', () => {
    const record = aRecord('opportunity', {
      name: 'Deal',
      budgetamount: 1234.5,
      closeprobability: 40,
      estimatedclosedate: '2026-12-31',
      opportunityratingcode: 2,
      transactioncurrencyid: { table: 'transactioncurrency', id: 'euro', name: 'Euro' },
    });
    const texts = shownBy('opportunities', 'opportunity-detail', record).fields.map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(['€1,234.50', '40%', 'Dec 31, 2026', 'Warm']));
    const appointment = shownBy('appointments', 'appointment-detail', aRecord('appointment', { scheduledstart: '2026-06-30T22:30:00Z' }));
    expect(appointment.fields.find(({ label }) => label === 'From')?.text).toContain('Jul 1, 2026');
  });
});

describe('a form', () => {
  test('of a new appointment begins at the next whole hour and ends one later', () => {
    const { inputs } = asked('create-appointment', 'create-appointment', null);
    const value = (parameter: string) => inputs.find((each) => each.parameter === parameter)?.value;
    expect([value('scheduledstart'), value('scheduledend')]).toEqual(['2026-06-15T13:00:00Z', '2026-06-15T14:00:00Z']);
  });

  test('of an existing record begins with what it holds, and with nothing where it holds nothing', () => {
    const held = asked('appointments', 'appointment-edit', aRecord('appointment', { subject: 'Visit', scheduledstart: null }));
    expect(held.inputs.map(({ parameter, value }) => [parameter, value])).toEqual(
      expect.arrayContaining([
        ['subject', 'Visit'],
        ['scheduledstart', null],
      ]),
    );
  });

  test('keeps what an activity is about: its kind and row stand there already', () => {
    const { inputs } = asked('tasks', 'task-edit', aRecord('task', { regardingobjectid: { table: 'lead', id: 'l1', name: 'Lee' } }));
    expect(inputs.find(({ parameter }) => parameter === 'regardingType')?.value).toBe('lead');
    const rows = inputs.filter(({ kind }) => kind === 'lookup').map(({ parameter, value, valueText }) => [parameter, value, valueText]);
    expect(rows).toEqual(
      expect.arrayContaining([
        ['regardingLead', 'l1', 'Lee'],
        ['regardingAccount', null, null],
      ]),
    );
  });

  test('offers an option that the record holds though nobody offers it any more', () => {
    const { inputs } = asked('leads', 'lead-edit', aRecord('lead', { leadsourcecode: 99 }));
    expect(inputs.find(({ parameter }) => parameter === 'leadsourcecode')?.options?.map(({ label }) => label)).toEqual([
      '99',
      'Other',
      'Web',
    ]);
  });

  test('to close a deal begins with today, and asks for no revenue of a deal that is lost', () => {
    const { inputs } = asked('opportunities', 'close-as-lost', aRecord('opportunity', { name: 'Deal', description: 'Ours' }));
    expect(inputs.map(({ parameter, value, required }) => [parameter, value, required])).toEqual([
      ['status', null, true],
      ['actualend', '2026-06-15', true],
      ['actualrevenue', null, false],
      ['description', null, false],
    ]);
  });
});
