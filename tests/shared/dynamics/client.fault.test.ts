import type { SeenRecord } from '../../../shared/model/seen';
import { asAnna, type Organization, startOrganization } from './organization';

let organization: Organization;
let record: SeenRecord;

beforeAll(async () => {
  organization = await startOrganization();
});

beforeEach(async () => {
  organization.faults.clear();
  const id = await organization.create('tasks', { subject: 'before' });
  const [read] = await organization.client().readRecords('task', [id], asAnna, 'UTC');
  if (read === undefined) throw new Error('The task was not found.');
  record = read;
});

afterAll(() => organization.close());

function rename(timeoutMs = 5_000) {
  const change = { entity: 'task', id: record.id, version: record.version, changes: { subject: 'after' }, current: record.values } as const;
  return organization.client({ timeoutMs }).updateRecord(change, asAnna, 'UTC');
}

const subject = async () => (await organization.get(`tasks(${record.id})?$select=subject`)).subject;

test('a 429 is told with its wait and is not tried again', async () => {
  organization.faults.add({ service: 'dynamics', kind: 'throttle', retryAfterSeconds: 42 });
  organization.counters.reset();
  await expect(organization.client().readFeed('task', null)).rejects.toMatchObject({
    code: 'throttled',
    retry: 'later',
    retryAfterMs: 42_000,
    detail: expect.stringContaining('0x80072322'),
  });
  expect(await rename()).toMatchObject({ ok: false, error: { code: 'throttled', retryAfterMs: 42_000 } });
  organization.faults.clear();
  const requests = Object.values(organization.counters.snapshot().endpoints.dynamics ?? {}).map((count) => count.requests);
  expect(requests).toEqual([1, 1]);
});

test('an outage is unavailable, with a wait where the service gives one', async () => {
  organization.faults.add({ service: 'dynamics', kind: 'error', status: 503, retryAfterSeconds: 7, times: 1 });
  await expect(organization.client().readRecords('task', [record.id], asAnna, 'UTC')).rejects.toMatchObject({
    code: 'unavailable',
    retry: 'later',
    retryAfterMs: 7_000,
  });
  organization.faults.add({ service: 'dynamics', kind: 'error', status: 500 });
  expect(await rename()).toMatchObject({ ok: false, error: { code: 'unavailable' } });
});

test('an outage proves no deletion', async () => {
  organization.faults.add({ service: 'dynamics', kind: 'error', status: 404 });
  await expect(organization.client().existence('task', record.id, 'UTC')).rejects.toMatchObject({ code: 'unexpected-reply' });
});

test('a service that does not answer is a time-out within its bound', async () => {
  organization.faults.add({ service: 'dynamics', kind: 'timeout' });
  expect(await rename(100)).toMatchObject({ ok: false, error: { code: 'timeout', retry: 'later' } });
});

test('a write that is cut before it was done changed nothing', async () => {
  organization.faults.add({ service: 'dynamics', method: 'PATCH', kind: 'cutBefore' });
  expect(await rename()).toMatchObject({ ok: false, error: { code: 'unavailable', retry: 'later' } });
  organization.faults.clear();
  expect(await subject()).toBe('before');
});

test('a write that is cut after it was done is in doubt, and its second try is stale', async () => {
  organization.faults.add({ service: 'dynamics', method: 'PATCH', kind: 'cutAfter', times: 1 });
  expect(await rename()).toMatchObject({ ok: false, error: { code: 'unavailable', retry: 'later' } });
  expect(await subject()).toBe('after');
  expect(await rename()).toMatchObject({ ok: false, error: { code: 'stale' } });
});

test('a deletion that is cut after it was done succeeds when it is tried again', async () => {
  organization.faults.add({ service: 'dynamics', method: 'DELETE', kind: 'cutAfter', times: 1 });
  const remove = () => organization.client().deleteRecord('task', record.id, record.version, asAnna);
  expect(await remove()).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  expect(await remove()).toEqual({ ok: true, value: undefined });
});

test('a delta link that the service has forgotten is an expired cursor', async () => {
  const dynamics = organization.client();
  const { next } = await dynamics.readFeed('task', null);
  organization.faults.add({ service: 'dynamics', path: 'deltatoken', kind: 'expireCursor', times: 1 });
  await expect(dynamics.readFeed('task', next)).rejects.toMatchObject({ code: 'cursor-expired' });
});
