import { TandemError } from '../../../shared/platform/errors';
import { createLog } from '../../../shared/platform/telemetry';

function lines(): { readonly log: ReturnType<typeof createLog>; readonly written: string[] } {
  const written: string[] = [];
  const write = (line: string) => void written.push(line);
  return { log: createLog({ info: write, warn: write, error: write }), written };
}

const canary = 'canary Anna Berger +49 170 1234567';

describe('the log', () => {
  test('an event is one line of JSON with its ids', () => {
    const { log, written } = lines();
    log.info('cycle.done', { mailbox: 'm1', actions: 3 });
    expect(written.map((line) => JSON.parse(line))).toEqual([{ event: 'cycle.done', mailbox: 'm1', actions: 3 }]);
  });

  test('an error tells its code and cure, and nothing that its cause holds', () => {
    const { log, written } = lines();
    const cause = Object.assign(new Error(canary), { request: { body: canary }, cause: new Error(canary) });
    log.error('cycle.failed', new TandemError('forbidden', { retry: 'never', fix: 'Ask.', detail: '0x80072560', status: 403, cause }));
    expect(written[0]).not.toContain('canary');
    expect(JSON.parse(written[0] ?? '')).toMatchObject({
      code: 'forbidden',
      detail: '0x80072560',
      status: 403,
      fix: 'Ask.',
      cause: 'Error',
    });
  });

  test.each<[string, unknown]>([
    ['an error that nobody foresaw', Object.assign(new TypeError(`${canary}\nsecond line of ${canary}`), { value: canary })],
    ['a thrown text', canary],
    ['a thrown object', { message: canary }],
    ['several errors at once', new AggregateError([new Error(canary)], canary)],
  ])('%s gives its name and its place, not its message', (_, error) => {
    const { log, written } = lines();
    log.error('cycle.failed', error);
    expect(written[0]).not.toContain('canary');
  });

  test.each([
    'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln',
    'Bearer abc.def-ghi',
    'Endpoint=sb://x;SharedAccessKeyName=k;SharedAccessKey=abc=;',
    'https://x.example/?sig=abc%3D&se=1',
  ])('what looks like a credential is removed: %s', (text) => {
    const { log, written } = lines();
    log.warn('odd', { text });
    expect(written[0]).toContain('[removed]');
    expect(written[0]).not.toMatch(/abc|c2ln/);
  });
});
