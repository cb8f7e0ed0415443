import { z } from 'zod';
import { escapedHtml } from '../model/html-tree';
import { partsOfHtml, partsOfText } from '../model/joining-block';
import { htmlOfText, isHtml, normalHtml, textOfHtml } from '../model/rich-text';
import { normalText } from '../model/values';

/** Graph's itemBody. */
export const bodyJson = z.object({ contentType: z.string().nullish(), content: z.string().nullish() });

type BodyJson = z.output<typeof bodyJson>;

/** A body as plain text. To Do and some items answer in HTML whatever was preferred. */
export function plainText(body: BodyJson | null | undefined): string | null {
  const content = body?.content ?? null;
  return content !== null && isInHtml(body) ? textOfHtml(content) : normalText(content);
}

/** What people wrote into an event. `apart` is false where they share it with a block for joining that cannot be told from it. */
export interface EventText {
  readonly text: string | null;
  readonly apart: boolean;
}

/** The body of an event: as plain text, or `rich`, as HTML in its one form. Of an online meeting without the block by which people join. */
export function eventText(body: BodyJson | null, online: boolean, rich: boolean): EventText {
  const content = body?.content ?? '';
  const inHtml = isInHtml(body);
  const parts = !online ? null : inHtml ? partsOfHtml(content) : partsOfText(content.replace(/\r\n?/g, '\n'));
  const people = parts?.people ?? content;
  return { text: told(people, inHtml, rich), apart: !online || parts !== null };
}

function told(content: string, inHtml: boolean, rich: boolean): string | null {
  if (!rich) return inHtml ? textOfHtml(content) : normalText(content);
  return inHtml || isHtml(content) ? normalHtml(inHtml ? content : htmlOfText(content)) : normalText(content);
}

/** A plain text as a body to write. */
export function textBody(text: string | null): BodyJson {
  return { contentType: 'text', content: text ?? '' };
}

/** An event's text as a body to write; where texts are rich it may be HTML. */
export function eventTextBody(text: string | null, rich: boolean): BodyJson {
  return rich && text !== null && isHtml(text) ? { contentType: 'html', content: text } : textBody(text);
}

/**
 * The body to write for an online meeting: the text, and below it the block by which people join, exactly as it stands in the body that the event has now. Without
 * it Exchange would no longer know the event as an online meeting (update event docs). Null where the block cannot be told: then the body is not to be written.
 */
export function joinableBody(text: string | null, rich: boolean, current: string): BodyJson | null {
  const parts = partsOfHtml(current);
  if (parts === null) return null;
  const content = text === null ? '' : rich && isHtml(text) ? text : `<div>${escapedHtml(text).replaceAll('\n', '<br>')}</div>`;
  return { contentType: 'html', content: `${content}${parts.block}` };
}

function isInHtml(body: BodyJson | null | undefined): boolean {
  return body?.contentType?.toLowerCase() === 'html';
}
