import fc from 'fast-check';
import { joinableBody } from '../../../shared/exchange/texts';
import { partsOfHtml, partsOfText } from '../../../shared/model/joining-block';

const line = '_'.repeat(80);
const join = 'https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%7d';

/** Blocks in the forms in which Teams and Outlook have written them. */
const htmlBlocks = [
  `<div class="me-email-text" lang="en-US" style="max-width:1024px">\r\n<div aria-hidden="true" style="white-space:nowrap">\r\n${line}</div>\r\n<div><a href="${join}" id="meet_invite_block.action.join_link">Join\r\n the meeting now</a> </div>\r\n<div><hr></div>\r\n<div>For organizers: <a href="https://teams.microsoft.com/meetingOptions/?x=1&amp;y=2">Meeting options</a></div>\r\n<div aria-hidden="true">\r\n${line}</div>\r\n</div>`,
  `<div style="width:100%; height:20px"><span style="opacity:.36">${line}</span> </div>\r\n<div class="me-email-text"><div><a class="me-email-headline" href="${join}">Click here to join the meeting</a></div></div>\r\n<div style="width:100%"><span>${line}</span> </div>`,
  `${line}<br>\r\nMicrosoft Teams meeting<br>\r\nJoin: https://teams.microsoft.com/meet/496119491249482?p=Dqox<br>\r\n${'_'.repeat(32)}<br>\r\nDial in by phone<br>\r\n${line}`,
  `<div>${line}</div><p><a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fteams.microsoft.com%2Fl%2Fmeetup-join%2F19">Join</a></p><div>${line}</div>`,
];
const textBlocks = [
  `${line}\nMicrosoft Teams Need help?<https://aka.ms/JoinTeamsMeeting>\nJoin the meeting now<${join}>\nMeeting ID: 123\n${'_'.repeat(32)}\nDial in by phone\n${line}`,
  `${line}\nMicrosoft Teams meeting\nJoin: https://teams.microsoft.com/meet/4961?p=x\n${line}`,
  `${line}\nJoin [https://teams.live.com/meet/9312]\n----------------------------------------\n${line}`,
];

const words = fc.constantFrom('', 'Agenda', 'a < b & c', '<b>', 'https://adatum.example', 'lines\nof\ntext');
const shells = fc.constantFrom(
  (inner: string) => inner,
  (inner: string) => `<html>\r\n<head>\r\n</head>\r\n<body>\r\n${inner}\r\n</body>\r\n</html>\r\n`,
  (inner: string) => `<html><body><div class="WordSection1"><font size="2">${inner}</font></div></body></html>`,
  (inner: string) => `<div>${inner}`,
);
const markup = fc.constantFrom(
  '',
  '<p>Agenda</p>',
  '<br>',
  '<div><b>One</b>',
  '<ul><li>One</li></ul>',
  'text &amp; more<br>',
  '<p>________</p>',
);

test('whatever is written into an online meeting, the block for joining survives byte for byte', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...htmlBlocks),
      shells,
      markup,
      markup,
      fc.option(words, { nil: null }),
      fc.boolean(),
      (block, shell, before, after, text, rich) => {
        const current = shell(`${before}${block}<br>${after}`);
        const body = joinableBody(text, rich, current);
        expect(body?.contentType).toBe('html');
        expect(body?.content).toContain(block);
        expect(partsOfHtml(body?.content ?? '')?.block).toContain(block);
        expect(partsOfHtml(current)?.people).not.toContain('meetup-join');
        for (const kept of [before, after]) expect(partsOfHtml(current)?.people).toContain(kept);
      },
    ),
  );
});

test('the text of an online meeting is what people wrote above and below the block', () => {
  fc.assert(
    fc.property(fc.constantFrom(...textBlocks), words, words, (block, before, after) => {
      expect(partsOfText(`${before}\n${block}\n${after}`)).toEqual({ people: `${before}\n${after}`, block });
    }),
  );
});

test.each([
  ['has no link', `${line}\nMicrosoft Teams meeting\n${line}`, `<div>${line}</div>Microsoft Teams<div>${line}</div>`],
  ['has no end', `${line}\nJoin<${join}>\nbye`, `<div>${line}</div><a href="${join}">Join</a><p>bye</p>`],
  ['has no beginning', `Join<${join}>\n${line}`, `<a href="${join}">Join</a><div>${line}</div>`],
  ['has another link outside', `or ${join}\n${textBlocks[0]}`, `<p>or <a href="${join}">here</a></p>${htmlBlocks[0]}`],
])('a block that %s is not told from what people wrote', (_, text, html) => {
  expect(partsOfText(text)).toBeNull();
  expect(partsOfHtml(html)).toBeNull();
  expect(joinableBody('New', false, html)).toBeNull();
});
