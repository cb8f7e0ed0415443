import fc from 'fast-check';
import { PollMessage, pollSession, WakeUp, wakeUpSession } from '../../../shared/messaging/messages';
import { debounce } from '../../../shared/messaging/slots';

const look = { kind: 'look', integration: 'contoso', mailbox: 'm1', sentAt: 5 };
const work = { kind: 'work', integration: 'contoso', mailbox: 'm1', reason: 'syncNow', sentAt: 5 };
const feed = { kind: 'dynamicsFeed', integration: 'contoso', entity: 'task', slot: 7 };
const probe = { kind: 'exchangeProbe', integration: 'contoso', mailboxes: ['m1', 'm2'], slot: 7 };

describe('messages', () => {
  test.each([look, work])('%j is a wake-up', (message) => {
    expect(WakeUp.parse(JSON.parse(JSON.stringify(message)))).toEqual(message);
  });

  test.each([feed, probe])('%j is a poll', (message) => {
    expect(PollMessage.parse(JSON.parse(JSON.stringify(message)))).toEqual(message);
  });

  test.each([
    { ...look, reason: 'retry' },
    { ...work, reason: 'because' },
    { ...work, subject: 'Lunch' },
    { ...look, sentAt: '5' },
    { ...look, integration: 'Contoso|x' },
    { ...look, mailbox: '' },
    'look',
    null,
  ])('%j is no wake-up', (message) => {
    expect(WakeUp.safeParse(message).success).toBe(false);
  });

  test.each([
    { ...feed, entity: 'email' },
    { ...probe, mailboxes: [] },
    { ...probe, mailboxes: Array(61).fill('m') },
    { ...feed, cursor: 'x' },
  ])('%j is no poll', (message) => {
    expect(PollMessage.safeParse(message).success).toBe(false);
  });

  test('a feed and a mailbox have a session each, of at most 128 characters', () => {
    const longest = { integration: 'a'.repeat(40), mailbox: 'm'.repeat(64) };
    expect(pollSession(PollMessage.parse(feed))).toBe('contoso|task');
    expect(pollSession(PollMessage.parse(probe))).toBe('contoso|probe|m1');
    expect(wakeUpSession(longest).length).toBeLessThanOrEqual(128);
    expect(debounce(`syncNow|${wakeUpSession(longest)}`, Date.now(), 2_000).id.length).toBeLessThanOrEqual(128);
  });
});

describe('debouncing', () => {
  test('what happens within one slot is one, delivered after all of it', () => {
    const times = fc.integer({ min: 0, max: 2 ** 41 });
    fc.assert(
      fc.property(times, times, fc.integer({ min: 1, max: 60_000 }), (one, other, slotMs) => {
        const [first, second] = [debounce('x', one, slotMs), debounce('x', other, slotMs)];
        expect(first.at).toBeGreaterThan(one);
        expect(first.at - one).toBeLessThanOrEqual(slotMs);
        expect(first.id === second.id).toBe(Math.floor(one / slotMs) === Math.floor(other / slotMs));
        expect(debounce('y', one, slotMs).id).not.toBe(first.id);
      }),
    );
  });
});
