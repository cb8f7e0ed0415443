import { IANAZone } from 'luxon';
import { findIana } from 'windows-iana';

/** Names that Dynamics and Exchange use and the CLDR table lacks: obsolete Windows zones, and what Exchange writes for UTC. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['utc', 'UTC'],
  ['tzone://microsoft/utc', 'UTC'],
  ['coordinated universal time', 'UTC'],
  ['kamchatka standard time', 'Asia/Kamchatka'],
  ['mid-atlantic standard time', 'Atlantic/South_Georgia'],
]);

/** Zones by the names that were looked up: each question to the platform makes a date format, which costs more than all that a row takes otherwise. */
const lookedUp = new Map<string, string>();
const mostRemembered = 1_000;

/**
 * The IANA name of a time zone that was given by its Windows or its IANA name. Total: a name that nobody knows, such as Outlook's
 * `Customized Time Zone`, is UTC.
 */
export function ianaZone(windowsOrIana: string): string {
  const known = lookedUp.get(windowsOrIana);
  if (known !== undefined) return known;
  const zone = lookUp(windowsOrIana.trim());
  if (lookedUp.size >= mostRemembered) lookedUp.clear();
  lookedUp.set(windowsOrIana, zone);
  return zone;
}

function lookUp(name: string): string {
  const alias = aliases.get(name.toLowerCase());
  if (alias !== undefined) return alias;
  const known = [...findIana(name), name].find((each) => IANAZone.isValidZone(each));
  return known ?? 'UTC';
}
