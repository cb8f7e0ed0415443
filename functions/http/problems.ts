import { errorGuide } from '../../shared/platform/error-guide';
import { register } from './answer';
import { textOf } from './contract';

/** Where the `type` of a problem leads: what the code means and what to do. Anybody may read it, for it says nothing of anybody. */
register(
  'problems',
  {
    summary: 'What the codes of problems mean',
    tag: 'Health',
    replies: { 200: textOf('text/html', 'A page with a place for each code.') },
  },
  async () => ({
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'public, max-age=3600',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    },
    body: page(),
  }),
);

function page(): string {
  const sections = Object.entries(errorGuide).map(
    ([code, { status, title, means, cure }]) =>
      `<section id="${code}"><h2>${plain(title)}</h2><p><code>${code}</code>, status ${status}</p><p>It means: ${plain(means)}.</p><p>What to do: ${plain(cure)}.</p></section>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tandem: problems</title></head><body><h1>Problems</h1>${sections.join('')}</body></html>`;
}

/** A text of the guide as HTML, without its Markdown. */
function plain(text: string): string {
  return text
    .replace(/[`*]/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
}
