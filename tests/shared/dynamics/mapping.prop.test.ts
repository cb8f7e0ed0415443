import fc from 'fast-check';
import { newAddresses, partiesAfter, partiesColumn, partiesIn, partiesProperty } from '../../../shared/dynamics/parties';
import type { Row } from '../../../shared/dynamics/row';
import { tableOf } from '../../../shared/dynamics/tables';
import type { Entity, Values } from '../../../shared/model/values';
import { addresses, appointmentValues, contactValues, now, taskValues, zone } from './arbitraries';
import { differences, emptyRow, party, written } from './rows';

/** Writes what differs from the row's values, as the client would, and returns the row that comes of it. */
function change(entity: Entity, row: Row, wanted: Values, inZone: string): Row {
  const { recordOf, columnsOf } = tableOf(entity, {});
  const current = recordOf(row, inZone).values;
  const changes = differences(entity, current, wanted);
  return written(row, { ...columnsOf(changes, current, { zone: inZone, now }), ...attendees(row, changes) }, rowAddresses);
}

/** Anna and Carl have rows; the others are known by address alone. */
const rowAddresses: Record<string, string> = { anna: 'anna@x.example', carl: 'carl@y.example' };
const rowsByAddress = new Map(Object.entries(rowAddresses).map(([id, address]) => [address, { table: 'contact', id }]));

function attendees(row: Row, changes: Values): Row {
  if (!('requiredAttendees' in changes || 'optionalAttendees' in changes)) return {};
  const parties = partiesIn(row);
  const known = new Map([...rowsByAddress].filter(([address]) => newAddresses(parties, changes).includes(address)));
  return partiesColumn(partiesAfter(parties, changes, known), partiesProperty);
}

function roundTrip(entity: Entity, start: Row, first: Values, second: Values, inZone: string): void {
  const { recordOf } = tableOf(entity, {});
  const once = change(entity, start, first, inZone);
  expect(recordOf(once, inZone).values).toMatchObject(first);
  const twice = change(entity, once, second, inZone);
  expect(recordOf(twice, inZone).values).toMatchObject(second);
  const { values } = recordOf(twice, inZone);
  expect(differences(entity, values, second)).toEqual({});
}

test('a task that is written reads as it was written, in every zone, twice over', () => {
  fc.assert(
    fc.property(
      zone.chain((inZone) => fc.tuple(fc.constant(inZone), taskValues(inZone), taskValues(inZone))),
      ([inZone, first, second]) => roundTrip('task', { ...emptyRow, statuscode: 2 }, first, second, inZone),
    ),
    { numRuns: 500 },
  );
});

test('a contact that is written reads as it was written, whatever slots were filled before', () => {
  const slots = fc.record(
    Object.fromEntries(
      ['emailaddress1', 'emailaddress2', 'emailaddress3', 'telephone1', 'business2', 'telephone2', 'home2'].map((column) => [
        column,
        fc.option(fc.constantFrom('a', 'b', 'c')),
      ]),
    ),
  );
  fc.assert(
    fc.property(slots, contactValues, contactValues, (filled, first, second) =>
      roundTrip('contact', { ...emptyRow, ...filled }, first, second, 'UTC'),
    ),
    { numRuns: 500 },
  );
});

test('an appointment that is written reads as it was written, in every zone, and keeps everybody who is no attendee', () => {
  const others = [
    party(7, 'systemuser', 'greta', 'greta@x.example'),
    party(10, 'equipment', 'beamer', null),
    party(5, 'queue', 'hotline', null),
  ];
  fc.assert(
    fc.property(zone, appointmentValues, appointmentValues, (inZone, first, second) => {
      const row = { ...emptyRow, statuscode: 1, [partiesProperty]: others };
      roundTrip('appointment', row, first, second, inZone);
      const after = partiesIn(change('appointment', row, first, inZone));
      expect(after.flatMap((each) => each.row?.id ?? [])).toEqual(expect.arrayContaining(['greta', 'beamer', 'hotline']));
    }),
    { numRuns: 500 },
  );
});

test('an attendee who has a row stays bound to it', () => {
  fc.assert(
    fc.property(fc.subarray(addresses), fc.subarray(addresses), (first, second) => {
      const start = change('appointment', emptyRow, { requiredAttendees: first, optionalAttendees: [] }, 'UTC');
      const end = change('appointment', start, { requiredAttendees: second, optionalAttendees: first }, 'UTC');
      for (const { address, row } of partiesIn(end)) expect(row?.id).toBe(rowsByAddress.get(address ?? '')?.id);
    }),
  );
});
