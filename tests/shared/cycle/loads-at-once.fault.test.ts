import { runCycle } from '../../../shared/cycle/cycle';
import { workFor as workOf } from '../../../shared/cycle/work-for';
import { takeEffect } from '../../../shared/integrations/take-effect';
import { pauseMailbox, resumeMailbox } from '../../../shared/mailboxes/pause';
import { resync } from '../../../shared/mailboxes/reload';
import { Desk } from './desk';
import { type Around, workerOn } from './worker';
import { anna, beginning, type Json, World } from './world';

/** What is new is announced here; only what was agreed on before is not. */
const invite = { attendeeMail: 'invite' } as const;

let world: World;
let annas: Desk;

beforeEach(async () => {
  world = await World.start({ settings: invite });
  annas = new Desk(world, anna);
  await world.enable(anna);
  await world.settle();
});

afterEach(() => world.close());

const meeting: Json = {
  subject: 'Agreed on meanwhile',
  scheduledstart: new Date(beginning + 7 * 86_400_000).toISOString(),
  scheduledend: new Date(beginning + 7 * 86_400_000 + 3_600_000).toISOString(),
  parties: [{ participationtypemask: 5, addressused: 'guest@fabrikam.example' }],
};

/** A load of the mailbox during which something happens once its records are listed. */
async function loadWith(act: () => Promise<unknown>): Promise<void> {
  await resync(world.services, 'contoso', anna.systemUserId);
  let done = false;
  const around: Around = async (effect, run) => {
    if (effect.what === 'wake' && !done) {
      done = true;
      await act();
    }
    return run();
  };
  await runCycle(workOf(await world.mailbox(anna), 'load', world.clock.now()), workerOn(world, around));
  expect(done).toBe(true);
}

async function expectUnannounced(id: string): Promise<void> {
  await world.settle();
  expect(await world.mailbox(anna)).toMatchObject({ status: 'on' });
  expect(await annas.itemOf('appointments', id)).toMatchObject({ attendees: [] });
  expect(world.control('graph', 'mail')).toMatchObject({ count: 0 });
}

test('a mailbox that is paused and goes on while it is loaded is loaded again: nobody is invited to what was agreed on meanwhile (promise 2)', async () => {
  let id = '';
  await loadWith(async () => {
    await pauseMailbox(world.services, 'contoso', anna.systemUserId);
    id = await annas.make('appointments', meeting);
    await resumeMailbox(world.services, 'contoso', anna.systemUserId);
  });
  expect(await world.mailbox(anna)).toMatchObject({ status: 'loading' });
  await expectUnannounced(id);
});

test('what is switched on while a mailbox is loaded is loaded as well: nobody is invited to what was agreed on before (promise 2)', async () => {
  await world.configure({ ...invite, entities: { ...world.integration.settings.entities, appointment: false } });
  const id = await annas.make('appointments', meeting);
  await world.settle();
  await loadWith(async () => {
    const before = world.integration;
    await world.configure({ ...invite, entities: { ...before.settings.entities, appointment: true } });
    await takeEffect(world.services, before, world.integration);
  });
  await expectUnannounced(id);
});

test('a meeting that is made while the mailbox is in step is announced', async () => {
  const id = await annas.make('appointments', meeting);
  await world.settle();
  expect(await annas.itemOf('appointments', id)).toMatchObject({ attendees: [{ emailAddress: { address: 'guest@fabrikam.example' } }] });
});

test('a load that nobody asked for again while it ran is done once', async () => {
  await loadWith(async () => undefined);
  expect(await world.mailbox(anna)).toMatchObject({ status: 'on' });
});
