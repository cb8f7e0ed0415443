import { decided, renamed } from '../../../shared/mailboxes/approval';
import { lostTestMs, type State, statusOf } from '../../../shared/mailboxes/status';
import type { Tested } from '../../../shared/model/mailbox-standing';
import type { StoredMailbox } from '../../../shared/storage/mailboxes';
import { aFailure, aMailbox, imported, noon } from './mailboxes';

const both = { act: true, incoming: true };
const admin = { by: 'an admin', at: noon };
const person = { objectId: '0b1ec7ed-0000-4000-8000-000000000001', email: 'anna@contoso.example', name: 'Anna Berger' };
const asked: Tested = { id: 't1', askedAt: noon, endedAt: null, failed: null };
const forbidden = { code: 'forbidden', detail: 'calendar', fix: 'Grant it.' };

function stateOf(mailbox: StoredMailbox, now = noon): State {
  return statusOf({ ...mailbox, wanted: both }, now).overall.state;
}

describe('the transitions of a workload', () => {
  test('any → method set to none → off, and the other workload goes on', () => {
    const { act, incoming, overall } = statusOf({ ...aMailbox({ methods: { act: 'sync', incoming: 'none' } }), wanted: both }, noon);
    expect([act.state, incoming.state, overall.state]).toEqual(['healthy', 'off', 'healthy']);
  });

  test('off → method set to sync → it waits for approval like any other', () => {
    expect(stateOf(imported({ methods: { act: 'none', incoming: 'none' } }))).toBe('off');
    expect(stateOf(imported())).toBe('not-approved');
  });

  test('what the integration does not want is off in every mailbox', () => {
    const { act, incoming } = statusOf({ ...aMailbox(), wanted: { act: true, incoming: false } }, noon);
    expect([act.state, incoming.state]).toEqual(['healthy', 'off']);
  });

  test('not approved → approve → not tested, with who and when', () => {
    const approved = decided(imported(), 'approve', admin);
    expect(approved).toMatchObject({ status: 'off', approval: { state: 'approved', ...admin } });
    expect(stateOf(approved)).toBe('not-tested');
  });

  test('approving again changes nothing, not even who it was', () => {
    const once = decided(imported(), 'approve', admin);
    expect(decided(once, 'approve', { by: 'another', at: noon + 1 })).toBe(once);
  });

  test('not approved → reject → rejected', () => {
    expect(stateOf(decided(imported(), 'reject', admin))).toBe('rejected');
  });

  test('not tested → test & enable asked for → testing', () => {
    expect(stateOf(decided(imported({ tested: asked }), 'approve', admin))).toBe('testing');
  });

  test('testing → the test passes → loading → in step', () => {
    const passed = { ...asked, endedAt: noon };
    expect(stateOf(aMailbox({ status: 'loading', tested: passed }))).toBe('loading');
    expect(stateOf(aMailbox({ tested: passed }))).toBe('healthy');
  });

  test('testing → the test fails → action needed, with its cause; nothing is switched on', () => {
    const failed = decided(imported({ tested: { ...asked, endedAt: noon + 5, failed: forbidden } }), 'approve', admin);
    expect(statusOf({ ...failed, wanted: both }, noon + 6).overall).toEqual({
      state: 'action-needed',
      cause: { ...forbidden, since: noon + 5 },
    });
    expect(failed.status).toBe('off');
  });

  test('action needed → tested again → testing', () => {
    expect(stateOf(aMailbox({ status: 'off', tested: { ...asked, id: 't2' } }))).toBe('testing');
  });

  test('testing → no end for an hour → action needed: test again', () => {
    expect(stateOf(aMailbox({ status: 'off', tested: asked }), noon + lostTestMs - 1)).toBe('testing');
    expect(stateOf(aMailbox({ status: 'off', tested: asked }), noon + lostTestMs)).toBe('action-needed');
  });

  test('in step → cycle ok → in step', () => {
    expect(stateOf(aMailbox({ lastCycleAt: noon }))).toBe('healthy');
  });

  test.each(['throttled', 'unavailable', 'timeout', 'unexpected-reply'])('in step → %s → delayed', (code) => {
    expect(stateOf(aMailbox({ health: aFailure(code) }))).toBe('delayed');
  });

  test('delayed → the tenth passing failure, and the thousandth → still delayed, never off', () => {
    for (const failures of [9, 10, 1_000]) {
      const mailbox = aMailbox({ health: aFailure('unavailable', { failures, since: noon - 30 * 86_400_000 }) });
      expect([stateOf(mailbox), mailbox.status]).toEqual(['delayed', 'on']);
    }
  });

  test('delayed → cycle ok → in step', () => {
    expect(stateOf({ ...aMailbox({ health: aFailure('timeout') }), health: null })).toBe('healthy');
  });

  test.each(['unauthorized', 'forbidden', 'mailbox-missing', 'settings', 'not-found'])(
    'in step → %s → action needed, and still on',
    (code) => {
      const mailbox = aMailbox({ health: aFailure(code) });
      expect([stateOf(mailbox), mailbox.status]).toEqual(['action-needed', 'on']);
    },
  );

  test('action needed → cycle ok → in step, without another test', () => {
    expect(stateOf({ ...aMailbox({ health: aFailure('forbidden') }), health: null })).toBe('healthy');
  });

  test('a failure of mail alone leaves appointments, contacts and tasks in step', () => {
    const { act, incoming, overall } = statusOf(
      { ...aMailbox({ health: aFailure('forbidden', { about: 'incoming' }) }), wanted: both },
      noon,
    );
    expect([act.state, incoming.state, overall.state]).toEqual(['healthy', 'action-needed', 'action-needed']);
  });

  test('in step → approval withdrawn → rejected, and off', () => {
    const mailbox = decided(aMailbox({ nextRetryAt: noon }), 'reject', admin);
    expect(stateOf(mailbox)).toBe('rejected');
    expect(mailbox).toMatchObject({ status: 'off', nextRetryAt: null, health: null });
  });

  test('in step → address changed → not approved, off, and what was tested counts no more', () => {
    const mailbox = renamed(aMailbox({ tested: { ...asked, endedAt: noon } }), { ...person, email: 'new@contoso.example' }, noon);
    expect(stateOf(mailbox)).toBe('not-approved');
    expect(mailbox).toMatchObject({ status: 'off', tested: null, email: 'new@contoso.example', approval: { state: 'pending', at: noon } });
  });

  test('address changed before anybody approved → it only has the new address', () => {
    const mailbox = renamed(imported(), { ...person, email: 'new@contoso.example' }, noon);
    expect(mailbox).toMatchObject({ approval: { state: 'empty' }, email: 'new@contoso.example' });
  });

  test('another name alone is not another mailbox; nothing new is nothing at all', () => {
    expect(stateOf(renamed(aMailbox(), { ...person, name: 'Anna Bauer' }, noon))).toBe('healthy');
    const same = aMailbox();
    expect(renamed(same, person, noon)).toBe(same);
  });

  test('rejected → approve → not tested', () => {
    expect(stateOf(decided(decided(aMailbox(), 'reject', admin), 'approve', admin))).toBe('not-tested');
  });

  test('in step → pause → paused, whatever failed before', () => {
    expect(stateOf(aMailbox({ status: 'paused', health: aFailure('forbidden') }))).toBe('paused');
  });
});
