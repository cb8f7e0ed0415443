import { convert } from 'html-to-text';
import { attributeOf, childrenOf, escapedHtml, type HtmlNode, ownText, parsedHtml, shallowHtml, tagOf } from './html-tree';
import { normalText, sameValue, type Value } from './values';

/** Elements that stand for themselves or for one of those that both systems know. */
const inline: Readonly<Record<string, string>> = {
  b: 'strong',
  strong: 'strong',
  i: 'em',
  em: 'em',
  u: 'u',
  ins: 'u',
  s: 's',
  strike: 's',
  del: 's',
  sub: 'sub',
  sup: 'sup',
  code: 'code',
};
const blocks = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'blockquote', 'table', 'tr', 'td', 'th']);
const paragraphs = new Set(['p', 'div', 'pre', 'section', 'article', 'header', 'footer', 'center', 'address']);
/** What holds blocks rather than text. */
const holders = new Set(['ul', 'ol', 'table', 'tr']);
const dropped = new Set([
  'head',
  'title',
  'style',
  'script',
  'template',
  'iframe',
  'object',
  'noscript',
  'textarea',
  'select',
  'svg',
  'math',
]);
const known = new Set([...Object.keys(inline), ...blocks, ...paragraphs, 'html', 'body', 'span', 'font', 'a', 'br', 'hr', 'img', 'tbody']);

/** True for a text that is HTML: it begins with an element that texts are made of and ends with a tag. */
export function isHtml(text: string): boolean {
  const first = /^\s*(?:<!doctype[^>]*>\s*)?<([a-z][a-z0-9]*)(?=[\s/>])/i.exec(text)?.[1]?.toLowerCase();
  return first !== undefined && known.has(first) && text.trimEnd().endsWith('>');
}

/**
 * HTML in the one form in which two texts of the same looks are equal: paragraphs, headings, lists, tables, links and the usual marks, and nothing of how a
 * system chose to write them. What has none of those is plain text. Never holds what a browser would run.
 */
export function normalHtml(html: string): string | null {
  const normal = settled(html);
  if (beyondText.test(normal)) return normal;
  const text = textOfHtml(normal);
  return text !== null && isHtml(text) ? normal : text;
}

/** A tag of anything that plain text cannot hold. */
const beyondText = /<(?!\/?p>|br>)/;

/** What was taken apart may come together in another way: once more until nothing changes. */
function settled(html: string): string {
  let before = html;
  for (let round = 0; round < mostRounds; round += 1) {
    const after = trimmed(blocksOf(parsedHtml(before))).join('');
    if (after === before) return after;
    before = after;
  }
  return before;
}

const mostRounds = 10;

/** A text that may be HTML in its one form; plain text stays what it is. */
export function normalRichText(text: string | null): string | null {
  return text !== null && isHtml(text) ? normalHtml(text) : normalText(text);
}

/** HTML as plain text. */
export function textOfHtml(html: string): string | null {
  return normalText(convert(shallowHtml(html), { wordwrap: false, selectors }));
}

const selectors = [
  { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
  { selector: 'img', format: 'skip' },
];

/** Plain text as HTML that shows the same. */
export function htmlOfText(text: string): string {
  return `<p>${text.split('\n').map(escapedHtml).join('<br>')}</p>`;
}

/** True where two rich texts mean the same: both alike, or one of them plain and equal to what the other says. */
export function sameRichText(left: Value | undefined, right: Value | undefined): boolean {
  if (sameValue(left, right)) return true;
  if (typeof left !== 'string' || typeof right !== 'string' || isHtml(left) === isHtml(right)) return false;
  return said(left) === said(right);
}

/** The words of a text, however they are spaced. */
function said(text: string): string {
  return ((isHtml(text) ? textOfHtml(text) : text) ?? '').replace(/\s+/g, ' ').trim();
}

/** Nodes as blocks; runs of inline content between them are paragraphs. */
function blocksOf(nodes: readonly HtmlNode[]): string[] {
  const found: string[] = [];
  let run = '';
  const flush = (): void => {
    const text = run.replace(/^(?: |<br>)+|(?: |<br>)+$/g, '');
    if (text !== '') found.push(`<p>${text}</p>`);
    run = '';
  };
  for (const node of nodes) {
    const tag = tagOf(node);
    if (tag === null || isInline(node)) {
      run += inlineOf(node);
      continue;
    }
    flush();
    found.push(...blockOf(node, tag));
  }
  flush();
  return found;
}

function blockOf(node: HtmlNode, tag: string): string[] {
  if (dropped.has(tag)) return [];
  if (tag === 'hr') return ['<hr>'];
  const inner = blocksOf(childrenOf(node));
  if (!blocks.has(tag)) return inner.length === 0 && paragraphs.has(tag) ? ['<p></p>'] : inner;
  const content = holders.has(tag) ? inner : bare(inner);
  return content.length === 0 && !['td', 'th'].includes(tag) ? [] : [`<${tag}>${content.join('')}</${tag}>`];
}

/** A single paragraph inside a list item, a cell or a heading is its text. */
function bare(inner: readonly string[]): readonly string[] {
  const kept = inner.filter((each) => each !== '<p></p>');
  const [only] = kept;
  return kept.length === 1 && only !== undefined && /^<p>/.test(only) ? [only.slice('<p>'.length, -'</p>'.length)] : kept;
}

function isInline(node: HtmlNode): boolean {
  const tag = tagOf(node) ?? '';
  if (dropped.has(tag) || blocks.has(tag) || paragraphs.has(tag) || ['hr', 'html', 'body', 'tbody', 'thead', 'tfoot'].includes(tag))
    return false;
  return childrenOf(node).every(isInline);
}

function inlineOf(node: HtmlNode): string {
  const text = ownText(node);
  if (text !== null) return escapedHtml(text.replace(/[\s\u00a0]+/g, ' '));
  const tag = tagOf(node);
  if (tag === null) return '';
  if (tag === 'br') return '<br>';
  const inner = childrenOf(node).map(inlineOf).join('');
  if (inner.trim() === '') return inner;
  const href = tag === 'a' ? linkOf(node) : null;
  if (href !== null) return `<a href="${escapedHtml(href)}">${inner}</a>`;
  const name = inline[tag];
  return name === undefined ? inner : `<${name}>${inner}</${name}>`;
}

/** Where a link leads, if it leads to where a text may. */
function linkOf(node: HtmlNode): string | null {
  const href = attributeOf(node, 'href')?.trim() ?? '';
  return /^(?:https?:|mailto:|tel:)/i.test(href) ? href : null;
}

function trimmed(blocks: readonly string[]): readonly string[] {
  const isFull = (block: string): boolean => block !== '<p></p>';
  return blocks.slice(blocks.findIndex(isFull) < 0 ? blocks.length : blocks.findIndex(isFull), blocks.findLastIndex(isFull) + 1);
}
