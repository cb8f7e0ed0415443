import { badQuery } from './errors';

/** Where a page ended. */
export interface Place {
  readonly page: number;
  readonly isTracking: boolean;
  /** Whatever the reader of the list needs to go on. */
  readonly last: unknown;
}

/**
 * The value of `$skiptoken` for the page after `place`, as the Web API writes it: an XML cookie whose paging cookie is encoded twice. Clients must treat
 * it as opaque.
 */
export function skipToken(place: Place): string {
  const last = encodeURIComponent(JSON.stringify(place.last));
  const pagingCookie = encodeURIComponent(`<cookie page="${place.page - 1}"><last value="${last}" /></cookie>`).replace(
    /%[0-9A-F]{2}/g,
    (code) => code.toLowerCase(),
  );
  return `<cookie pagenumber="${place.page}" pagingcookie="${pagingCookie}" istracking="${place.isTracking ? 'True' : 'False'}" />`;
}

/** Reads a `$skiptoken` back; throws the Web API's answer to a malformed one. */
export function readSkipToken(token: string): Place {
  const match = /^<cookie pagenumber="(\d+)" pagingcookie="([^"]+)" istracking="(True|False)" \/>$/.exec(token);
  const last = /<last value="([^"]+)" \/>/.exec(decodeURIComponent(match?.[2] ?? ''))?.[1];
  if (match === null || last === undefined) throw badQuery(`Invalid value '${token}' for $skiptoken query option found.`);
  const place: unknown = JSON.parse(decodeURIComponent(last));
  return { page: Number(match[1]), isTracking: match[3] === 'True', last: place };
}
