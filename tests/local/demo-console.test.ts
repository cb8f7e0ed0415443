import { liveLine } from '../../local/demo/live-lines';
import { readOptions, usage } from '../../local/demo/options';
import { statusTable } from '../../local/demo/screen';
import { StackProblem } from '../../local/stack/problem';

describe('The command line of npm start', () => {
  test('needs nothing', () => {
    expect(readOptions([])).toEqual({ port: undefined, dataDirectory: undefined, traceFile: undefined, isEmpty: false, isQuiet: false });
  });

  test('takes every option', () => {
    const args = ['--port', '7171', '--data', 'state', '--trace', 'trace.jsonl', '--empty', '--quiet'];
    expect(readOptions(args)).toEqual({ port: 7171, dataDirectory: 'state', traceFile: 'trace.jsonl', isEmpty: true, isQuiet: true });
  });

  test('shows what there is when it is asked for help', () => {
    expect(readOptions(['--help'])).toBeNull();
  });

  test.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--port'], '--port'],
    [['now'], "Unexpected argument 'now'"],
  ])('says what is wrong with %j, and what there is', (args, reason) => {
    expect(() => readOptions(args)).toThrow(StackProblem);
    expect(() => readOptions(args)).toThrow(reason);
    expect(() => readOptions(args)).toThrow(usage);
  });

  test.each(['0', '65536', '7071x', '-1', ''])('takes %j for no port', (text) => {
    expect(() => readOptions([`--port=${text}`])).toThrow('Write a number from 1 to 65535.');
  });
});

describe('A line that the Functions host prints', () => {
  const anna = '5a5e0e00-0000-4000-8000-000000000001';

  test('is shown in the words of people when a mailbox was synced', () => {
    const line = `15:42:58.123 syncMailbox: {"event":"slice","mailbox":"${anna}","new-record":11,"item-edited":1}`;
    expect(liveLine(line)).toBe('15:42:58  Anna: 11 × new-record, 1 × item-edited');
  });

  test('is shown when something went wrong', () => {
    expect(liveLine('15:42:58.123 error functions: pollSource failed: out of luck')).toBe(
      '15:42:58  error: functions: pollSource failed: out of luck',
    );
    expect(liveLine('15:42:58.123 warning syncMailbox: {"event":"cycle-failed","code":"throttled","detail":""}')).toBe(
      '15:42:58  warning: cycle-failed, code throttled',
    );
    expect(liveLine('error The functions host ended by itself (1).')).toContain('ended by itself');
  });

  test.each([
    '15:42:58.123 functions: pollDynamics (timer */2 * * * * *)',
    '15:42:58.123 enableMailbox: {"event":"mailbox-enabled"}',
    'Something without a time',
    '',
  ])('is not shown when it says nothing new: %j', (line) => {
    expect(liveLine(line)).toBeNull();
  });
});

test('The status table has a row for each part, in columns', () => {
  const table = statusTable([
    { name: 'identity', url: 'http://127.0.0.1:7073', standsFor: 'Microsoft Entra ID' },
    { name: 'graph', url: 'http://127.0.0.1:70755', standsFor: 'Microsoft Graph' },
  ]);
  expect(table.split('\n')).toEqual([
    'part      address                 stands in for',
    'identity  http://127.0.0.1:7073   Microsoft Entra ID',
    'graph     http://127.0.0.1:70755  Microsoft Graph',
  ]);
});
