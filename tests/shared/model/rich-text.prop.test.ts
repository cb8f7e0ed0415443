import fc from 'fast-check';
import { htmlOfText, isHtml, normalHtml, normalRichText, sameRichText, textOfHtml } from '../../../shared/model/rich-text';

const words = fc.constantFrom('Bring the offer', 'a < b', ' two  words ', '&amp;', '<b>', 'x');
const marks = fc.constantFrom('b', 'strong', 'i', 'u', 'span', 'font', 'strike', 'code');
const shells = fc.constantFrom('p', 'div', 'blockquote', 'h2', 'ul', 'li', 'table', 'tr', 'td', 'body', 'section', 'custom', 'script', 'a');

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Any HTML, well formed or not. */
const html = fc.letrec<{ readonly node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    words.map(escaped),
    fc.constantFrom(
      '<br>',
      '<hr/>',
      '\r\n',
      '&nbsp;',
      '<img src="x">',
      '<!-- note -->',
      '</p>',
      '<p>',
      '<a href="https://adatum.example/?a=1&amp;b=2">there</a>',
    ),
    fc.tuple(marks, tie('node')).map(([tag, inner]) => `<${tag} style="color:red">${inner}</${tag}>`),
    fc.tuple(shells, fc.array(tie('node'), { maxLength: 4 })).map(([tag, inner]) => `<${tag} class="x">${inner.join('')}</${tag}>`),
  ),
})).node;

test('what was brought to the one form stays as it is', () => {
  fc.assert(
    fc.property(html, (text) => {
      const once = normalHtml(text);
      expect(normalRichText(once)).toBe(once);
    }),
  );
});

test('HTML in its one form is told from plain text, and holds nothing that a browser would run', () => {
  fc.assert(
    fc.property(
      html,
      fc.constantFrom('', '<script>run()</script>', '<a href="javascript:run()" onclick="run()"><b>x</b></a>'),
      (text, evil) => {
        const normal = normalHtml(`${text}${evil}`);
        if (normal === null || !isHtml(normal)) return;
        expect(normal).not.toMatch(/<script|javascript:|onclick/);
        for (const [tag] of normal.matchAll(/<[^>]*>/g)) expect(tag).toMatch(/^<\/?(?:[a-z]+[1-6]?)(?: href="[^"]*")?>$/);
      },
    ),
  );
});

test('plain text comes back from HTML as it went there', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('Bring', 'a < b', '<p>', '</p>', 'x & y', '"'), { minLength: 1, maxLength: 6 }), (lines) => {
      const text = lines.join('\n');
      expect(textOfHtml(htmlOfText(text))).toBe(text);
      const normal = normalHtml(htmlOfText(text));
      expect(normal === null || isHtml(normal) ? textOfHtml(normal ?? '') : normal).toBe(text);
    }),
  );
});

test.each([
  [
    '<html><head><style>p{}</style></head><body><div><p class="MsoNormal"><b>Bring</b> the&nbsp;offer</p></div></body></html>',
    '<p><strong>Bring</strong> the offer</p>',
  ],
  ['<div class="ck-content" data-wrapper="true"><p>one</p><p>two</p></div>', 'one\n\ntwo'],
  ['<p><span style="color:red">no more than text</span></p>', 'no more than text'],
  ['<ul>\r\n<li><p>one</p></li>\r\n<li>two<br></li></ul>', '<ul><li>one</li><li>two</li></ul>'],
  [
    '<p>see <a href="https://adatum.example/x?a=1&amp;b=2" target="_blank">here</a></p>',
    '<p>see <a href="https://adatum.example/x?a=1&amp;b=2">here</a></p>',
  ],
  ['<table><tbody><tr><td><b>a</b></td><td></td></tr></tbody></table>', '<table><tr><td><strong>a</strong></td><td></td></tr></table>'],
  ['<p>&lt;b&gt;</p>', '<p>&lt;b&gt;</p>'],
  ['<p> </p>', null],
])('the one form of %j is %j', (given, normal) => {
  expect(normalHtml(given)).toBe(normal);
});

test.each(['div', 'b', 'table', 'custom'])('HTML with %s nested beyond reason is its text', (tag) => {
  const deep = `${`<${tag}>`.repeat(20_000)}a &lt; b${`</${tag}>`.repeat(20_000)}`;
  expect(normalHtml(deep)).toBe('a < b');
  expect(textOfHtml(deep)).toBe('a < b');
});

test('text is the same as HTML that says no more, and never the same as other words', () => {
  expect(sameRichText('Bring the offer', '<p><strong>Bring</strong> the offer</p>')).toBe(true);
  expect(sameRichText('Bring the offers', '<p><strong>Bring</strong> the offer</p>')).toBe(false);
  expect(sameRichText('<p>Bring <em>the offer</em></p>', '<p><strong>Bring</strong> the offer</p>')).toBe(false);
  expect(sameRichText(null, '<p><strong>x</strong></p>')).toBe(false);
});

test.each([
  ['a < b', false],
  ['<use> this', false],
  ['<unknown>x</unknown>', false],
  ['<p>x</p>', true],
  [' <div class="a">x</div>\n', true],
  ['<b>bold</b> and then text', false],
])('whether %j is HTML: %j', (text, expected) => {
  expect(isHtml(text)).toBe(expected);
});
