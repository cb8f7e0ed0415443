import { people } from '../company/people';

const names = new Map(people.map(({ systemUserId, firstName }) => [systemUserId, firstName]));

/**
 * What a person who watches wants to know of a line that the Functions host printed: what a slice did and for whom, and whatever went wrong. Null for
 * the rest.
 */
export function liveLine(line: string): string | null {
  const [, time, level, rest = ''] = /^(\d\d:\d\d:\d\d)\.\d{3}(?: (warning|error|critical))? (.*)$/.exec(line) ?? [];
  if (time === undefined) return line.startsWith('error ') ? line : null;
  const event = eventIn(rest);
  if (event?.event === 'slice') return `${time}  ${sliceText(event)}`;
  if (level === undefined) return null;
  return `${time}  ${level}: ${event === null ? rest : eventText(event)}`;
}

type Event = Readonly<Record<string, unknown>>;

/** The app prints its events as JSON behind the function's name. */
function eventIn(text: string): Event | null {
  const from = text.indexOf('{"event":');
  if (from === -1) return null;
  try {
    return JSON.parse(text.slice(from)) as Event;
  } catch {
    return null;
  }
}

function sliceText({ event: _event, mailbox, ...counts }: Event): string {
  const parts = Object.entries(counts).map(([reason, count]) => `${count} × ${reason}`);
  return `${names.get(String(mailbox)) ?? mailbox}: ${parts.join(', ')}`;
}

function eventText({ event, ...facts }: Event): string {
  const parts = Object.entries(facts).flatMap(([name, value]) => (value === '' || value === null ? [] : [`${name} ${value}`]));
  return [event, ...parts].join(', ');
}
