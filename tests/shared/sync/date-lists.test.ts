import { datesTouched, invitedToDates, touchesDateLists, withoutDateLists } from '../../../shared/sync/date-lists';

const [first, second] = ['2026-10-12T09:00:00Z', '2026-10-19T09:00:00Z'];
const guest = `${first}|requiredAttendees|ben@x.example`;
const guests = `${second}|optionalAttendees|cora@x.example,dan@x.example`;
const nobody = `${second}|optionalAttendees|`;
const renamed = `${first}|subject|Another`;
const gone = `${second}|deleted|true`;

test('whoever is invited to a single date is named, and nobody by a date that invites nobody', () => {
  expect(invitedToDates({ occurrences: [guest, renamed, guests] })).toEqual(['ben@x.example', 'cora@x.example', 'dan@x.example']);
  expect(invitedToDates({ occurrences: [nobody, gone] })).toEqual([]);
  expect(invitedToDates({})).toEqual([]);
});

test('a change touches the lists of dates where it says something else about whom a date invites', () => {
  expect(touchesDateLists({ occurrences: [guest, renamed] }, { occurrences: [guest] })).toBe(false);
  expect(touchesDateLists({ occurrences: [guests, guest] }, { occurrences: [guest, guests] })).toBe(false);
  expect(touchesDateLists({ occurrences: [renamed] }, { occurrences: [guest] })).toBe(true);
  expect(touchesDateLists({ occurrences: [guest] }, {})).toBe(true);
  expect(touchesDateLists({ occurrences: [guest, guests] }, { occurrences: [guest, nobody] })).toBe(true);
});

test('a change of anything else touches no list, though dates invite people', () => {
  expect(touchesDateLists({ subject: 'Another' }, { occurrences: [guest] })).toBe(false);
});

test('a date is touched where something about it comes, goes or changes, and only there', () => {
  expect(datesTouched({ occurrences: [renamed, gone] }, { occurrences: [renamed] })).toEqual([Date.parse(second)]);
  expect(datesTouched({ occurrences: [renamed] }, { occurrences: [renamed, gone] })).toEqual([Date.parse(second)]);
  expect(datesTouched({ occurrences: [renamed] }, { occurrences: [renamed] })).toEqual([]);
  expect(datesTouched({ occurrences: [renamed] }, { occurrences: [gone] })).toEqual([Date.parse(first), Date.parse(second)]);
});

describe('the changes with the lists of dates left as they are', () => {
  test('are the changes themselves where they touch no list', () => {
    const changes = { subject: 'Another', occurrences: [renamed] };
    expect(withoutDateLists(changes, { occurrences: [gone] })).toBe(changes);
  });

  test('say nothing about dates where nothing but lists was to change', () => {
    expect(withoutDateLists({ subject: 'Another', occurrences: [renamed, guest] }, { occurrences: [renamed] })).toEqual({
      subject: 'Another',
    });
    expect(withoutDateLists({ occurrences: [renamed] }, { occurrences: [guest, renamed] })).toEqual({});
  });

  test('say everything else about dates, with the lists that stand', () => {
    expect(withoutDateLists({ occurrences: [renamed, guests] }, { occurrences: [guest] })).toEqual({ occurrences: [guest, renamed] });
    expect(withoutDateLists({ occurrences: [guests] }, { occurrences: [renamed] })).toEqual({ occurrences: [] });
  });
});
