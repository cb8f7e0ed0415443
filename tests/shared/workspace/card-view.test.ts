import { Notices } from '../../../shared/model/integration-connection';
import { cardView } from '../../../shared/workspace/card-view';
import { type Language, languages } from '../../../shared/workspace/languages';
import { planNotices } from '../../../shared/workspace/notices';
import type { WorkspaceRecord } from '../../../shared/workspace/record';
import { type RecordTableName, recordTableNames } from '../../../shared/workspace/tables';
import { PublishedCard } from './card-schema';
import { aReader, aRecord } from './some-records';

const now = Date.parse('2026-06-15T12:20:00Z');
const contoso = { id: 'contoso', baseUrl: 'https://contoso.crm4.dynamics.com' };
const labels = { ...aReader.labels, 'task.prioritycode': { 2: { 1033: 'High', 1031: 'Hoch' } } };
const account = { table: 'account', id: '22222222-0000-4000-8000-000000000002', name: 'Fourth Coffee' };

function shown(table: RecordTableName, values: WorkspaceRecord['values'], language: Language = 'en', before: 'ben' | null = null) {
  const record = aRecord(table, values, { createdAt: now });
  const seen = { owner: 'anna', version: '100', actor: null, at: now };
  const behindOwner = [{ objectId: 'anna', systemUserId: 'anna' }];
  const owner = before === null ? null : { owner: before };
  const [sent] = planNotices({ before: owner, seen, record, behindOwner, told: [], settings: Notices.parse({}), now }).send;
  const view = sent === undefined ? null : cardView({ card: sent.card, state: 'unread' }, contoso, { ...aReader, labels, language });
  if (view === null) throw new Error('There is no card.');
  expect(PublishedCard.safeParse(view.card).error).toBeUndefined();
  return view;
}

const task = { subject: 'Call back', scheduledend: '2026-06-16T10:00:00Z', prioritycode: 2, regardingobjectid: account };

test('a card says what has become whose, when it is due, how urgent it is and whom it is about (defect 30)', () => {
  const view = shown('task', task);
  expect([view.title, view.body]).toEqual(['Task assigned to you', 'The new task “Call back” is assigned to you.']);
  expect(view.fields.map(({ label, text }) => [label, text])).toEqual([
    ['Due', expect.stringContaining('12:00')],
    ['Priority', 'High'],
    ['Account', 'Fourth Coffee'],
  ]);
});

test('a record that was given to somebody is called so', () => {
  expect(shown('task', task, 'en', 'ben').body).toBe('The task “Call back” is now assigned to you.');
});

test('a card leads to the page of its microapp and to the record in Dynamics', () => {
  expect(shown('task', task).link).toEqual({
    page: 'task-detail',
    href: '/app/api/microapps/tasks/pages/task-detail?integration=contoso&id=11111111-0000-4000-8000-000000000001',
    dynamics: 'https://contoso.crm4.dynamics.com/main.aspx?pagetype=entityrecord&etn=task&id=11111111-0000-4000-8000-000000000001',
  });
});

test('a card opens its record, and offers what can be done without a question (defect 30)', () => {
  const does = shown('task', task).buttons.map(({ label, does }) => [label, 'page' in does ? does.page : does.action]);
  expect(does).toEqual([
    ['Open', 'task-detail'],
    ['Mark complete', 'markComplete'],
    ['Cancel it', 'cancel'],
  ]);
});

test('a priority that nobody has labelled is left out rather than shown as a number', () => {
  expect(shown('incident', { title: 'Leak', prioritycode: 7 }).fields).toEqual([]);
});

test('what people wrote never becomes a link in a card', () => {
  const trap = '[click](https://evil.example)';
  const { card } = shown('task', { subject: trap });
  const blocks = JSON.stringify(card).match(/\{"type":"TextBlock"[^}]*\}/g) ?? [];
  expect(blocks.join()).not.toContain('evil');
  expect(JSON.stringify(card)).toContain('evil');
});

test.each(recordTableNames.flatMap((table) => Object.keys(languages).map((language) => [table, language as Language] as const)))(
  'the cards of a %s have titles and bodies in %s, with the record’s name and no placeholder',
  (table, language) => {
    const values = { name: 'N', fullname: 'N', subject: 'N', title: 'N', firstname: 'N', lastname: 'M', companyname: 'C' };
    for (const before of [null, 'ben'] as const) {
      const { title, body } = shown(table, values, language, before);
      expect(title).not.toBe('');
      expect(body).toContain('N');
      expect(`${title}${body}`).not.toMatch(/[{}]/);
    }
  },
);
