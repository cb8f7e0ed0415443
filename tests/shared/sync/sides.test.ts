import { fieldsOf } from '../../../shared/model/entity';
import { directionOf, fieldsThatLeave } from '../../../shared/sync/rules';
import { isHome, itemSide, recordSide } from '../../../shared/sync/sides';
import { context, item, link, record, rules, under } from './pairs';

const me = { systemUserId: 'me' };

test('a service activity is at home with each of its resources, and nowhere where it has none', () => {
  expect(isHome(record('serviceappointment'), { systemUserId: 'colleague' })).toBe(true);
  expect(isHome(record('serviceappointment', {}, { resources: ['colleague'] }), me)).toBe(false);
  const { resources: _none, ...bare } = record('serviceappointment');
  expect(isHome(bare, me)).toBe(false);
  expect(isHome(record('appointment', {}, { partOf: 'series-1' }), me)).toBe(false);
});

test('a meeting that somebody else organizes lives where it is tracked, and only that', () => {
  const theirs = record('appointment', {}, { organizer: 'you' });
  const bases = { dynamics: theirs.values, exchange: { organizedHere: false } };
  const tracked = link('appointment', { bases, tracked: true });
  expect(recordSide(theirs, tracked, me, rules).kind).toBe('same');
  for (const known of [
    null,
    link('appointment'),
    { ...tracked, state: 'released' as const },
    { ...tracked, bases: null },
    link('appointment', { bases }),
  ])
    expect(recordSide(theirs, known, me, rules).kind).toBe('movedHome');
  expect(recordSide(record('task', {}, { owner: 'you' }), link('task', { tracked: true }), me, rules).kind).toBe('movedHome');
});

test('a record that stands outside the filters has left them, like one that is inactive', () => {
  expect(recordSide(record('task', {}, { standing: 'filtered' }), link('task'), me, rules).kind).toBe('filteredOut');
});

test('a record is at home with its owner, an appointment with its organizer', () => {
  expect(isHome(record('task'), me)).toBe(true);
  expect(isHome(record('task', {}, { owner: 'you' }), me)).toBe(false);
  expect(isHome(record('appointment', {}, { owner: 'you', organizer: 'me' }), me)).toBe(true);
  expect(isHome(record('appointment', {}, { owner: 'me', organizer: null }), me)).toBe(false);
});

describe('what a record that was read means', () => {
  const side = (values: object, facts: object, of: ReturnType<typeof link> | null = link('task')) =>
    recordSide(record('task', { ...values }, { ...facts }), of, me, rules).kind;

  test('its home comes first, then whether it is closed or inactive, then whether it is linked', () => {
    expect(side({}, { owner: 'you', standing: 'closed' })).toBe('movedHome');
    expect(side({}, { standing: 'closed' }, null)).toBe('closed');
    expect(side({}, { standing: 'inactive' })).toBe('filteredOut');
    expect(side({}, {}, null)).toBe('created');
    expect(side({}, {}, link('task', { state: 'released' }))).toBe('created');
  });

  test('a newer version with equal values is no news, and neither is a field that does not travel', () => {
    expect(side({}, { version: '999' })).toBe('same');
    expect(side({ percentComplete: '50' }, { version: '999' })).toBe('same');
    expect(side({ subject: 'new' }, { version: '999' })).toBe('changed');
    expect(
      recordSide(record('task', { subject: 'new' }), link('task'), me, under({ directions: { task: { subject: 'toDynamics' } } }).rules)
        .kind,
    ).toBe('same');
  });

  test('the time of day behind a due date is news although Exchange has no place for it', () => {
    expect(side({ dueTime: '17:30' }, {})).toBe('changed');
  });
});

describe('what an item that was read means', () => {
  test('a newer version with equal values is our own echo; a field that may not travel is no news', () => {
    expect(itemSide(item('task', {}, { version: 'W/9' }), link('task'), rules).kind).toBe('same');
    expect(itemSide(item('task', { regarding: 'other' }), link('task'), rules).kind).toBe('same');
    expect(itemSide(item('task', { subject: 'new' }), link('task'), rules).kind).toBe('changed');
    expect(itemSide(item('task', { subject: 'new' }), link('task', { bases: null }), rules).kind).toBe('same');
  });
});

describe('the direction of a field', () => {
  const field = (name: string) => {
    const found = fieldsOf('contact').find((each) => each.name === name);
    if (found === undefined) throw new Error(`no field ${name}`);
    return found;
  };

  test('is narrowed by the settings and never widened', () => {
    const chosen = {
      ...context.rules,
      directions: { contact: { notes: 'toExchange', company: 'both', slots: 'both', jobTitle: 'none' } },
    } as const;
    expect(['notes', 'company', 'slots', 'jobTitle', 'emails'].map((name) => directionOf(chosen, 'contact', field(name)))).toEqual([
      'toExchange',
      'toExchange',
      'none',
      'none',
      'both',
    ]);
    expect(fieldsThatLeave(chosen, 'contact', 'exchange').map(({ name }) => name)).not.toContain('notes');
    expect(fieldsThatLeave(chosen, 'contact', 'dynamics').map(({ name }) => name)).toEqual(expect.arrayContaining(['notes', 'company']));
  });
});
