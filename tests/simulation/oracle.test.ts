import { play } from '../../local/simulation/play';
import type { WorldServices } from '../../local/simulation/stage';
import type { Step, Story } from '../../local/simulation/story';
import type { Broken } from '../../local/simulation/tandem';
import type { ItemWrite, Mailbox } from '../../shared/exchange/exchange';
import { IntegrationSettings } from '../../shared/model/integration-settings';

/** Which of three entities a step is about: see `entityOf`. */
const task = 0;
const contact = 1;
const appointment = 2;

/** Which kind of correspondence a step is about. */
const letter = 1;

const madeSeries = { kind: 'makeSeries', rest: 'hour' } as const;

/** The first field of an entity, as another value: see `fieldOf` and `edited`. */
const anotherText = 0;

function story(...steps: readonly (Pick<Step, 'kind'> & Partial<Step>)[]): Story {
  const told = steps.map((step, id): Step => ({ id, on: 'e0', who: 0, pick: 0, gapMs: 5_000, rest: 'round', ...step }));
  return { seed: 1, ways: {}, steps: told, faults: [] };
}

const made = (entity: number) => ({ kind: 'makeRecord', pick: entity, rest: 'hour' }) as const;

/** Breaks what a mailbox does. */
function withMailbox(change: (mailbox: Mailbox, services: WorldServices) => Partial<Mailbox>): Broken {
  return (services) => ({
    ...services,
    exchange: {
      ...services.exchange,
      mailbox(user) {
        const mailbox = services.exchange.mailbox(user);
        return { ...mailbox, ...change(mailbox, services) };
      },
    },
  });
}

const noJournal: Broken = (services) => ({ ...services, journal: { ...services.journal, write: async () => undefined } });

const invitesPeople: Broken = withMailbox((mailbox) => ({
  write: (writes, notAfter) => mailbox.write(writes.map(withGuest), notAfter),
}));

function withGuest(write: ItemWrite): ItemWrite {
  if (write.kind !== 'create' || write.itemKind !== 'event') return write;
  return { ...write, values: { ...write.values, requiredAttendees: ['guest@fabrikam.example'] } };
}

const takesAbsenceForDeletion: Broken = withMailbox(() => ({ fate: async () => ({ kind: 'deleted' }) }));

const writesAgainAndAgain: Broken = withMailbox((mailbox, { clock }) => ({
  async drain(cursors, withMarks) {
    const drained = await mailbox.drain(cursors, withMarks);
    const again = drained.flatMap((each) => (each.kind === 'page' ? each.changed : []));
    for (const item of again) {
      const ref = { kind: item.kind, id: item.id, feed: item.feed };
      await mailbox.write(
        [{ kind: 'update', key: 'again', ref, version: item.version, changes: { subject: 'again' }, current: item.values, derived: {} }],
        clock.now() + 1_000,
      );
    }
    return drained;
  },
}));

const createsTwice: Broken = withMailbox((mailbox) => ({
  async write(writes, notAfter) {
    const creates = writes.filter((write) => write.kind === 'create' && write.itemKind !== 'event');
    if (creates.length > 0) await mailbox.write(creates, notAfter);
    return mailbox.write(writes, notAfter);
  },
}));

const savesTheCursorEarly: Broken = (services) => ({
  ...services,
  dynamics(integration) {
    const dynamics = services.dynamics(integration);
    return {
      ...dynamics,
      async readFeed(entity, cursor) {
        const page = await dynamics.readFeed(entity, cursor);
        return cursor === null || page.rows.length < 1 ? page : { ...page, rows: page.full ? page.rows : [] };
      },
    };
  },
});

/** Its processes go by other settings than the admin's. */
function withSettings(other: Partial<IntegrationSettings>): Broken {
  return (services) => ({
    ...services,
    integrations: {
      ...services.integrations,
      async get(id) {
        const known = await services.integrations.get(id);
        return known === null ? null : { ...known, settings: { ...known.settings, ...other } };
      },
    },
  });
}

