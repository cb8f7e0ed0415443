import type { Scene } from '../scene';

const hour = 3_600_000;
/** Everything that waits has had its turn by then: retries come after an hour at the latest, and heartbeats every hour. */
const firstHours = 2;
const mostHours = 12;
/** So many requests, at most, may settling take for each thing that somebody made: what needs more goes round in circles. */
const requestsEach = 120;
const requestsAlways = 2_500;

/** Stops all faults, switches every mailbox on and lets time pass until nothing is written any more. What is wrong where that never ends. */
export async function settle(scene: Scene): Promise<string[]> {
  const { world, tandem, ledger } = scene;
  world.faults.clear();
  tandem.doom.end();
  for (const who of tandem.everServed) await tandem.enable(who);
  const before = world.ground.trace?.requests ?? 0;
  await tandem.pass(firstHours * hour);
  // Who could not be switched on, because a service had asked to be left alone, can be by now.
  for (const who of tandem.everServed) await tandem.enable(who);
  for (let hours = firstHours; ; hours += 1) {
    world.counters.reset();
    await tandem.pass(hour);
    if (world.writes() === 0) break;
    if (hours >= mostHours) return [`promise 4: after ${hours} hours of nothing new there are still writes`];
  }
  const requests = (world.ground.trace?.requests ?? 0) - before;
  const most = requestsAlways + requestsEach * (ledger.entries.size + ledger.own.size);
  return requests > most ? [`settling took ${requests} requests, more than ${most}`] : [];
}
