import { attributeOf, childrenOf, type HtmlNode, ownText, parsedHtml, tagOf, textBelow } from './html-tree';

/** The body of an online meeting, taken apart. */
export interface BodyParts {
  /** What people wrote, in the form of the body: HTML or text. */
  readonly people: string;
  /** The block by which people join, exactly as it stands in the body. */
  readonly block: string;
}

/** A link by which people join a meeting in Teams, also where a mail filter has wrapped it. */
const joinLink =
  /(?:teams\.microsoft\.(?:com|us)|teams\.cloud\.microsoft|teams\.live\.com)(?:(?:\/|%2f)l(?:\/|%2f)meetup-join|(?:\/|%2f)meet)(?:\/|%2f)/i;

/** Teams puts its block between two lines of 80 underscores; a shorter one stands within it. */
const separator = /^_{20,}$/;

/**
 * The plain text of an online meeting's body as what people wrote and the block for joining. Null where the block cannot be told for sure: no link between two
 * separators, or one outside.
 */
export function partsOfText(text: string): BodyParts | null {
  const lines = text.split('\n');
  const blocks: { readonly from: number; readonly to: number }[] = [];
  for (const [index, line] of lines.entries()) {
    const last = blocks.at(-1);
    if (!joinLink.test(line) || (last !== undefined && index <= last.to)) continue;
    const from = lines.findLastIndex((each, at) => at < index && at > (last?.to ?? -1) && isSeparator(each));
    const length = lines[from]?.trim().length ?? 0;
    const to = lines.findIndex((each, at) => at > index && isSeparator(each) && each.trim().length >= length);
    if (from < 0 || to < 0) return null;
    blocks.push({ from, to });
  }
  if (blocks.length === 0) return null;
  const isIn = (at: number): boolean => blocks.some(({ from, to }) => at >= from && at <= to);
  return {
    people: lines.filter((_, at) => !isIn(at)).join('\n'),
    block: lines.filter((_, at) => isIn(at)).join('\n'),
  };
}

/** The HTML of an online meeting's body as what people wrote and the block for joining; null as for text. */
export function partsOfHtml(html: string): BodyParts | null {
  const links = linksIn(parsedHtml(html), []);
  const spans = new Map<number, Span>();
  for (const path of links) {
    const span = blockAround(path);
    if (span === null) return null;
    spans.set(span.from, span);
  }
  const ordered = [...spans.values()].sort((left, right) => left.from - right.from).filter(isOutermost);
  if (ordered.length === 0) return null;
  const ends = [0, ...ordered.map(({ to }) => to)];
  const people = ends.map((end, index) => html.slice(end, ordered[index]?.from)).join('');
  return { people, block: ordered.map(({ from, to }) => html.slice(from, to)).join('') };
}

/** Where a block stands in the source: from its first character to the one behind its last. */
interface Span {
  readonly from: number;
  readonly to: number;
}

function isOutermost(span: Span, _: number, all: readonly Span[]): boolean {
  return !all.some((other) => other !== span && other.from <= span.from && other.to >= span.to);
}

/** The nodes from the root down to each link for joining. */
function linksIn(nodes: readonly HtmlNode[], above: readonly HtmlNode[]): HtmlNode[][] {
  return nodes.flatMap((node) => {
    const path = [...above, node];
    const isLink = joinLink.test(attributeOf(node, 'href') ?? '') || joinLink.test(ownText(node) ?? '');
    return [...(isLink ? [path] : []), ...linksIn(childrenOf(node), path)];
  });
}

/** What stands around a link between two separators, and the element around that where it holds nothing else. */
function blockAround(path: readonly HtmlNode[]): Span | null {
  for (let depth = path.length - 1; depth >= 0; depth -= 1) {
    const node = path[depth];
    if (node === undefined) continue;
    const siblings = siblingsOf(node);
    const at = siblings.indexOf(node);
    const from = siblings.findLastIndex((each, index) => index < at && isSeparator(textBelow(each)));
    const length = textBelow(siblings[from] ?? node).trim().length;
    const to = siblings.findIndex((each, index) => index > at && isSeparator(textBelow(each)) && textBelow(each).trim().length >= length);
    if (from < 0 || to < 0) continue;
    return spanOf(siblings, from, to, path.slice(0, depth));
  }
  return null;
}

function spanOf(siblings: readonly HtmlNode[], from: number, to: number, above: readonly HtmlNode[]): Span | null {
  const parent = above.at(-1);
  const isAll = siblings.every((each, index) => (index >= from && index <= to) || isNothing(each));
  if (parent !== undefined && isAll && !['body', 'html'].includes(tagOf(parent) ?? '')) {
    const around = siblingsOf(parent);
    return spanOf(around, around.indexOf(parent), around.indexOf(parent), above.slice(0, -1));
  }
  const [start, end] = [siblings[from]?.startIndex ?? null, siblings[to]?.endIndex ?? null];
  return start === null || end === null ? null : { from: start, to: end + 1 };
}

function siblingsOf(node: HtmlNode): readonly HtmlNode[] {
  return node.parent === null ? [node] : node.parent.children;
}

function isSeparator(text: string): boolean {
  return separator.test(text.trim());
}

function isNothing(node: HtmlNode): boolean {
  return (ownText(node) ?? (tagOf(node) === null ? '' : 'an element')).trim() === '';
}
