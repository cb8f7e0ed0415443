import { DateTime } from 'luxon';
import { WINDOWS_TO_IANA_MAP } from 'windows-iana';
import { ianaZone, windowsZone } from '../../../shared/model/zone';

/** Zones of which Microsoft's synchronization is known to fail for some, and others whose rules changed, whose offset is odd or whose seasons are turned round. */
const awkward = [
  'Europe/Istanbul',
  'Europe/Moscow',
  'Africa/Cairo',
  'Asia/Baghdad',
  'Pacific/Norfolk',
  'Europe/Minsk',
  'Europe/Samara',
  'Europe/Volgograd',
  'Europe/Saratov',
  'Europe/Astrakhan',
  'Europe/Kaliningrad',
  'Europe/Chisinau',
  'Europe/Kyiv',
  'Asia/Tehran',
  'Asia/Amman',
  'Asia/Damascus',
  'Asia/Beirut',
  'Asia/Hebron',
  'Asia/Kabul',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Yangon',
  'Asia/Pyongyang',
  'Asia/Almaty',
  'Asia/Qyzylorda',
  'Asia/Chita',
  'Asia/Magadan',
  'Asia/Sakhalin',
  'Asia/Hovd',
  'Africa/Casablanca',
  'Africa/Khartoum',
  'Africa/Juba',
  'Africa/Sao_Tome',
  'Africa/Tripoli',
  'America/Caracas',
  'America/Sao_Paulo',
  'America/Asuncion',
  'America/Havana',
  'America/St_Johns',
  'America/Punta_Arenas',
  'Australia/Lord_Howe',
  'Australia/Eucla',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'Pacific/Tongatapu',
];

test.each(awkward)('%s has a Windows name, and comes back as a zone with the same clock', (zone) => {
  const name = windowsZone(zone);
  expect(WINDOWS_TO_IANA_MAP.map(({ windowsName }) => String(windowsName))).toContain(name);
  const back = ianaZone(name);
  for (const month of [1, 4, 7, 10]) {
    const at = DateTime.utc(2026, month, 15, 12);
    expect([zone, at.setZone(back).offset]).toEqual([zone, at.setZone(zone).offset]);
  }
});

test('every Windows zone that has an IANA zone is told by its own name again', () => {
  const unequal = WINDOWS_TO_IANA_MAP.map(({ windowsName }) => String(windowsName)).filter((name) => {
    const zone = ianaZone(name);
    return zone !== 'UTC' && windowsZone(zone) !== name;
  });
  expect(unequal).toEqual([]);
});

test('a zone that Windows does not know keeps its name', () => {
  expect([windowsZone('UTC'), windowsZone('Antarctica/Troll')]).toEqual(['UTC', 'Antarctica/Troll']);
});
