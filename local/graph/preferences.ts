import { remember } from '../serving/remember';
import { badUri } from './errors';
import type { IdSpace } from './ids';
import { ianaZone, requireZone } from './time';

/** What a request's `Prefer` headers ask for. Every request says it anew; delta links do not remember it. */
export interface Preferences {
  readonly ids: IdSpace;
  /** The zone name as the client wrote it. */
  readonly timeZone: string | undefined;
  readonly bodyType: 'html' | 'text' | undefined;
  readonly pageSize: number | undefined;
}

/** Reads `Prefer`, several preferences separated by commas. An unknown time zone is refused. */
export function readPreferences(header: string | undefined): Preferences {
  return preferencesIn(header ?? '');
}

const preferencesIn = remember((header): Preferences => {
  const found = new Map<string, string>();
  for (const match of header.matchAll(/([\w.-]+)\s*=\s*(?:"([^"]*)"|([^",;\s]+))/g)) {
    found.set((match[1] ?? '').toLowerCase(), match[2] ?? match[3] ?? '');
  }
  const timeZone = found.get('outlook.timezone');
  if (timeZone !== undefined && ianaZone(timeZone) === undefined) requireZone(timeZone);
  const bodyType = found.get('outlook.body-content-type')?.toLowerCase();
  const size = found.get('odata.maxpagesize');
  if (size !== undefined && !/^[1-9]\d*$/.test(size)) throw badUri(`Invalid odata.maxpagesize '${size}'.`);
  return {
    ids: found.get('idtype')?.toLowerCase() === 'immutableid' ? 'immutable' : 'usual',
    timeZone,
    bodyType: bodyType === 'text' || bodyType === 'html' ? bodyType : undefined,
    pageSize: size === undefined ? undefined : Math.min(Number(size), 1000),
  };
});

/** The `Preference-Applied` header for an answer, with what else was applied first; empty where nothing was. */
export function preferenceApplied(preferences: Preferences, alsoApplied: readonly string[] = []): Record<string, string> {
  const applied = [...alsoApplied];
  if (preferences.timeZone !== undefined) applied.push(`outlook.timezone="${preferences.timeZone}"`);
  if (preferences.bodyType !== undefined) applied.push(`outlook.body-content-type="${preferences.bodyType}"`);
  if (preferences.pageSize !== undefined) applied.push(`odata.maxpagesize=${preferences.pageSize}`);
  return applied.length === 0 ? {} : { 'preference-applied': applied.join(', ') };
}
