import { burst } from './burst';
import { newContact, single, theContact } from './contacts';
import type { Json } from './desk';
import type { Office } from './office';
import type { Step } from './step';
import { until } from './until';

const hour = 3_600_000;
/** More than the two seconds within which two edits count as made at the same time. */
const apartMs = 3_000;

function onDate(days: number, hourOfDay: number): Date {
  const day = new Date(Date.now() + days * 24 * hour);
  day.setUTCHours(hourOfDay, 0, 0, 0);
  return day;
}

function seconds(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z');
}

/** Edits travel, both ways and through trouble, with nothing but polls to find them. */
export const syncing: readonly Step[] = [
  {
    what: 'Her Dynamics tasks appear in Exchange',
    play: async ({ anna }) => {
      const rows = await anna.owned('tasks', 'statecode eq 0', 'subject');
      if (rows.length === 0) throw new Error('she has no open task');
      await until('every open task is in Exchange once', async () => {
        const titles = (await anna.tasks()).map(({ title }) => title);
        return rows.every(({ subject }) => titles.filter((title) => title === subject).length === 1);
      });
    },
  },
  {
    what: 'A task completed in Exchange is completed in Dynamics with its date',
    play: async ({ anna }) => {
      const row = await anna.dynamics('POST', 'tasks', { subject: 'Send the offer' });
      const task = await until('the task is in Exchange', async () => (await anna.tasks()).find(({ title }) => title === 'Send the offer'));
      const done = await anna.outlook('PATCH', `${await anna.taskList()}/tasks/${String(task.id)}`, { status: 'completed' });
      const date = String((done.completedDateTime as Json).dateTime).slice(0, 10);
      await until('the task is completed in Dynamics', async () => {
        const now = await anna.dynamics('GET', `tasks(${String(row.activityid)})?$select=statecode,statuscode,actualend,percentcomplete`);
        return now.statecode === 1 && now.statuscode === 5 && now.percentcomplete === 100 && String(now.actualend).startsWith(date);
      });
    },
  },
  {
    what: 'Her contacts appear in Exchange',
    play: async ({ anna }) => {
      const rows = await anna.owned('contacts', 'statecode eq 0', 'lastname,emailaddress1');
      if (rows.length === 0) throw new Error('she has no contact');
      await until('every contact is in Exchange once', async () => {
        const contacts = await anna.contacts();
        return rows.every(
          ({ lastname }) =>
            contacts.filter(({ surname }) => surname === lastname).length === rows.filter((row) => row.lastname === lastname).length,
        );
      });
    },
  },
  {
    what: 'A business phone changed in Exchange changes in Dynamics',
    play: async ({ anna }) => {
      const id = await newContact(anna, 'Phonewell', { telephone1: '+49 30 1000' });
      const contact = await theContact(anna, 'Phonewell');
      await anna.outlook('PATCH', `contacts/${String(contact.id)}`, { businessPhones: ['+49 30 2000'] });
      await until(
        'the phone is in Dynamics',
        async () => (await anna.dynamics('GET', `contacts(${id})?$select=telephone1`)).telephone1 === '+49 30 2000',
      );
    },
  },
  {
    what: 'An appointment made in Dynamics appears in her calendar',
    play: async ({ anna }) => {
      await anna.dynamics('POST', 'appointments', {
        subject: 'Review the contract',
        location: 'Room 4',
        scheduledstart: seconds(onDate(3, 9)),
        scheduledend: seconds(onDate(3, 10)),
        appointment_activity_parties: [
          { 'partyid_systemuser@odata.bind': `/systemusers(${anna.who.systemUserId})`, participationtypemask: 7 },
        ],
      });
      await until('the event is in her calendar', async () => {
        const event = single(
          (await anna.events()).filter(({ subject }) => subject === 'Review the contract'),
          'the appointment',
        );
        return event !== undefined && String((event.start as Json).dateTime).startsWith(seconds(onDate(3, 9)).slice(0, 16));
      });
    },
  },
  {
    what: 'It is moved in Exchange and moves in Dynamics',
    play: async ({ anna }) => {
      const event = (await anna.events()).find(({ subject }) => subject === 'Review the contract');
      const at = (date: Date): Json => ({ dateTime: seconds(date).replace('Z', ''), timeZone: 'UTC' });
      await anna.outlook('PATCH', `events/${String(event?.id)}`, { start: at(onDate(4, 14)), end: at(onDate(4, 15)) });
      await until('the appointment has moved', async () => {
        const { value } = await anna.dynamics(
          'GET',
          `appointments?$filter=subject eq 'Review the contract'&$select=scheduledstart,scheduledend`,
        );
        const [row] = value as Json[];
        return row?.scheduledstart === seconds(onDate(4, 14)) && row.scheduledend === seconds(onDate(4, 15));
      });
    },
  },
  {
    what: 'A contact born in Exchange does not appear in Dynamics',
    play: async (office) => {
      const { anna } = office;
      await anna.outlook('POST', 'contacts', { givenName: 'Own', surname: 'Privately' });
      await office.cycleNow([anna.who]);
      await office.cycleNow([anna.who]);
      const { value } = await anna.dynamics('GET', `contacts?$filter=lastname eq 'Privately'&$select=contactid`);
      if ((value as Json[]).length > 0) throw new Error('it was created in Dynamics');
    },
  },
  {
    what: 'Both sides edit different fields of one contact, and both edits survive',
    play: async (office) => {
      const { anna } = office;
      const id = await newContact(anna, 'Bothways', { jobtitle: 'Buyer', department: 'East' });
      const contact = await theContact(anna, 'Bothways');
      await together(office, async () => {
        await anna.dynamics('PATCH', `contacts(${id})`, { jobtitle: 'Head of Buying' });
        await anna.outlook('PATCH', `contacts/${String(contact.id)}`, { department: 'West' });
      });
      await until('both edits are on both sides', async () => {
        const row = await anna.dynamics('GET', `contacts(${id})?$select=jobtitle,department`);
        const item = await anna.outlook('GET', `contacts/${String(contact.id)}`);
        return (
          row.jobtitle === 'Head of Buying' && row.department === 'West' && item.jobTitle === 'Head of Buying' && item.department === 'West'
        );
      });
    },
  },
  {
    what: 'Both edit the same field: the newest wins and the journal keeps the loser',
    play: async (office) => {
      const { anna } = office;
      const id = await newContact(anna, 'Quarrel', { jobtitle: 'Clerk' });
      const contact = await theContact(anna, 'Quarrel');
      await together(office, async () => {
        await anna.dynamics('PATCH', `contacts(${id})`, { jobtitle: 'Older title' });
        const edited = Date.now();
        await until('the edits are clearly apart', async () => Date.now() - edited > apartMs);
        await anna.outlook('PATCH', `contacts/${String(contact.id)}`, { jobTitle: 'Newer title' });
      });
      await until('the newest has won on both sides', async () => {
        const row = await anna.dynamics('GET', `contacts(${id})?$select=jobtitle`);
        const item = await anna.outlook('GET', `contacts/${String(contact.id)}`);
        return row.jobtitle === 'Newer title' && item.jobTitle === 'Newer title';
      });
      const kept = (await office.journal(anna.who)).some(
        (entry) => entry.recordId === id && entry.field === 'jobTitle' && entry.value === JSON.stringify('Older title'),
      );
      if (!kept) throw new Error('the journal lacks the value that lost');
    },
  },
  {
    what: 'A contact is reassigned and changes mailboxes',
    play: async (office) => {
      const { anna, ben } = office;
      await office.enable(ben.who);
      const id = await newContact(anna, 'Wanderer');
      await theContact(anna, 'Wanderer');
      await anna.dynamics('PATCH', `contacts(${id})`, { 'ownerid@odata.bind': `/systemusers(${ben.who.systemUserId})` });
      await theContact(ben, 'Wanderer');
      await until('it is gone from her mailbox', async () => !(await anna.contacts()).some(({ surname }) => surname === 'Wanderer'));
    },
  },
  {
    what: 'A task deleted in Dynamics disappears',
    play: async ({ anna }) => {
      const row = await anna.dynamics('POST', 'tasks', { subject: 'Never mind' });
      await until('the task is in Exchange', async () => (await anna.tasks()).some(({ title }) => title === 'Never mind'));
      await anna.dynamics('DELETE', `tasks(${String(row.activityid)})`);
      await until('the task is gone', async () => !(await anna.tasks()).some(({ title }) => title === 'Never mind'));
    },
  },
  {
    what: 'Graph answers 429 for ten seconds and everything still arrives',
    play: async (office) => {
      const { anna } = office;
      await office.fault({ service: 'graph', kind: 'throttle', retryAfterSeconds: 2, forMs: 10_000 });
      const subjects = Array.from({ length: 20 }, (_, index) => `Through the storm ${index + 1}`);
      await Promise.all(subjects.map((subject) => anna.dynamics('POST', 'tasks', { subject })));
      await until('all of it is in Exchange once', async () => {
        const titles = (await anna.tasks()).map(({ title }) => title);
        return subjects.every((subject) => titles.filter((title) => title === subject).length === 1);
      });
    },
  },
  { what: 'The functions host is killed and restarted during a burst of 200 edits, and nothing is lost or doubled', play: burst },
];

/** Everything is in step, and stays as it is. */
export const atRest: Step = {
  what: 'A final cycle writes nothing on either side',
  play: async (office) => {
    const people = [office.anna.who, office.ben.who];
    await office.cycleNow(people);
    await office.resetCounters();
    await office.cycleNow(people);
    await office.cycleNow(people);
    const writes = await office.writes();
    if (writes.length > 0) throw new Error(`it wrote ${writes.join(', ')}`);
  },
};

/** Plays edits while Tandem cannot reach Exchange, so that it meets all of them at once. People's own calls are not disturbed: only Tandem batches. */
async function together(office: Office, edits: () => Promise<void>): Promise<void> {
  await office.fault({ service: 'graph', path: '\\$batch', kind: 'error', status: 503, retryAfterSeconds: 1 });
  try {
    await edits();
  } finally {
    await office.clearFaults();
  }
}
