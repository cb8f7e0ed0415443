import { remember } from '../serving/remember';
import type { WireRequest } from '../serving/wire';

/** What the `Prefer` header of a request asks for. */
export interface Preferences {
  readonly representation: boolean;
  readonly trackChanges: boolean;
  readonly continueOnError: boolean;
  readonly maxPageSize?: number;
  /** Whether an annotation with this full name is wanted. */
  readonly wants: (annotation: string) => boolean;
  readonly annotated: boolean;
  /** Names for `Preference-Applied`, as they were sent. */
  readonly sent: ReadonlyMap<string, string>;
}

export function preferencesOf(request: WireRequest): Preferences {
  return preferencesIn(request.headers.prefer ?? '');
}

const preferencesIn = remember((header): Preferences => {
  const sent = new Map<string, string>();
  for (const match of header.matchAll(/([\w.-]+)\s*(?:=\s*("[^"]*"|[^,;\s]*))?/g)) {
    const [, name = '', value] = match;
    sent.set(name.toLowerCase(), value === undefined ? name : `${name}=${value}`);
  }
  const given = (name: string) =>
    sent
      .get(name)
      ?.slice(name.length + 1)
      .replaceAll('"', '');
  const pageSize = Number(given('odata.maxpagesize'));
  const patterns = (given('odata.include-annotations') ?? '').split(',').map((pattern) => pattern.trim());
  return {
    representation: sent.get('return') === 'return=representation',
    trackChanges: sent.has('odata.track-changes'),
    continueOnError: sent.has('odata.continue-on-error'),
    ...(Number.isInteger(pageSize) && pageSize > 0 ? { maxPageSize: Math.min(pageSize, 5_000) } : {}),
    wants: (annotation) => matches(annotation, patterns),
    annotated: sent.has('odata.include-annotations'),
    sent,
  };
});

/** `Preference-Applied` for those of `names` that were asked for. */
export function applied(preferences: Preferences, ...names: readonly string[]): Record<string, string> {
  const found = names.flatMap((name) => preferences.sent.get(name) ?? []);
  return found.length === 0 ? {} : { 'Preference-Applied': found.join(',') };
}

function matches(annotation: string, patterns: readonly string[]): boolean {
  const fits = (pattern: string) =>
    pattern === '*' || pattern === annotation || (pattern.endsWith('.*') && annotation.startsWith(pattern.slice(0, -1)));
  return patterns.some(fits) && !patterns.some((pattern) => pattern.startsWith('-') && fits(pattern.slice(1)));
}
