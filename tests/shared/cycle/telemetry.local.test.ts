import { metricTable } from '../../../shared/platform/metrics';
import type { Signal } from '../../../shared/platform/signals';
import { invocation, spanned } from '../../../shared/platform/tracing';
import { reasons } from '../../../shared/sync/reasons';
import { type InMemoryTelemetry, startInMemoryTelemetry } from '../platform/in-memory-telemetry';
import { Desk } from './desk';
import { anna, World } from './world';

const canary = 'Canary Quarterly Numbers';
const guest = 'canary.guest@fabrikam.example';

const known: ReadonlySet<string> = new Set<Signal>([
  'tandem.integration',
  'tandem.mailbox',
  'tandem.reason',
  'tandem.end',
  'tandem.service',
  'tandem.status',
  'tandem.route',
  'tandem.token',
  'tandem.queue',
  'tandem.messages',
  'tandem.error',
  'http.request.method',
  'http.response.status_code',
  ...Object.keys(reasons).map((reason): Signal => `tandem.actions.${reason}`),
]);

let telemetry: InMemoryTelemetry;
let world: World;

beforeAll(async () => {
  telemetry = startInMemoryTelemetry();
  world = await World.start();
  await world.enable(anna);
  const annas = new Desk(world, anna);
  await invocation('pollAndSync', { host: null, sender: null }, async () => {
    await annas.inStep('contacts', { lastname: canary, emailaddress1: guest });
    const today = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    const meeting = await annas.inStep('appointments', {
      subject: canary,
      scheduledstart: `${today}T09:00:00Z`,
      scheduledend: `${today}T10:00:00Z`,
    });
    await annas.edit('appointments', meeting, { attendees: [{ type: 'required', emailAddress: { address: guest, name: canary } }] });
    await world.settle();
    await world.crm(anna, 'PATCH', `appointments(${meeting})`, { location: canary });
    await world.settle();
  });
  world.faults.add({ service: 'dynamics', kind: 'throttle', retryAfterSeconds: 30, times: 1 });
  await expect(world.poll()).rejects.toMatchObject({ code: 'throttled' });
  world.faults.clear();
  world.faults.add({ service: 'graph', path: '/users/', kind: 'throttle', retryAfterSeconds: 30, times: 1 });
  await world.cycle(anna);
  world.faults.clear();
});

afterAll(async () => {
  await telemetry.end();
  await world.close();
});

test('a slice is a span of the invocation that runs it, with its mailbox and what it did by reason', () => {
  const spans = telemetry.spans();
  const root = spans.find(({ name }) => name === 'pollAndSync');
  const slices = spans.filter(
    ({ name, parentSpanContext }) => name === 'slice' && parentSpanContext?.spanId === root?.spanContext().spanId,
  );
  expect(slices.length).toBeGreaterThan(2);
  for (const { attributes } of slices)
    expect(attributes).toMatchObject({ 'tandem.integration': 'contoso', 'tandem.mailbox': anna.systemUserId });
  const done = slices.flatMap(({ attributes }) => Object.entries(attributes)).filter(([name]) => name.startsWith('tandem.actions.'));
  expect(done.length).toBeGreaterThan(0);
  for (const [, number] of done) expect(number).toBeGreaterThan(0);
});

test('each request is a span of the slice that sent it, by method and route, with its status', () => {
  const spans = telemetry.spans();
  const slices = new Set(spans.filter(({ name }) => name === 'slice').map((span) => span.spanContext().spanId));
  const sent = spans.filter(({ parentSpanContext }) => slices.has(parentSpanContext?.spanId ?? ''));
  const names = new Set(sent.map(({ name }) => name));
  expect([...names]).toEqual(expect.arrayContaining(['POST /v1.0/$batch', 'PATCH /api/data/v9.2/appointments({})']));
  expect(sent.find(({ name }) => name === 'PATCH /api/data/v9.2/appointments({})')?.attributes).toEqual({
    'tandem.service': 'dynamics',
    'tandem.route': '/api/data/v9.2/appointments({})',
    'http.request.method': 'PATCH',
    'http.response.status_code': expect.any(Number),
  });
});

test('what is measured has the names and signals that are promised', async () => {
  const measured = await telemetry.measured();
  for (const { name, attributes } of measured) {
    const metric = Object.entries(metricTable).find(([known]) => known === name)?.[1];
    expect([name, Object.keys(attributes).sort()]).toEqual([name, [...(metric?.by ?? [])].sort()]);
  }
  expect(new Set(measured.map(({ name }) => name))).toEqual(new Set(Object.keys(metricTable)));
});

test('a hold, a throttled reply and the end of a cycle are counted where they happened', async () => {
  const measured = await telemetry.measured();
  const sum = (name: string, attributes: Record<string, unknown>): number =>
    measured.find((each) => each.name === name && JSON.stringify(each.attributes) === JSON.stringify(attributes))?.value ?? 0;
  expect(sum('tandem.holds', { 'tandem.integration': 'contoso', 'tandem.reason': 'would-mail' })).toBe(1);
  expect(sum('tandem.throttled', { 'tandem.service': 'dynamics' })).toBe(1);
  expect(sum('tandem.throttled', { 'tandem.service': 'exchange' })).toBe(1);
  expect(sum('tandem.requests', { 'tandem.service': 'dynamics', 'tandem.status': '4xx' })).toBeGreaterThanOrEqual(1);
  expect(sum('tandem.cycle.ms', { 'tandem.integration': 'contoso', 'tandem.end': 'done' })).toBeGreaterThan(1);
});

test('every signal is on the list, and no text is anything but an id or a fixed word', () => {
  for (const { name, attributes } of telemetry.spans()) {
    expect([name, Object.keys(attributes).filter((key) => !known.has(key))]).toEqual([name, []]);
    expect(name).toMatch(/^(?:pollAndSync|slice|token|send|(?:GET|POST|PATCH|PUT|DELETE) \/[\w$./(){}]*)$/);
  }
});

test('nothing that people wrote, no address and no token is told', async () => {
  const text = await telemetry.text();
  for (const secret of ['Canary', 'canary', '@', 'fabrikam', 'eyJ', 'Bearer', anna.email, anna.lastName, anna.objectId]) {
    expect([secret, text.includes(secret)]).toEqual([secret, false]);
  }
});

test('an error tells its code, and neither its message nor its stack', async () => {
  const failing = spanned('slice', 'step', { 'tandem.mailbox': guest }, async () => {
    throw new TypeError(`${canary} is no subject`);
  });
  await expect(failing).rejects.toThrow();
  expect(telemetry.spans().at(-1)).toMatchObject({
    status: { code: 2 },
    events: [],
    attributes: { 'tandem.mailbox': '[removed]', 'tandem.error': 'unexpected' },
  });
});
