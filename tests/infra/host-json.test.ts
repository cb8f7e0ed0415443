import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './bicep';

const host = JSON.parse(readFileSync(join(projectRoot, 'host.json'), 'utf8'));

test('an instance serves 32 mailboxes at once, lets an idle one go after a second, and holds a busy one for as long as a cycle can take', () => {
  expect(host.extensions.serviceBus).toEqual({
    maxConcurrentSessions: 32,
    sessionIdleTimeout: '00:00:01',
    maxAutoLockRenewalDuration: '01:00:00',
    autoCompleteMessages: true,
  });
});

test('a function may run for ten minutes', () => {
  expect(host.functionTimeout).toBe('00:10:00');
});

test('routes have no prefix, because clients have registered their callbacks', () => {
  expect(host.extensions.http.routePrefix).toBe('');
});

test('requests and exceptions are all in the log, for alerts count them', () => {
  expect(host.logging.applicationInsights.samplingSettings.excludedTypes.split(';')).toEqual(
    expect.arrayContaining(['Request', 'Exception']),
  );
});
