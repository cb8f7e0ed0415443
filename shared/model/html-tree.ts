import { Parser, parseDocument } from 'htmlparser2';

/** A node of parsed HTML, with where it stands in its source. */
export type HtmlNode = ReturnType<typeof parseDocument>['children'][number];

/** Elements in elements beyond this are nothing that anybody wrote, and would take whoever walks the tree beyond the stack. */
const deepest = 500;

/** HTML as a tree; whatever it is, it has one (htmlparser2 repairs as browsers do). What is nested beyond reason is its text alone. */
export function parsedHtml(html: string): readonly HtmlNode[] {
  return parseDocument(shallowHtml(html), { withStartIndices: true, withEndIndices: true }).children;
}

/** The HTML itself, or its text where elements are nested beyond reason. */
export function shallowHtml(html: string): string {
  const texts: string[] = [];
  let depth = 0;
  let reached = 0;
  const parser = new Parser({
    onopentagname() {
      depth += 1;
      reached = Math.max(reached, depth);
    },
    onclosetag() {
      depth -= 1;
    },
    ontext: (text) => texts.push(text),
  });
  parser.end(html);
  return reached > deepest ? escapedHtml(texts.join('')) : html;
}

export function childrenOf(node: HtmlNode): readonly HtmlNode[] {
  return 'children' in node ? node.children : [];
}

/** The name of an element in lower case; null for text and everything else. */
export function tagOf(node: HtmlNode): string | null {
  return 'name' in node && 'attribs' in node ? node.name.toLowerCase() : null;
}

/** An attribute of an element as it is meant, entities decoded; null where there is none. */
export function attributeOf(node: HtmlNode, name: string): string | null {
  return 'attribs' in node ? (node.attribs[name] ?? null) : null;
}

/** The text of a node itself; null for an element, a comment and everything else. */
export function ownText(node: HtmlNode): string | null {
  return node.nodeType === 3 && 'data' in node ? node.data : null;
}

/** All text below a node, in order. */
export function textBelow(node: HtmlNode): string {
  return ownText(node) ?? childrenOf(node).map(textBelow).join('');
}

/** Text as it has to be written in HTML. */
export function escapedHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
