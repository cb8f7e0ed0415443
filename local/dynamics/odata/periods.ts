import type { DateTime, DateTimeUnit } from 'luxon';

/** A span of time in ms: from inclusive, to exclusive; open where absent. */
export interface Period {
  readonly from?: number;
  readonly to?: number;
}

const units = { Minutes: 'minute', Hours: 'hour', Days: 'day', Weeks: 'week', Months: 'month', Years: 'year' } as const;
const named = /^(Last|This|Next)(Week|Month|Year)$/;
const counted = /^(LastX|NextX|OlderThanX)(Minutes|Hours|Days|Weeks|Months|Years)$/;

/**
 * The span that a date query function means at `now`, which carries the caller's time zone: the Web API query functions count whole days in it.
 * `undefined` for a name that is not one of them.
 */
export function periodOf(name: string, now: DateTime, count: number | undefined): Period | undefined {
  const today = now.startOf('day');
  const days = (first: DateTime, length: number): Period => ({ from: first.toMillis(), to: first.plus({ days: length }).toMillis() });
  switch (name) {
    case 'Today':
      return days(today, 1);
    case 'Yesterday':
      return days(today.minus({ days: 1 }), 1);
    case 'Tomorrow':
      return days(today.plus({ days: 1 }), 1);
    case 'Last7Days':
      return { from: today.minus({ days: 7 }).toMillis(), to: now.toMillis() + 1 };
    case 'Next7Days':
      return { from: now.toMillis(), to: today.plus({ days: 8 }).toMillis() };
  }
  return calendarPeriod(name, now) ?? countedPeriod(name, now, count);
}

/** A week begins on Sunday, as in an organization with default settings. */
function calendarPeriod(name: string, now: DateTime): Period | undefined {
  const match = named.exec(name);
  if (match === null) return undefined;
  const unit = (match[2] ?? '').toLowerCase() as DateTimeUnit;
  const steps = { Last: -1, This: 0, Next: 1 }[match[1] ?? ''] ?? 0;
  const start = unit === 'week' ? now.startOf('day').minus({ days: now.weekday % 7 }) : now.startOf(unit);
  const from = start.plus({ [unit]: steps });
  return { from: from.toMillis(), to: from.plus({ [unit]: 1 }).toMillis() };
}

function countedPeriod(name: string, now: DateTime, count: number | undefined): Period | undefined {
  const match = counted.exec(name);
  const unit = units[(match?.[2] ?? 'Days') as keyof typeof units];
  if (match === null || count === undefined) return undefined;
  const isShort = unit === 'hour' || unit === 'minute';
  const back = now.minus({ [unit]: count });
  const from = (isShort ? back : back.startOf('day')).toMillis();
  if (match[1] === 'OlderThanX') return { to: from };
  if (unit === 'minute') return undefined;
  if (match[1] === 'LastX') return { from, to: now.toMillis() + 1 };
  const ahead = now.plus({ [unit]: count });
  return { from: now.toMillis(), to: isShort ? ahead.toMillis() + 1 : ahead.startOf('day').plus({ days: 1 }).toMillis() };
}