const hasNoBrake = withSettings({ brake: IntegrationSettings.parse({}).brake });
const hearsNoWish = withSettings({ trackCategorizedItems: false });
const takesCopiesForItems = withSettings({ ignoreCopies: false });
const deletesWhatLeaves = withSettings({ leftFilter: 'delete' });

/** Of a series it writes everything but what single dates have of their own. */
const forgetsDates: Broken = withMailbox((mailbox) => ({
  write: (writes, notAfter) => mailbox.write(writes.map(withoutDates), notAfter),
}));

function withoutDates(write: ItemWrite): ItemWrite {
  if (write.kind !== 'update') return write;
  const { occurrences: _dates, ...changes } = write.changes;
  return { ...write, changes };
}

const talksTooMuch: Broken = withMailbox((mailbox, { log }) => ({
  write(writes, notAfter) {
    log.info('writing', { writes: JSON.stringify(writes) });
    return mailbox.write(writes, notAfter);
  },
}));

describe('the oracle of the simulation notices', () => {
  const clash = { kind: 'clash', pick: anotherText };
  const trackedEvent = { kind: 'trackItem', pick: appointment, rest: 'hour' } as const;
  const filter = (entity: number) => ({ kind: 'filterAll', on: null, pick: entity, rest: 'hour' }) as const;
  const edit = { kind: 'editRecord', pick: anotherText };
  test.each([
    ['a journal that keeps nothing', 'promise 1', noJournal, story(made(contact), clash)],
    ['an invitation that nobody asked for', 'promise 2', invitesPeople, story(made(appointment))],
    ['a deletion that nobody proved', 'promise 3', takesAbsenceForDeletion, story(made(task), { kind: 'moveItem' })],
    ['writes that never end', 'promise 4', writesAgainAndAgain, story(made(task), { ...edit, rest: 'hour' })],
    ['a second copy', 'promise 5', createsTwice, story(made(task))],
    ['a cursor that is saved before its changes are safe', 'promise 6', savesTheCursorEarly, story(made(contact), edit)],
    ['a brake that does not hold', 'promise 8', hasNoBrake, { ...story(made(task), { kind: 'deleteRecord' }), ways: { brake: 0 } }],
    ['one date of a series that says different things', 'promise 6', forgetsDates, story(madeSeries, { kind: 'editDate' })],
    ['a date of a series that is gone on one side alone', 'promise 6', forgetsDates, story(madeSeries, { kind: 'deleteDate' })],
    ['a letter that became two tasks', 'promise 5', createsTwice, story({ kind: 'makeCorrespondence', pick: letter })],
    ['a wish that nobody hears', 'promise 6', hearsNoWish, story({ kind: 'trackItem', pick: contact, rest: 'hour' })],
    ['a copy that becomes a record', 'promise 5', takesCopiesForItems, story(trackedEvent, { kind: 'copyItem', rest: 'hour' })],
    ['a deletion for a filter', 'promise 3', deletesWhatLeaves, story(made(contact), { kind: 'mark' }, filter(contact))],
    ['a log that tells what people wrote', 'promise 7', talksTooMuch, story(made(contact))],
  ])('%s (%s)', async (_what, promise, broken, told) => {
    const unbroken = await play(told);
    expect(unbroken.wrong).toEqual([]);
    const { wrong } = await play(told, broken);
    expect(wrong).toContainEqual(expect.stringContaining(promise));
  });
});

describe('the oracle of the simulation allows', () => {
  test('that a date stands in the copy of whom its series went to, since whoever deleted it had not seen its edit (promise 1)', async () => {
    const editedAndDeleted = { kind: 'clashOnDate', pick: 2 * 64, rest: 'round' } as const;
    expect((await play(story(madeSeries, editedAndDeleted, { kind: 'reassign', who: 1, rest: 'hour' }))).wrong).toEqual([]);
  });
});
