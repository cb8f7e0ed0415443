import { planPair } from '../../../shared/sync/plan';
import { agreed, future, item, link, pair, past, record, under } from './pairs';

const canceled = record('appointment', { status: 'canceled' }, { version: '101', standing: 'closed' });
const guests = { requiredAttendees: ['guest@x.example'] };
const same = { kind: 'same', item: item('appointment') } as const;

describe('a meeting that is canceled in Dynamics', () => {
  const closed = { kind: 'closed', record: canceled } as const;

  test('shows as free and stays, where nothing else is asked for', () => {
    const plan = planPair(pair('appointment', link('appointment'), closed, same), under({}));
    expect(plan).toMatchObject({ toItem: { kind: 'update', changes: { status: 'free' } }, ending: { reason: 'closed' } });
  });

  const asked = { appointmentCanceledInDynamics: 'delete' } as const;

  test('goes from Exchange where the settings ask for it, and its attendees hear of it only where they may be written to', () => {
    const plain = planPair(pair('appointment', link('appointment'), closed, same), under(asked));
    expect(plain).toMatchObject({ toItem: { kind: 'delete' }, ending: { kind: 'released', reason: 'canceled' }, mails: [] });
    const bases = { dynamics: agreed.appointment.dynamics, exchange: { ...agreed.appointment.exchange, ...guests } };
    const met = { kind: 'same', item: item('appointment', guests) } as const;
    const of = link('appointment', { bases });
    const told = planPair(pair('appointment', of, closed, met), under({ ...asked, attendeeMail: 'invite' }));
    expect(told).toMatchObject({ toItem: { kind: 'delete' }, mails: guests.requiredAttendees });
    const held = planPair(pair('appointment', of, closed, met), under(asked));
    expect(held).toMatchObject({ toItem: { kind: 'update', changes: { status: 'free' } }, mails: [], reason: 'would-mail' });
  });

  test('stays where it is past, where another organizes it, or where it was edited meanwhile (promise 1)', () => {
    const stays = [{ time: past }, { organizedHere: false }].map((values) => {
      const bases = { dynamics: agreed.appointment.dynamics, exchange: { ...agreed.appointment.exchange, ...values } };
      return planPair(
        pair('appointment', link('appointment', { bases }), closed, { kind: 'same', item: item('appointment', values) }),
        under(asked),
      );
    });
    const edited = { kind: 'changed', item: item('appointment', { body: 'Mine' }, { version: 'W/2' }) } as const;
    stays.push(planPair(pair('appointment', link('appointment'), closed, edited), under(asked)));
    for (const plan of stays) expect(plan.toItem.kind).not.toBe('delete');
  });

  test('gets a new event when it is opened again', () => {
    const gone = link('appointment', { state: 'released', reason: 'canceled', bases: null });
    const plan = planPair(pair('appointment', gone, { kind: 'created', record: record('appointment') }, { kind: 'deleted' }), under(asked));
    expect(plan).toMatchObject({ toItem: { kind: 'create' }, reason: 'came-back' });
  });

  test('is a private copy’s business where it is a service activity: that stays', () => {
    const over = record('serviceappointment', { status: 'canceled' }, { version: '101', standing: 'closed' });
    const sides = [
      { kind: 'closed', record: over },
      { kind: 'same', item: item('serviceappointment') },
    ] as const;
    expect(planPair(pair('serviceappointment', link('serviceappointment'), ...sides), under(asked)).toItem.kind).toBe('update');
  });
});

describe('an appointment that has begun and is edited in Dynamics', () => {
  const begun = { dynamics: { ...agreed.appointment.dynamics, time: past }, exchange: { ...agreed.appointment.exchange, time: past } };
  const edit = (values: object) =>
    ({ kind: 'changed', record: record('appointment', { time: past, ...values }, { version: '101' }) }) as const;
  const before = { kind: 'same', item: item('appointment', { time: past }) } as const;
  const of = link('appointment', { bases: begun });

  test('is edited in Exchange too, or left alone where the settings say so', () => {
    const change = { subject: 'What it was about' };
    expect(planPair(pair('appointment', of, edit(change), before), under({})).toItem).toMatchObject({ kind: 'update', changes: change });
    const left = planPair(pair('appointment', of, edit(change), before), under({ pastAppointmentEditedInDynamics: 'ignore' }));
    expect(left).toMatchObject({ toItem: { kind: 'none' }, ending: { kind: 'linked', hold: null }, mails: [] });
  });

  test('follows into the future whatever the settings say', () => {
    const plan = planPair(pair('appointment', of, edit({ time: future }), before), under({ pastAppointmentEditedInDynamics: 'ignore' }));
    expect(plan.toItem).toMatchObject({ kind: 'update', changes: { time: future } });
  });
});
