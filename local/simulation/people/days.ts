import { castMember } from '../cast';

/** The zones of the cast, as the world outside names them. */
const zones: Readonly<Record<string, string>> = { 'W. Europe Standard Time': 'Europe/Berlin', 'GMT Standard Time': 'Europe/London' };

/** The day that a moment falls on where this user lives: what Dynamics shows her as a day. */
export function dayThere(moment: string, systemUserId: string): string {
  const timeZone = zones[castMember(systemUserId)?.timeZone ?? ''] ?? 'UTC';
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(
    new Date(moment),
  );
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}
