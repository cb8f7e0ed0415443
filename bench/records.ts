import type { Json } from '../local/walkthrough/desk';
import { atOnce } from '../shared/platform/at-once';
import type { Hands } from './hands';

export const entitySets = ['contacts', 'tasks', 'appointments'] as const;
export type EntitySet = (typeof entitySets)[number];

/** Records to make, by what their entity set is. */
export type Amounts = Readonly<Record<EntitySet, number>>;

const day = 86_400_000;
const createsAtOnce = 20;

/** As many contacts as tasks, and nothing else. */
export function contactsAndTasks(records: number): Amounts {
  return { contacts: Math.ceil(records / 2), tasks: Math.floor(records / 2), appointments: 0 };
}

/** Mostly contacts and tasks, and every tenth record an appointment. */
export function allEntities(records: number): Amounts {
  const appointments = Math.floor(records / 10);
  return { ...contactsAndTasks(records - appointments), appointments };
}

/** Makes records in Dynamics as their owner; the names of their items are `nameOf` with the same numbers. */
export async function makeRecords(hands: Hands, amounts: Amounts, from = 0): Promise<void> {
  const jobs = entitySets.flatMap((set) => Array.from({ length: amounts[set] }, (_, index) => ({ set, number: from + index })));
  await atOnce(createsAtOnce, jobs, ({ set, number }) => makeRecord(hands, set, number));
}

/** Makes one record and returns its row. */
export function makeRecord(hands: Hands, set: EntitySet, number: number): Promise<Json> {
  const organizer = { 'partyid_systemuser@odata.bind': `/systemusers(${hands.who.systemUserId})`, participationtypemask: 7 };
  const parties = set === 'appointments' ? { appointment_activity_parties: [organizer] } : {};
  return hands.dynamics('POST', set, { ...recordBody(set, number), ...parties });
}

/** What tells one record of a set from another, on both sides: last name or subject. */
export function nameOf(set: EntitySet, number: number): string {
  return { contacts: 'Contact', tasks: 'Task', appointments: 'Appointment' }[set] + String(number).padStart(6, '0');
}

/** A record with as many filled columns as one of a company that uses them. */
function recordBody(set: EntitySet, number: number): Json {
  const name = nameOf(set, number);
  const start = Math.floor(Date.now() / day) * day + (2 + (number % 60)) * day + (8 + (number % 9)) * 3_600_000;
  const at = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');
  switch (set) {
    case 'contacts':
      return {
        firstname: 'Bench',
        lastname: name,
        jobtitle: 'Purchasing Manager',
        department: 'Purchasing',
        emailaddress1: `${name.toLowerCase()}@bench.example`,
        telephone1: `+49 30 ${100_000 + number}`,
        mobilephone: `+49 170 ${100_000 + number}`,
        address1_line1: `${1 + (number % 200)} Market Street`,
        address1_city: 'Hamburg',
        address1_postalcode: '20095',
        address1_country: 'Germany',
        description: 'Prefers to be called in the morning. Met at the trade fair.',
      };
    case 'tasks':
      return {
        subject: name,
        description: 'Bring the signed copy, and ask about the next order.',
        scheduledend: at(start),
        prioritycode: number % 3,
      };
    case 'appointments':
      return {
        subject: name,
        location: 'Room 4',
        description: 'Numbers of the month.',
        scheduledstart: at(start),
        scheduledend: at(start + 3_600_000),
      };
  }
}
