import { compile } from 'html-to-text';
import { z } from 'zod';

/** Graph's itemBody as a client sends it. */
export const itemBodySchema = z.strictObject({
  contentType: z
    .string()
    .transform((type) => type.toLowerCase())
    .pipe(z.enum(['html', 'text']))
    .default('text'),
  content: z.string().nullish(),
});

/** A body as Exchange keeps it, with the start of it as plain text. */
export interface StoredBody {
  readonly contentType: 'html' | 'text';
  readonly content: string;
  readonly preview: string;
}

const head = '<html>\r\n<head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n';

/** What Exchange makes of a body that is written: HTML is wrapped and cleaned, text is kept. */
export function storeBody(body: z.output<typeof itemBodySchema> | null): StoredBody {
  const content = body?.content ?? '';
  const stored = body?.contentType === 'text' ? content : rewriteHtml(content);
  const contentType = body?.contentType ?? 'html';
  const text = contentType === 'text' ? content : htmlToText(stored);
  return { contentType, content: stored, preview: previewOf(text) };
}

/** A body as an event answers with it: HTML unless text is preferred (event resource docs). */
export function showBody(body: StoredBody, preferred: 'html' | 'text'): { contentType: string; content: string } {
  if (preferred === 'html') return { contentType: 'html', content: body.contentType === 'html' ? body.content : textToHtml(body.content) };
  return { contentType: 'text', content: body.contentType === 'text' ? body.content : htmlToText(body.content) };
}

/** A body with more HTML below it. */
export function appendHtml(body: StoredBody, html: string): StoredBody {
  const before = body.contentType === 'html' ? body.content : textToHtml(body.content);
  const end = before.lastIndexOf('\r\n</body>');
  const content = end < 0 ? rewriteHtml(html) : `${before.slice(0, end)}\r\n${html}${before.slice(end)}`;
  return { contentType: 'html', content, preview: previewOf(htmlToText(content)) };
}

function previewOf(text: string): string {
  return text.replace(/\r?\n/g, '\r\n').slice(0, 255);
}

function rewriteHtml(html: string): string {
  if (html === '') return '';
  const inner = /<body[^>]*>([\s\S]*?)<\/body>/i.exec(html)?.[1] ?? html.replace(/<\/?(?:html|head|meta|!doctype)[^>]*>/gi, '');
  const clean = inner
    .replace(/<script[\s\S]*?<\/script>/gi, '')
    .replace(/<(\/?)([a-z][a-z0-9]*)/gi, (_, slash: string, name: string) => `<${slash}${name.toLowerCase()}`)
    .replace(/ style="([^"]*)"/g, (_, style: string) => ` style="${restyled(style)}"`)
    .replace(/\r?\n/g, '\r\n')
    .replace(/^(\r\n)+|(\r\n)+$/g, '');
  return `${head}</head>\r\n<body>\r\n${clean}\r\n</body>\r\n</html>\r\n`;
}

/** Exchange writes styles in a way of its own: `a:b; c:d`. */
function restyled(style: string): string {
  return style
    .split(';')
    .map((each) => each.trim().replace(/\s*:\s*/, ':'))
    .filter((each) => each !== '')
    .join('; ');
}

function textToHtml(text: string): string {
  if (text === '') return '';
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r?\n/g, '<br>\r\n');
  const origin = '<meta name="Generator" content="Microsoft Exchange Server">\r\n<!-- converted from text -->\r\n';
  const font = `<font size="2"><span style="font-size:11pt;"><div class="PlainText">${escaped}</div></span></font>`;
  return `${head}${origin}</head>\r\n<body>\r\n${font}\r\n</body>\r\n</html>\r\n`;
}

const plainText = compile({ wordwrap: false });

function htmlToText(html: string): string {
  return plainText(html).replace(/\r?\n/g, '\r\n');
}
