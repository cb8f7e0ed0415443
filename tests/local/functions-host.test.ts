import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHostJson } from '../../local/functions-host/host-json';
import { createLogger, formatLogLine, type HostLogLine } from '../../local/functions-host/logging';
import { describeError } from '../../local/functions-host/problem';
import { isFrequent, parseSchedule } from '../../local/functions-host/schedule';
import { connectionString, expandSettings, hasFeatureFlag, withSettingsFile } from '../../local/functions-host/settings';
import { timeSpanToMs } from '../../local/functions-host/timespan';

const inFolder = <T>(files: Record<string, unknown>, use: (folder: string) => T): T => {
  const folder = mkdtempSync(join(tmpdir(), 'functions-host-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe('a schedule', () => {
  const next = (text: string, after: string): string | undefined => parseSchedule(text).next(new Date(after))?.toISOString();

  test.each([
    ['0/5 * * * * *', '2026-11-22T10:00:01Z', '2026-11-22T10:00:05.000Z'],
    ['0 */10 * * * *', '2026-11-22T10:00:00Z', '2026-11-22T10:10:00.000Z'],
    ['0 5/15 * * * *', '2026-11-22T10:06:00Z', '2026-11-22T10:20:00.000Z'],
    ['*/10 * * * *', '2026-11-22T10:01:00Z', '2026-11-22T10:10:00.000Z'],
    ['0 30 9 * Jan Mon', '2026-11-22T10:00:00Z', '2027-01-04T09:30:00.000Z'],
    ['0 0 4 1 * Mon', '2026-11-22T10:00:00Z', '2027-02-01T04:00:00.000Z'],
    ['00:00:05', '2026-11-22T10:00:01Z', '2026-11-22T10:00:06.000Z'],
  ])('%s comes next at the right time, in UTC', (text, after, expected) => {
    expect(next(text, after)).toBe(expected);
  });

  test.each(['', 'soon', '* * *', '61 * * * * *', '0 0 0 L * *%', '00:00:00'])('%s is refused', (text) => {
    expect(() => parseSchedule(text)).toThrow('was not recognized');
  });

  test('is frequent below a minute', () => {
    const now = new Date('2026-11-22T10:00:00Z');
    expect(isFrequent(parseSchedule('0/5 * * * * *'), now)).toBe(true);
    expect(isFrequent(parseSchedule('0 * * * * *'), now)).toBe(false);
    expect(isFrequent(parseSchedule('00:00:30'), now)).toBe(true);
  });
});

test.each([
  ['00:00:05', 5_000],
  ['01:30', 5_400_000],
  ['1.00:00:00', 86_400_000],
  ['00:00:00.5', 500],
  ['24:00:00', undefined],
  ['0 * * * * *', undefined],
])('the time span %s is %p ms', (text, ms) => {
  expect(timeSpanToMs(text)).toBe(ms);
});

describe('host.json', () => {
  test('has the defaults of the host where it says nothing', () => {
    const hostJson = inFolder({}, readHostJson);
    expect(hostJson.extensions.http.routePrefix).toBe('api');
    expect(hostJson.functionTimeout).toBe(1_800_000);
    expect(hostJson.extensions.serviceBus).toEqual({
      autoCompleteMessages: true,
      maxAutoLockRenewalDuration: 300_000,
      maxConcurrentCalls: 16,
      maxConcurrentSessions: 8,
      sessionIdleTimeout: 60_000,
    });
  });

  test('may switch the time-out off', () => {
    expect(inFolder({ 'host.json': { functionTimeout: '-1' } }, readHostJson).functionTimeout).toBeUndefined();
  });

  test('is refused where a name or a time span is wrong', () => {
    const serviceBus = { maxConcurrentSession: 3 };
    expect(() => inFolder({ 'host.json': { extensions: { serviceBus } } }, readHostJson)).toThrow('maxConcurrentSession');
    expect(() => inFolder({ 'host.json': { functionTimeout: 'long' } }, readHostJson)).toThrow('not a time span');
  });
});

describe('settings', () => {
  test('of the environment win over those of the file', () => {
    const file = { IsEncrypted: false, Values: { A: 'file', B: 'file' } };
    const read = inFolder({ 's.json': file }, (folder) => withSettingsFile(join(folder, 's.json'), { A: 'environment' }));
    expect(read).toEqual({ A: 'environment', B: 'file' });
  });

  test('in an encrypted file are refused', () => {
    expect(() => inFolder({ 's.json': { IsEncrypted: true } }, (folder) => withSettingsFile(join(folder, 's.json'), {}))).toThrow(
      'encrypted',
    );
  });

  test('are put in for their %NAME%, and one that is missing is named', () => {
    expect(expandSettings('%A%-x-%B%', { A: '1', B: '2' })).toBe('1-x-2');
    expect(() => expandSettings('%A%', {})).toThrow("'%A%' does not resolve to a value.");
  });

  test('hold a connection under its name, or under AzureWebJobs and its name, which comes first', () => {
    expect(connectionString('ServiceBus', { ServiceBus: 'plain' })).toBe('plain');
    expect(connectionString('ServiceBus', { ServiceBus: 'plain', AzureWebJobsServiceBus: 'prefixed' })).toBe('prefixed');
    expect(() => connectionString('ServiceBus', {})).toThrow("The connection string 'ServiceBus' is missing");
    expect(() => connectionString('ServiceBus', { ServiceBus__fullyQualifiedNamespace: 'x' })).toThrow('identity-based');
  });

  test('carry feature flags as a list', () => {
    expect(hasFeatureFlag('B', { AzureWebJobsFeatureFlags: 'a, b' })).toBe(true);
    expect(hasFeatureFlag('B', { AzureWebJobsFeatureFlags: 'bb' })).toBe(false);
  });
});

describe('the log', () => {
  const levelsOf = (rules: Parameters<typeof createLogger>[0], category: string): string[] => {
    const lines: HostLogLine[] = [];
    const log = createLogger(rules, (line) => lines.push(line));
    for (const level of ['trace', 'debug', 'information', 'warning', 'error', 'critical'] as const) log(level, category, level);
    return lines.map(({ message }) => message);
  };

  test('lets through Information and above where nothing is said', () => {
    expect(levelsOf({}, 'Function.x.User')).toEqual(['information', 'warning', 'error', 'critical']);
  });

  test('goes by the longest category that fits', () => {
    const rules = { default: 'Warning', Function: 'Error', 'Function.x': 'Critical' } as const;
    expect(levelsOf(rules, 'Host.Startup')).toEqual(['warning', 'error', 'critical']);
    expect(levelsOf(rules, 'Function.y.User')).toEqual(['error', 'critical']);
    expect(levelsOf(rules, 'Function.x.User')).toEqual(['critical']);
    expect(levelsOf(rules, 'Function.xy')).toEqual(['error', 'critical']);
  });

  test('names the function before its own words', () => {
    const at = new Date('2026-11-22T10:00:00.123Z');
    expect(formatLogLine({ at, level: 'warning', category: 'Function.x.User', message: 'hm' })).toBe('10:00:00.123 warning x: hm');
    expect(formatLogLine({ at, level: 'information', category: 'Host.Startup', message: 'hm' })).toBe('10:00:00.123 hm');
  });
});

test('an error is told with its code, on one line', () => {
  expect(describeError(Object.assign(new Error('it\n  broke'), { code: 'too-bad' }))).toBe('too-bad: it broke');
  expect(describeError(new TypeError('no'))).toBe('TypeError: no');
  expect(describeError('plain')).toBe('plain');
});
