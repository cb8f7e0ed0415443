import { convert } from 'html-to-text';
import { z } from 'zod';
import { normalText } from '../model/values';

/** Graph's itemBody. */
export const bodyJson = z.object({ contentType: z.string().nullish(), content: z.string().nullish() });

/** A body as plain text. To Do and some items answer in HTML whatever was preferred. */
export function plainText(body: z.output<typeof bodyJson> | null | undefined): string | null {
  const content = body?.content ?? null;
  if (content === null || body?.contentType?.toLowerCase() !== 'html') return normalText(content);
  return normalText(convert(content, { wordwrap: false, selectors }));
}

const selectors = [
  { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
  { selector: 'img', format: 'skip' },
];

/** A plain text as a body to write. */
export function textBody(text: string | null): { readonly contentType: 'text'; readonly content: string } {
  return { contentType: 'text', content: text ?? '' };
}
