import { fork } from 'node:child_process';

/** A write as it stands in a batch. */
export interface BarePart {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface BareLoop {
  readonly graphUrl: string;
  readonly token: string;
  readonly parts: readonly BarePart[];
}

const chainLength = 20;
const chainsAtOnce = 3;

/** Makes the writes in a process of its own, as the app does in its; returns how long the loop took there, in ms, without the process's start. */
export function runBareLoop(loop: BareLoop): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = fork(__filename, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.once('message', (answer: { ms: number } | { error: string }) => {
      if ('ms' in answer) resolve(answer.ms);
      else reject(new Error(answer.error));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The bare loop ended with ${code} and no answer.`)));
    child.send(loop);
  });
}

/** Three chained batches of twenty at once, one after the other, until all is written; anything but success ends it. */
async function play({ graphUrl, token, parts }: BareLoop): Promise<number> {
  // Not timed: the first request of a process loads what every later one uses.
  await fetch(`${graphUrl}/v1.0/`, { headers: { authorization: `Bearer ${token}` } }).then((answer) => answer.text());
  const began = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < parts.length) {
      const chain = parts.slice(next, next + chainLength);
      next += chainLength;
      await sendChain(graphUrl, token, chain);
    }
  };
  await Promise.all(Array.from({ length: chainsAtOnce }, lane));
  return performance.now() - began;
}

async function sendChain(graphUrl: string, token: string, chain: readonly BarePart[]): Promise<void> {
  const requests = chain.map((part, index) => ({ id: String(index + 1), ...part, ...(index > 0 ? { dependsOn: [String(index)] } : {}) }));
  const response = await fetch(`${graphUrl}/v1.0/$batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ requests }),
  });
  const { responses } = (await response.json()) as { responses?: readonly { status: number }[] };
  const failed = responses?.find(({ status }) => status >= 300);
  if (responses === undefined || failed !== undefined) throw new Error(`The bare loop was refused: ${failed?.status ?? response.status}`);
}

if (require.main === module) {
  process.once('message', (loop: BareLoop) => {
    play(loop)
      .then((ms) => process.send?.({ ms }))
      .catch((error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }))
      .finally(() => process.disconnect());
  });
}
