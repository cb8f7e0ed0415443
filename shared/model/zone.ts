import { IANAZone } from 'luxon';
import { findIana, findWindows } from 'windows-iana';

/** Names that Dynamics and Exchange use and the CLDR table lacks: obsolete Windows zones, and what Exchange writes for UTC. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['utc', 'UTC'],
  ['tzone://microsoft/utc', 'UTC'],
  ['coordinated universal time', 'UTC'],
  ['kamchatka standard time', 'Asia/Kamchatka'],
  ['mid-atlantic standard time', 'Atlantic/South_Georgia'],
]);

/** Zones that were renamed, by the name that the CLDR table knows. */
const formerNames: ReadonlyMap<string, string> = new Map([
  ['Europe/Kyiv', 'Europe/Kiev'],
  ['America/Ciudad_Juarez', 'America/Ojinaga'],
  ['Pacific/Kanton', 'Pacific/Enderbury'],
]);

/** Zones by the names that were looked up: each question to the platform makes a date format, which costs more than all that a row takes otherwise. */
const lookedUp = new Map<string, string | null>();
const mostRemembered = 1_000;

/**
 * The IANA name of a time zone that was given by its Windows or its IANA name. Total: a name that nobody knows, such as Outlook's
 * `Customized Time Zone`, is UTC.
 */
export function ianaZone(windowsOrIana: string): string {
  return knownZone(windowsOrIana) ?? 'UTC';
}

/** The same; null for a name that nobody knows. */
export function knownZone(windowsOrIana: string): string | null {
  const known = lookedUp.get(windowsOrIana);
  if (known !== undefined) return known;
  const zone = lookUp(windowsOrIana.trim());
  if (lookedUp.size >= mostRemembered) lookedUp.clear();
  lookedUp.set(windowsOrIana, zone);
  return zone;
}

/** The Windows name of an IANA zone; the IANA name itself where Windows has none, for Exchange takes many of those too. */
export function windowsZone(iana: string): string {
  if (iana === 'UTC') return 'UTC';
  return findWindows(formerNames.get(iana) ?? iana)[0] ?? iana;
}

function lookUp(name: string): string | null {
  const alias = aliases.get(name.toLowerCase());
  if (alias !== undefined) return alias;
  return [...findIana(name), name].find((each) => IANAZone.isValidZone(each)) ?? null;
}
