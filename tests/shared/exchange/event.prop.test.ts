import fc from 'fast-check';
import { mergedAttendees } from '../../../shared/exchange/attendees';
import { eventBody, eventOf } from '../../../shared/exchange/event';
import { address, date, head, importance, instant, text, zone } from './arbitraries';

const timed = fc.tuple(instant, fc.integer({ min: 0, max: 100_000 })).map(([start, minutes]) => {
  const end = new Date(Date.parse(start) + minutes * 60_000).toISOString().slice(0, 19);
  return `${start}/${end}Z`;
});

const wholeDays = fc.tuple(date, fc.integer({ min: 1, max: 20 })).map(([start, days]) => {
  const end = new Date(Date.parse(start) + days * 86_400_000).toISOString().slice(0, 10);
  return `${start}/${end}`;
});

const invited = fc.uniqueArray(address, { maxLength: 6 }).chain((everybody) =>
  fc.tuple(fc.nat(everybody.length), fc.nat(everybody.length)).map(([one, other]) => {
    const [first, second] = [Math.min(one, other), Math.max(one, other)];
    return {
      requiredAttendees: everybody.slice(0, first).sort(),
      optionalAttendees: everybody.slice(first, second).sort(),
      resources: everybody.slice(second).sort(),
    };
  }),
);

const values = fc
  .record({
    plain: fc.record({
      subject: text,
      body: text,
      location: text,
      time: fc.oneof(timed, wholeDays),
      importance,
      status: fc.constantFrom('free', 'tentative', 'busy', 'oof'),
      regarding: text,
    }),
    invited,
  })
  .map(({ plain, invited: attendees }) => ({ ...plain, ...attendees }));

test('an event that was written reads back as the same values', () => {
  fc.assert(
    fc.property(values, zone, (written, where) => {
      const body = eventBody(written, {}, { zone: where, derived: {}, marker: 'i/appointment/r/1', rich: false, html: null });
      const attendees = mergedAttendees(written, { resources: written.resources }, []);
      const item = eventOf({ ...head, ...body, attendees }, { zone: where, rich: false }, true);
      expect(item.values).toEqual(written);
      expect(item.marker).toBe('i/appointment/r/1');
    }),
  );
});

test('new attendees never take away a room, a name or an answer that Exchange has', () => {
  fc.assert(
    fc.property(invited, invited, (before, after) => {
      const existing = [
        ...before.requiredAttendees.map((each) => ({
          type: 'required',
          status: { response: 'accepted' },
          emailAddress: { address: each, name: `N ${each}` },
        })),
        ...before.optionalAttendees.map((each) => ({
          type: 'optional',
          status: { response: 'none' },
          emailAddress: { address: each.toUpperCase(), name: each },
        })),
        ...before.resources.map((each) => ({ type: 'resource', emailAddress: { address: each, name: 'Room' } })),
        { type: 'required', emailAddress: { name: 'Somebody without an address' } },
      ];
      const { requiredAttendees, optionalAttendees } = after;
      const merged = mergedAttendees({ requiredAttendees, optionalAttendees }, before, existing);
      const wanted = new Set([...requiredAttendees, ...optionalAttendees, ...before.resources]);
      expect(merged.filter((each) => typeof each.emailAddress?.address === 'string')).toHaveLength(wanted.size);
      for (const each of existing) {
        const kept = merged.find((other) => other.emailAddress === each.emailAddress);
        const { address: known } = each.emailAddress as { address?: string };
        if (known !== undefined && !wanted.has(known.toLowerCase())) continue;
        expect(kept).toMatchObject({ ...each, type: expect.any(String) });
      }
    }),
  );
});
