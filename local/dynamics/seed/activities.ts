import { DateTime } from 'luxon';
import { findIana } from 'windows-iana';
import { type Person, people } from '../../company/people';
import type { Reference, Table, Value } from '../schema';
import type { Row } from '../shelf';
import { tables } from '../tables';
import { timestamp } from '../values';
import { accountId, contactCount, contactId } from './customers';
import { type Plant, seedId } from './plant';

type Close = (owner: string, table: Table, row: Row, values: Readonly<Record<string, Value>>) => Row;

const chores = ['Call back about the offer', 'Prepare the visit', 'Send the price list', 'Check open questions'];

/**
 * A person's tasks, open and completed, a phone call, some people's letters and faxes, and her two appointments, one all day, one with guests; every
 * fourth person works on a service activity together with the next.
 */
export function seedActivities(plant: Plant, close: Close, owner: Person, index: number, now: number): void {
  const today = DateTime.fromMillis(now, { zone: findIana(owner.timeZone)[0] ?? 'utc' }).startOf('day');
  const account: Reference = { table: 'account', id: accountId(index % 8) };
  const contact: Reference = { table: 'contact', id: contactId((index * 5) % contactCount) };
  const at = (days: number, hour: number) => timestamp(today.plus({ days }).set({ hour }).toMillis());
  const taskId = (number: number) => seedId('7a5c0000', index * 10 + number);

  for (const [number, subject] of chores.slice(0, 2 + (index % 3)).entries())
    plant(owner.systemUserId, tables.task, taskId(number + 1), {
      subject,
      description: `For ${owner.firstName}.`,
      scheduledend: at(number - 1, 17),
      prioritycode: number % 3,
      ...(number === 1 ? { statuscode: 3, percentcomplete: 40 } : {}),
      ...(number % 2 === 0 ? { regardingobjectid: account } : {}),
    });
  const done = plant(owner.systemUserId, tables.task, taskId(9), { subject: 'Write the minutes', scheduledend: at(-3, 12) });
  close(owner.systemUserId, tables.task, done, { statecode: 1, statuscode: 5, actualend: at(-3, 11) });
  plant(
    owner.systemUserId,
    tables.phoneCall,
    seedId('ca110000', index * 10 + 1),
    {
      subject: 'Ask when to deliver',
      description: 'They open at eight.',
      phonenumber: `+49 30 55500${10 + index}`,
      scheduledend: at(1 + (index % 3), 15),
      regardingobjectid: account,
    },
    [
      { participationtypemask: 1, partyid: userReference(owner) },
      { participationtypemask: 2, partyid: contact },
    ],
  );
  if (index % 3 === 0)
    plant(owner.systemUserId, tables.letter, seedId('1e77e200', index * 10 + 1), {
      subject: 'Thank for the order',
      scheduledend: at(5, 12),
    });
  if (index % 4 === 0)
    plant(owner.systemUserId, tables.fax, seedId('fa800000', index * 10 + 1), {
      subject: 'Signed contract',
      faxnumber: `+49 30 55509${10 + index}`,
      scheduledend: at(2, 12),
    });

  const organizer = { participationtypemask: 7, partyid: userReference(owner) };
  plant(
    owner.systemUserId,
    tables.appointment,
    seedId('a4401700', index * 10 + 1),
    {
      subject: 'Trade fair',
      location: 'Hall 4',
      isalldayevent: true,
      scheduledstart: at(4 + (index % 5), 0),
      scheduledend: at(5 + (index % 5), 0),
      statuscode: 6,
    },
    [organizer],
  );
  const colleague = people[(index + 1) % people.length] ?? owner;
  plant(
    owner.systemUserId,
    tables.appointment,
    seedId('a4401700', index * 10 + 2),
    {
      subject: `Review with ${colleague.firstName}`,
      description: 'Numbers of the month and next steps.',
      location: 'Room 2',
      scheduledstart: at(1 + (index % 4), 10),
      scheduledend: at(1 + (index % 4), 11),
      regardingobjectid: contact,
    },
    [
      organizer,
      { participationtypemask: 5, partyid: userReference(colleague) },
      { participationtypemask: 5, partyid: contact },
      { participationtypemask: 6, addressused: `guest${index + 1}@visitors.example` },
    ],
  );
  if (index % 4 !== 0) return;
  plant(
    owner.systemUserId,
    tables.serviceAppointment,
    seedId('5e241ce0', index * 10 + 1),
    { subject: 'Inspect the cooling', location: 'Plant 2', scheduledstart: at(3, 8), scheduledend: at(3, 10), regardingobjectid: account },
    [
      { participationtypemask: 10, partyid: userReference(owner) },
      { participationtypemask: 10, partyid: userReference(colleague) },
      { participationtypemask: 11, partyid: contact },
    ],
  );
}

function userReference(person: Person): Reference {
  return { table: 'systemuser', id: person.systemUserId };
}
