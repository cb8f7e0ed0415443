import { createHash } from 'node:crypto';
import type { Finished, Refusal } from './sign-in';

export interface Page {
  readonly status: number;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

const refusals: Readonly<Record<Refusal, readonly [status: number, sentence: string]>> = {
  malformed: [400, 'This is not an answer of the sign-in service. Go back to Tandem and start again.'],
  unknown: [400, 'This sign-in is not known here. Go back to Tandem and start again.'],
  expired: [400, 'It took longer than ten minutes, and this sign-in is no longer good. Go back to Tandem and start again.'],
  used: [400, 'This sign-in was finished already. If it did not work, go back to Tandem and start again.'],
  otherBrowser: [400, 'This sign-in was not started in this browser. Go back to Tandem and start again, here.'],
  changed: [409, 'The connection was changed while you signed in. Go back to Tandem and start again.'],
  denied: [400, 'The sign-in service did not let Tandem in.'],
  otherAccount: [403, 'You signed in with another account than the one that you use Tandem with. Nothing was kept.'],
  untrusted: [400, 'What the sign-in service answered does not fit what was asked for. Nothing was kept.'],
  trouble: [503, 'The sign-in could not be finished, because another service does not answer as it should. Try again in a minute.'],
};

/** What the provider's errors mean to a person. Source: RFC 6749, section 4.1.2.1; OpenID Connect Core 1.0, section 3.1.2.6. */
const denials: Readonly<Record<string, string>> = {
  access_denied: 'You declined, or you may not use this application. An administrator of your organization can allow it.',
  consent_required:
    'The application has not been allowed yet to reach Dynamics. Start again and agree, or ask an administrator of your organization to.',
  interaction_required: 'The sign-in service needs something more from you, such as a second factor. Start again.',
  login_required: 'Nobody was signed in. Start again.',
  invalid_client: 'The sign-in service does not know the application. An administrator of Tandem has to check the client id.',
  unauthorized_client: 'The sign-in service does not know the application. An administrator of Tandem has to check the client id.',
  invalid_scope: 'The sign-in service does not know the permission that was asked for. An administrator of Tandem has to check the scope.',
  invalid_resource: 'The sign-in service does not know this Dynamics environment. An administrator of Tandem has to check its address.',
  invalid_request: 'The sign-in service did not understand the request. An administrator of Tandem has to check the sign-in.',
  server_error: 'The sign-in service has trouble of its own. Try again in a minute.',
  temporarily_unavailable: 'The sign-in service is busy. Try again in a minute.',
};

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem;color:#1b1b1b}a{color:#0f5ea8}p.code{color:#505050}';

/**
 * The page's own style and nothing else may be loaded, run, framed or sent from it. No referrer goes with its link: the page's address holds a code. Nothing
 * that came with the request is on it, but a word of the protocol.
 */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page that tells a person how her sign-in ended. */
export function pageOf(finished: Finished): Page {
  switch (finished.kind) {
    case 'signedIn': {
      const whose = finished.use === 'service' ? 'Tandem is' : 'You are';
      return page(200, 'Signed in', [`<p>${whose} signed in to ${escaped(finished.integration)}. You can close this page.</p>`]);
    }
    case 'refused': {
      const [status, sentence] = refusals[finished.why];
      const said = finished.why === 'denied' && finished.detail !== null ? [paragraph(denials[finished.detail] ?? '')] : [];
      const code = finished.detail === null ? [] : [`<p class="code">${escaped(finished.detail)}</p>`];
      const back = finished.again === null ? [] : [`<p><a href="${escaped(finished.again.href)}">Start again</a></p>`];
      return page(status, 'Not signed in', [paragraph(sentence), ...said, ...code, ...back]);
    }
  }
}

function paragraph(text: string): string {
  return text === '' ? '' : `<p>${escaped(text)}</p>`;
}

function page(status: number, title: string, body: readonly string[]): Page {
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tandem: ${title}</title><style>${style}</style></head>
<body><main>
<h1>${title}</h1>
${body.filter((line) => line !== '').join('\n')}
</main></body>
</html>
`;
  return {
    status,
    html,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    },
  };
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
