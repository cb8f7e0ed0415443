import { entities } from '../../shared/model/values';
import type { Scene } from './scene';

/** What differs from story to story and stays throughout: how the services behave where evidence leaves it open, and what the admin has decided. */
const ways: Readonly<Record<string, (scene: Scene, draw: number) => Promise<void> | void>> = {
  ifMatch: chosen('ifMatch', ['412', '409', '412']),
  taskIfMatch: chosen('taskIfMatch', ['ignore', 'ignore', 'enforce']),
  emptyPages: chosen('emptyPages', [false, true]),
  replays: chosen('replays', [false, false, true]),
  deltaLagMs: chosen('deltaLagMs', [0, 0, 0, 20_000, 90_000]),
  deltaOrder: chosen('deltaOrder', ['oldestFirst', 'newestFirst']),
  emptyAnswerAdvances: chosen('emptyAnswerAdvances', [true, false]),
  expiry: chosen('expiry', ['syncStateNotFound', 'location']),
  deletedAnswers404: chosen('deletedAnswers404', [false, true]),
  orderbyAndCount: chosen('orderbyAndCount', ['honour', 'honour', 'ignore']),
  linkedResourcesFilter: chosen('linkedResourcesFilter', ['refuse', 'honour']),
  titleFilter: chosen('titleFilter', ['honour', 'refuse']),
  transactionIdAfterDelete: chosen('transactionIdAfterDelete', ['create', 'duplicate']),
  taskDates: chosen('taskDates', ['utcMidnight', 'utcMidnight', 'zoneMidnight']),
  batchOrder: chosen('batchOrder', ['asSent', 'reversed']),
  feedReplays: ofFeeds('replays', [false, false, true]),
  feedLagMs: ofFeeds('lagMs', [0, 0, 0, 20_000, 90_000]),
  feedOrder: ofFeeds('order', ['oldestFirst', 'newestFirst']),
  conflict(scene, draw) {
    const policy = (['newest', 'newest', 'dynamics', 'exchange'] as const)[draw % 4] ?? 'newest';
    return scene.configure({
      ...scene.world.integration.settings,
      conflict: { ...scene.world.integration.settings.conflict, task: policy, contact: policy, appointment: policy },
    });
  },
  brake(scene, draw) {
    if (draw % 4 > 0) return;
    const brake = { mailboxNumber: draw % 3, mailboxPercent: 0, integrationNumber: 1 + (draw % 4), integrationPercent: 0 };
    return scene.configure({ ...scene.world.integration.settings, brake });
  },
  attendeeMail(scene, draw) {
    return scene.configure({ ...scene.world.integration.settings, attendeeMail: draw % 3 === 0 ? 'invite' : 'never' });
  },
  deletions(scene, draw) {
    const settings = scene.world.integration.settings;
    return scene.configure({
      ...settings,
      taskDeletedInExchange: draw % 4 === 0 ? 'release' : 'delete',
      appointmentDeletedInExchange: draw % 5 === 0 ? 'release' : 'delete',
      contactDeletedInDynamics: draw % 3 === 0 ? 'delete' : 'release',
    });
  },
  /** A feed of which no story tells anything costs as much as any other, so most stories do without. */
  kinds(scene, draw) {
    if (draw % 4 === 0) return;
    const { settings } = scene.world.integration;
    const unused = entities.filter((entity) => !scene.entities.some((followed) => followed === entity));
    const off = Object.fromEntries(unused.map((entity) => [entity, false]));
    return scene.configure({ ...settings, entities: { ...settings.entities, ...off } });
  },
};

export const wayNames: readonly string[] = Object.keys(ways);

/** Lets the world be as a story has it. */
export async function setWays(scene: Scene): Promise<void> {
  for (const [name, draw] of Object.entries(scene.ways)) await ways[name]?.(scene, draw);
}

function chosen(name: string, values: readonly unknown[]): (scene: Scene, draw: number) => void {
  return (scene, draw) => {
    scene.world.control('graph', 'switches', { [name]: values[draw % values.length] });
  };
}

/** How the change feeds of Dynamics behave. */
function ofFeeds(name: string, values: readonly unknown[]): (scene: Scene, draw: number) => void {
  return (scene, draw) => {
    scene.world.control('dynamics', 'setFeeds', { [name]: values[draw % values.length] });
  };
}
