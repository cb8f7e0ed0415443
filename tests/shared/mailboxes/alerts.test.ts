import { type AlertEvidence, alertsOf } from '../../../shared/mailboxes/alerts';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import { IntegrationSettings } from '../../../shared/model/integration-settings';
import type { StoredMailbox } from '../../../shared/storage/mailboxes';
import { aFailure, aMailbox, imported, noon } from './mailboxes';

const day = 86_400_000;
const minute = 60_000;
const integration = {
  id: 'contoso',
  name: 'Contoso',
  baseUrl: 'https://contoso.crm4.dynamics.com',
  settings: IntegrationSettings.parse({}),
  connection: IntegrationConnection.parse({}),
};

function alerts(mailboxes: readonly StoredMailbox[], more: Partial<AlertEvidence> = {}, now = noon) {
  return alertsOf({ integration, mailboxes, signIn: null, secrets: [], ...more }, now);
}

/** So many mailboxes, of which the first ones fail. */
function crowd(
  count: number,
  failing: number,
  code = 'unavailable',
  sinceOf = (index: number) => noon - minute - index * 1_000,
): StoredMailbox[] {
  return Array.from({ length: count }, (_, index) =>
    aMailbox({ id: `m${String(index).padStart(3, '0')}`, health: index < failing ? aFailure(code, { since: sinceOf(index) }) : null }),
  );
}

test('where everything is in step there is nothing to tell', () => {
  expect(alerts(crowd(20, 0))).toEqual([]);
});

test('a mailbox that needs somebody is told with its cause and its cure; cured, it is gone', () => {
  const mailbox = aMailbox({ health: aFailure('forbidden') });
  expect(alerts([mailbox])).toMatchObject([
    { kind: 'action-needed', level: 'error', mailbox: mailbox.id, code: 'forbidden', fix: 'what helps', since: noon - minute },
  ]);
  expect(alerts([{ ...mailbox, health: null }])).toEqual([]);
});

test('the same trouble is the same alert, however often it fails', () => {
  const [first] = alerts([aMailbox({ health: aFailure('forbidden', { failures: 1 }) })]);
  const [later] = alerts([aMailbox({ health: aFailure('forbidden', { failures: 50 }) })], {}, noon + day);
  expect(later?.id).toBe(first?.id);
});

test('a passing failure is told of after a quarter of an hour, as a warning', () => {
  const of = (since: number) => alerts([aMailbox({ health: aFailure('throttled', { since }) })]);
  expect(of(noon - 15 * minute + 1)).toEqual([]);
  expect(of(noon - 15 * minute)).toMatchObject([{ kind: 'delayed', level: 'warning', code: 'throttled' }]);
});

test('a test that failed and an approval that was withdrawn are told of', () => {
  const failed = imported({
    id: 'a',
    approval: { state: 'approved', by: 'x', at: noon },
    tested: { id: 't', askedAt: noon, endedAt: noon, failed: { code: 'forbidden', detail: 'calendar: x', fix: 'Grant it.' } },
  });
  const moved = imported({ id: 'b', approval: { state: 'pending', by: 'x', at: noon } });
  expect(alerts([failed, moved, imported({ id: 'c' })]).map(({ kind, mailbox }) => [kind, mailbox])).toEqual([
    ['action-needed', 'a'],
    ['approval-withdrawn', 'b'],
  ]);
});

test('what is held is told of by reason, with how much it is', () => {
  const held = { brake: { count: 3, since: noon - day }, frozen: { count: 1, since: noon }, 'would-mail': { count: 2, since: noon } };
  expect(alerts([aMailbox({ held })]).map(({ kind, level, count }) => [kind, level, count])).toEqual([
    ['brake', 'warning', 3],
    ['frozen', 'warning', 1],
    ['would-mail', 'information', 2],
  ]);
});

describe('an outage', () => {
  test('of five mailboxes and a fifth of all is one alert, and none of theirs', () => {
    const found = alerts(crowd(25, 5), {}, noon + 60 * minute);
    expect(found).toMatchObject([{ kind: 'outage', level: 'warning', mailbox: null, code: 'unavailable', count: 5 }]);
  });

  test('is none below five mailboxes, or below a fifth', () => {
    expect(alerts(crowd(4, 4), {}, noon + 60 * minute).map(({ kind }) => kind)).toEqual(Array(4).fill('delayed'));
    expect(alerts(crowd(26, 5), {}, noon + 60 * minute).map(({ kind }) => kind)).toEqual(Array(5).fill('delayed'));
  });

  test('is none where they began to fail one after the other over hours', () => {
    const found = alerts(
      crowd(10, 5, 'unavailable', (index) => noon - index * 60 * minute),
      {},
      noon + 60 * minute,
    );
    expect(found.map(({ kind }) => kind)).toEqual(Array(5).fill('delayed'));
  });

  test('takes in what fails with it later, and leaves out who failed for the same reason long before', () => {
    const early = aMailbox({ id: 'early', health: aFailure('unavailable', { since: noon - day }) });
    const late = aMailbox({ id: 'late', health: aFailure('unavailable', { since: noon + 50 * minute }) });
    const found = alerts([...crowd(10, 6), early, late], {}, noon + 70 * minute);
    expect(found.map(({ kind, mailbox, count }) => [kind, mailbox, count])).toEqual([
      ['outage', null, 7],
      ['delayed', 'early', 1],
    ]);
  });

  test('that needs somebody is an error; another trouble in one mailbox is told beside it', () => {
    const other = aMailbox({ id: 'other', health: aFailure('mailbox-missing') });
    expect(alerts([...crowd(10, 6, 'forbidden'), other]).map(({ kind, level }) => [kind, level])).toEqual([
      ['outage', 'error'],
      ['action-needed', 'error'],
    ]);
  });

  test('counts no mailbox that does not take part', () => {
    const paused = crowd(10, 6).map((mailbox): StoredMailbox => ({ ...mailbox, status: 'paused' }));
    expect(alerts(paused)).toEqual([]);
  });
});

test('an integration that nobody is signed in to is told once, and not for each of its mailboxes', () => {
  const signIn = { detail: 'invalid_grant', fix: 'Sign in again.', since: noon };
  expect(alerts([aMailbox({ health: aFailure('sign-in-needed') })], { signIn })).toMatchObject([
    { kind: 'sign-in-again', level: 'error', mailbox: null, fix: 'Sign in again.' },
  ]);
});

test.each([
  [31, []],
  [30, ['information']],
  [7, ['warning']],
  [1, ['error']],
  [-2, ['error']],
])('a secret that ends in %p days is told as %j', (days, levels) => {
  expect(alerts([], { secrets: [{ use: 'service', expiresAt: noon + days * day }] }).map(({ level }) => level)).toEqual(levels);
});
