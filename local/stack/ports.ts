import { createServer } from 'node:net';
import { type PartName, type Ports, partNames } from './parts';
import { StackProblem } from './problem';

/** Where `npm start` puts the parts while nobody else is there, so that what people have written down goes on to work. */
const usual: Readonly<Record<PartName, number>> = {
  functions: 7071,
  control: 7072,
  identity: 7073,
  dynamics: 7074,
  graph: 7075,
  keyVault: 7076,
  serviceBus: 7077,
  tables: 7078,
  queues: 7079,
  blobs: 7080,
};

/** The usual ports that are free now. */
export async function usualPorts(): Promise<Ports> {
  const free = await Promise.all(partNames.map((name) => canListen(usual[name])));
  return Object.fromEntries(partNames.filter((_, index) => free[index]).map((name) => [name, usual[name]]));
}

/** Throws StackProblem with one line for each given port that is taken. */
export async function refuseTakenPorts(ports: Ports): Promise<void> {
  const given = partNames.flatMap((name) => (ports[name] ? [{ name, port: ports[name] }] : []));
  const free = await Promise.all(given.map(({ port }) => canListen(port)));
  const taken = given.filter((_, index) => !free[index]);
  if (taken.length === 0) return;
  const lines = taken.map(({ name, port }) => `Port ${port}, wanted for ${name}, is taken. End what listens there, or give another port.`);
  throw new StackProblem(lines.join('\n'));
}

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
