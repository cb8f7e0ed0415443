import { changesBetween, fieldsOf, targetsOf } from '../../../shared/auth/act';

describe('what an act was about', () => {
  test('ids are kept by their names, the path’s before all others', () => {
    expect(targetsOf({ id: 'body', systemUserId: 'u1' }, undefined, { area: 'admin', integration: 'contoso', id: 'path' })).toEqual({
      integration: 'contoso',
      id: 'path',
      systemUserId: 'u1',
    });
  });

  test('of many the ids are kept, and nothing else that stands among them', () => {
    expect(targetsOf({ ids: ['u1', 'Anna Berger', 7, 'u2'] })).toEqual({ ids: 'u1 u2' });
  });

  test('what is no id is not kept, whatever it is called', () => {
    expect(targetsOf({ id: 'Anna Berger <anna@contoso.example>', entity: { a: 'task' }, record: 'x'.repeat(129) })).toEqual({});
  });

  test('of a body the names of its fields are kept, and of lists only that they are there', () => {
    expect(
      fieldsOf({ name: 'canary', settings: { mail: { track: 'off' }, filters: { task: [{ name: 'canary' }] } }, nothing: null }),
    ).toEqual(['name', 'settings.mail.track', 'settings.filters.task', 'nothing']);
    expect(fieldsOf(undefined)).toEqual([]);
  });
});

describe('what an act changed', () => {
  test('values are shown of what may be shown, and of all else only that it changed', () => {
    const before = { settings: { attendeeMail: 'never', brake: { mailboxNumber: 10 }, filters: { task: ['canary'] } }, name: 'canary' };
    const after = { settings: { attendeeMail: 'invite', brake: { mailboxNumber: 10 }, filters: { task: [] } }, name: 'other' };
    expect(changesBetween(before, after, ['settings.attendeeMail', 'settings.brake'])).toEqual([
      { field: 'settings.attendeeMail', before: 'never', after: 'invite' },
      { field: 'settings.filters.task' },
      { field: 'name' },
    ]);
  });

  test('what is new has no before, and what went no after', () => {
    expect(changesBetween(null, { status: 'loading' }, ['status'])).toEqual([{ field: 'status', after: 'loading' }]);
    expect(changesBetween({ status: 'on' }, null, ['status'])).toEqual([{ field: 'status', before: 'on' }]);
    expect(changesBetween({ status: 'on' }, { status: 'on' }, ['status'])).toEqual([]);
  });

  test('a field that begins like one that may be shown is not shown, and neither is a long text', () => {
    expect(changesBetween({}, { statusText: 'canary', status: 'x'.repeat(101) }, ['status'])).toEqual([
      { field: 'statusText' },
      { field: 'status' },
    ]);
  });
});
