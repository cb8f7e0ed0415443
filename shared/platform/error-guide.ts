import type { ErrorCode } from './errors';

/** What people are told about a code, wherever it shows; in Markdown, as the documentation has it. */
export interface ErrorGuide {
  /** The status with which the API answers it. */
  readonly status: number;
  readonly title: string;
  readonly means: string;
  readonly cure: string;
}

/** The one table of what the codes mean and what to do. The documentation holds the same. */
export const errorGuide: Readonly<Record<ErrorCode, ErrorGuide>> = {
  settings: {
    status: 500,
    title: 'Tandem is not set up right',
    means:
      'an app setting is wrong, Entra refuses the app, a queue is missing, change tracking or optimistic concurrency is off, or `state-key` cannot be used',
    cure: 'the detail names it; in replies of the API it is left out, the log has it',
  },
  throttled: {
    status: 503,
    title: 'Another service asked Tandem to wait',
    means: 'a service asked Tandem to wait, or Tandem’s own share of what Dynamics allows is used up',
    cure: 'nothing; it waits as long as it was asked. If it stays, raise `rateLimit` of the integration where one is set',
  },
  unavailable: {
    status: 503,
    title: 'Another service does not answer',
    means: 'a service does not answer; no token from the managed identity; a row of a newer release; a key that is not at hand',
    cure: 'wait; then see the service’s health, the identity, the release, the versions of `state-key`',
  },
  timeout: {
    status: 504,
    title: 'Another service took too long',
    means: 'a service took longer than `REQUEST_TIMEOUT_SECONDS`',
    cure: 'nothing; if it stays, as for `unavailable`',
  },
  stale: {
    status: 412,
    title: 'It has changed in the meantime',
    means: 'somebody changed it in the meantime',
    cure: 'nothing; it is read and planned anew, three times at once and then later',
  },
  gone: {
    status: 410,
    title: 'It is no longer there',
    means: 'what was asked for is no longer there',
    cure: 'nothing',
  },
  refused: {
    status: 422,
    title: 'It was refused',
    means: 'a service does not accept a value: too long, a rule of its own, a full mailbox',
    cure: 'the detail says what; correct the record or the item',
  },
  forbidden: {
    status: 403,
    title: 'You may not do this',
    means: 'a right is missing, of the app or of the person as whom it acts',
    cure: 'grant what the detail names, to whom it names',
  },
  'column-refused': {
    status: 422,
    title: 'A column may not be written',
    means: 'a column that is secured may not be written by the person',
    cure: 'nothing: Tandem asks for her rights again and writes the rest. If it stays, grant update in a column security profile',
  },
  unauthorized: {
    status: 401,
    title: 'Sign in first',
    means: 'a sign-in was not accepted',
    cure: 'callers: get a new token. Otherwise see *consent-lost*',
  },
  'sign-in-needed': {
    status: 409,
    title: 'Somebody has to sign in to Dynamics',
    means:
      'the integration signs in to Dynamics by a person’s sign-in, and there is none: nobody has signed in yet, the sign-in service ended it, or its settings have changed',
    cure: 'sign in again at the address that the fix names, as [signing in](operations.md#signing-in-to-dynamics) says; it goes on by itself',
  },
  'cursor-expired': {
    status: 503,
    title: 'A position in a feed has expired',
    means: 'a position in a feed is too old',
    cure: 'nothing; the feed is begun anew',
  },
  duplicate: {
    status: 409,
    title: 'It is already there',
    means: 'it is already there; in Dynamics also a duplicate detection rule',
    cure: 'nothing, or merge the duplicates in Dynamics',
  },
  'bad-message': {
    status: 400,
    title: 'The message does not fit',
    means: 'a message does not parse',
    cure: 'see *rejected-messages*',
  },
  'bad-request': {
    status: 400,
    title: 'The request does not fit',
    means: 'a request to the admin API does not fit',
    cure: 'correct it as the detail says',
  },
  'wrong-method': {
    status: 405,
    title: 'The address knows no such method',
    means: 'an address of the API was called with a method that it does not know',
    cure: 'use one of those that `Allow` names',
  },
  'too-large': {
    status: 413,
    title: 'The body is too long',
    means: 'a request to the API has a body of more than 262,144 characters',
    cure: 'send less, or in parts',
  },
  'wrong-type': {
    status: 415,
    title: 'The body is of another type',
    means: 'a request to the API has a body that does not say that it is JSON',
    cure: 'send it with `Content-Type: application/json`',
  },
  'precondition-required': {
    status: 428,
    title: 'Say which version you change',
    means: 'a change does not say which version it changes',
    cure: 'read it, and send its `ETag` as `If-Match`',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    means: 'no such integration, mailbox, user, task list or version of a secret',
    cure: 'the detail says which; a person without a task list opens To Do once',
  },
  conflict: {
    status: 409,
    title: 'It does not go together with what is there',
    means:
      'it does not go together with what is there: a mailbox in another integration, another address, a mailbox that is switched off, a deleted secret of this name',
    cure: 'as the fix says',
  },
  'key-reused': {
    status: 422,
    title: 'The key was used for something else',
    means: 'an `Idempotency-Key` came again with another call',
    cure: 'choose a new key for each thing that is to be done',
  },
  'mailbox-lost': {
    status: 409,
    title: 'Somebody else is serving the mailbox',
    means: 'another worker took the mailbox over',
    cure: 'nothing',
  },
  'mailbox-missing': {
    status: 409,
    title: 'The person has no mailbox in Exchange Online',
    means: 'the person has no mailbox in Exchange Online (any more)',
    cure: 'give her one, or disable the mailbox in Tandem',
  },
  'unexpected-reply': {
    status: 502,
    title: 'Another service gave an answer that nobody expected',
    means: 'an answer that nobody expected: something stands between, an address is wrong, a stored row was changed by hand',
    cure: 'see the log of that time; report it if it stays',
  },
};
