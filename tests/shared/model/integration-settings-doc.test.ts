import { integrationSettingNames, integrationSettingsPage } from '../../../shared/model/integration-settings-doc';
import { counterparts, withoutCounterpart } from '../../../shared/model/orgdb-settings';

const rows = integrationSettingsPage()
  .split('\n')
  .filter((line) => line.startsWith('| `'));

test('every setting has a row that says what it means', () => {
  const names = integrationSettingNames();
  expect(names).toEqual(expect.arrayContaining(['attendeeMail', 'entities.phonecall', 'brake.mailboxNumber', 'conflict.task']));
  for (const name of names) {
    const [row = '', ...more] = rows.filter((line) => line.startsWith(`| \`${name}\` |`));
    expect([name, more]).toEqual([name, []]);
    expect(row.split(' | ')[3]).toMatch(/\w.*\.$/);
  }
});

test('what stands for a setting of the organization is a setting, and none is said to be both here and not', () => {
  for (const { setting } of Object.values(counterparts)) expect(integrationSettingNames()).toContain(setting);
  expect(Object.keys(counterparts).filter((name) => name in withoutCounterpart)).toEqual([]);
});
