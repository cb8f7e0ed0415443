import { IANAZone } from 'luxon';
import { WINDOWS_TO_IANA_MAP } from 'windows-iana';
import { ianaZone } from '../../../shared/model/zone';

test.each([
  ['W. Europe Standard Time', 'Europe/Berlin'],
  ['Eastern Standard Time', 'America/New_York'],
  ['Tokyo Standard Time', 'Asia/Tokyo'],
  ['Europe/Kyiv', 'Europe/Kyiv'],
  ['America/Indiana/Indianapolis', 'America/Indiana/Indianapolis'],
  ['tzone://Microsoft/Utc', 'UTC'],
  ['UTC', 'UTC'],
  ['Kamchatka Standard Time', 'Asia/Kamchatka'],
])('%s is %s', (given, expected) => {
  expect(ianaZone(given)).toBe(expected);
});

test.each(['Customized Time Zone', '', 'Middle Earth Standard Time'])('a zone that nobody knows (%p) is UTC', (given) => {
  expect(ianaZone(given)).toBe('UTC');
});

test('every Windows zone becomes a zone that this machine knows', () => {
  for (const { windowsName } of WINDOWS_TO_IANA_MAP) {
    expect(IANAZone.isValidZone(ianaZone(windowsName))).toBe(true);
  }
});
