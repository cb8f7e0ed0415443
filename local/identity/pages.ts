import type { Person } from '../company/people';
import type { WireReply } from '../serving/wire';
import type { StsErrorBody } from './sts-error';

/** The page on which a person signs in with one click; `requestId` is good for one answer. */
export function signInPage(action: string, requestId: string, clientName: string, people: readonly Person[]): WireReply {
  const choices = people.map(
    ({ key, firstName, lastName, title, email }) =>
      `<li><button name="person" value="${escaped(key)}"><b>${escaped(`${firstName} ${lastName}`)}</b> ` +
      `<span>${escaped(title)} · ${escaped(email)}</span></button></li>`,
  );
  return page(
    'Sign in to Contoso',
    `<h1>Sign in to Contoso</h1>
<p>${escaped(clientName)} wants to know who you are. Pick a person; this stand-in asks for no password.</p>
<form method="post" action="${escaped(action)}">
<input type="hidden" name="request" value="${escaped(requestId)}">
<ul>${choices.join('\n')}</ul>
<button class="deny" name="answer" value="deny">Cancel, and grant nothing</button>
</form>`,
  );
}

/** An error that must not be redirected, because nobody knows yet whether the address to return to is the client's. */
export function errorPage(status: number, body: StsErrorBody): WireReply {
  return page(
    'Sign in to Contoso',
    `<h1>Sorry, but we're having trouble signing you in.</h1>
<p>${escaped(body.error_description)}</p>`,
    status,
  );
}

/** A page that says one thing. */
export function messagePage(message: string, headers: Readonly<Record<string, string>> = {}): WireReply {
  return page('Contoso', `<h1>${escaped(message)}</h1>`, 200, headers);
}

/** A page that posts `fields` to `action` by itself, or by one click where scripts are off. */
export function formPostPage(
  action: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): WireReply {
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`);
  return page(
    'Working...',
    `<form method="post" name="hiddenform" action="${escaped(action)}">
${inputs.join('\n')}
<noscript><p>Scripts are off. Press the button to go on.</p><button>Go on</button></noscript>
</form>
<script>document.forms[0].submit();</script>`,
    200,
    headers,
  );
}

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem;color:#1b1b1b}
ul{list-style:none;padding:0}li{margin:.4rem 0}
button{font:inherit;width:100%;text-align:left;padding:.6rem .8rem;border:1px solid #767676;border-radius:4px;background:#fff;cursor:pointer}
button:hover,button:focus-visible{background:#eef4fb;outline:2px solid #0f5ea8}span{color:#505050}.deny{margin-top:1rem;text-align:center}`;

function page(title: string, body: string, status = 200, headers: Readonly<Record<string, string>> = {}): WireReply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'x-frame-options': 'DENY', ...headers },
    body: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${style}</style></head>
<body>
<main>
${body}
</main>
</body>
</html>
`,
  };
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
