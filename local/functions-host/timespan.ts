const TIME_SPAN = /^(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/;

/**
 * A .NET TimeSpan such as `00:00:05`, `01:30` or `1.00:00:00` in ms; undefined where the text is none.
 * Source: .NET docs, "Standard TimeSpan format strings"; host.json and timer schedules use it.
 */
export function timeSpanToMs(text: string): number | undefined {
  const match = TIME_SPAN.exec(text.trim());
  if (match === null) return undefined;
  const [days, hours, minutes, seconds] = [match[1], match[2], match[3], match[4]].map((part) => Number(part ?? 0));
  if (days === undefined || hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const fraction = match[5] === undefined ? 0 : Number(`0.${match[5]}`);
  return ((days * 24 + hours) * 60 + minutes) * 60_000 + Math.round((seconds + fraction) * 1000);
}
