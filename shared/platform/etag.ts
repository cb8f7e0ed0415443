import { createHash } from 'node:crypto';
import { badRequest } from './bad-request';
import { errorCodes, TandemError } from './errors';

/**
 * The entity tag that callers see for a row: as storage tags it, but strong, because `If-Match` compares only strong ones, and without anything that a
 * header or a shell would trip over (RFC 9110, 8.8.3 and 13.1.1).
 */
export function entityTag(rowEtag: string): string {
  return `"${createHash('sha256').update(rowEtag).digest('base64url').slice(0, 27)}"`;
}

/** What a caller expects to find before a change. */
export type Expectation =
  /** Nothing was said: right only where something new is made. */
  | { readonly is: 'unsaid' }
  /** It is to be made under a name of the caller's choice, which must be free. */
  | { readonly is: 'new' }
  /** `If-None-Match: *` */
  | { readonly is: 'absent' }
  /** `If-Match: *` */
  | { readonly is: 'present' }
  /** `If-Match` with entity tags. */
  | { readonly is: 'version'; readonly tags: readonly string[] };

export interface PreconditionHeaders {
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: string | undefined;
}

const tagList = /^(?:W\/)?"[\x21\x23-\x7e]*"(?:[ \t]*,[ \t]*(?:W\/)?"[\x21\x23-\x7e]*")*$/;
const oneTag = /(?:W\/)?"[^"]*"/g;

/** What the headers of a change say (RFC 9110, 13.1.1 and 13.1.2). Throws TandemError `bad-request` where they say nothing that fits a change. */
export function expectationOf({ 'if-match': ifMatch, 'if-none-match': ifNoneMatch }: PreconditionHeaders): Expectation {
  if (ifMatch !== undefined && ifNoneMatch !== undefined)
    throw badRequest([{ field: 'headers.if-none-match', rule: 'stands beside If-Match' }]);
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() === '*') return { is: 'absent' };
    throw badRequest([{ field: 'headers.if-none-match', rule: 'is anything but *' }]);
  }
  if (ifMatch === undefined) return { is: 'unsaid' };
  const given = ifMatch.trim();
  if (given === '*') return { is: 'present' };
  if (given.length > 2_000 || !tagList.test(given))
    throw badRequest([{ field: 'headers.if-match', rule: 'is neither * nor entity tags in quotation marks' }]);
  return { is: 'version', tags: given.match(oneTag) ?? [] };
}

/**
 * Passes a change of what has the given row etag, or of what is not there.
 * @throws TandemError `stale` where the caller expected something else, `duplicate` where a name is taken, `precondition-required` where something is there
 * and the caller did not say which version of it is meant
 */
export function demandExpected(expectation: Expectation, rowEtag: string | null): void {
  switch (expectation.is) {
    case 'unsaid':
      if (rowEtag === null) return;
      throw new TandemError(errorCodes.preconditionRequired, {
        retry: 'never',
        fix: 'Read it, make your change to what you read, and send the ETag of the reply as If-Match.',
        detail: 'the change does not say which version it changes',
      });
    case 'new':
      if (rowEtag === null) return;
      throw new TandemError(errorCodes.duplicate, { retry: 'never', fix: 'Choose another id.', detail: 'the id is taken' });
    case 'absent':
      if (rowEtag === null) return;
      throw changed('it is there already');
    case 'present':
      if (rowEtag !== null) return;
      throw changed('it is not there');
    case 'version':
      if (rowEtag !== null && expectation.tags.includes(entityTag(rowEtag))) return;
      throw changed(rowEtag === null ? 'it is not there' : 'it is another version by now');
  }
}

function changed(detail: string): TandemError {
  return new TandemError(errorCodes.stale, { retry: 'never', fix: 'Read it again, and make your change to what is there now.', detail });
}
