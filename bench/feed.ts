import { Agent, request } from 'node:http';
import { person } from '../local/company/people';
import type { Stack } from '../local/stack';
import type { Office } from '../local/walkthrough/office';
import { makeFeedApp } from './feed-app';
import { type Figure, figure } from './figures';
import { onSite } from './site';
import { startTableProxy } from './table-proxy';

/** Of each kind. The slowest hundredth is then ninety; with ten the ratio came out anywhere between 1.3 and 4. */
const turns = 9_000;
const countedPolls = 100;
/** Of each kind, until V8 has compiled what there is to compile. */
const warmUp = 2_000;
const pollSeconds = 30;

interface Site {
  readonly stack: Stack;
  readonly office: Office;
}

type Evidence = (window: string, facts: object) => void;
type Ask = (path: string, headers: Readonly<Record<string, string>>) => Promise<Reply>;

/**
 * Goal 9: what a poll of an unchanged feed costs. Table requests are counted by a proxy. Times are taken without it, in turns with a function that does nothing in
 * the same process, on one connection, so that whatever else the machine does slows both; the table read alone is evidence.
 */
export async function feed(evidence: Evidence): Promise<Figure[]> {
  return [figure(9, 'an unchanged feed: table requests a poll', await requestsOfPoll(evidence), 1), await timeOfPoll(evidence)];
}

async function requestsOfPoll(evidence: Evidence): Promise<number> {
  const proxy = await startTableProxy();
  try {
    return await onSite({ pollSeconds, settings: { Tables: proxy.connectionString } }, async (site) => {
      proxy.leadTo(site.stack.azurite.tablePort);
      return withFeed(site, async (poll) => {
        await poll();
        proxy.reset();
        for (let each = 0; each < countedPolls; each += 1) await poll();
        evidence('table requests', proxy.counts());
        // Timers read integrations and turns meanwhile; nothing but polls of the feed reads this table.
        const ofFeeds = Object.entries(proxy.counts()).filter(([label]) => /\b(?:feed|grants)\(/.test(label));
        return ofFeeds.reduce((sum, [, count]) => sum + count, 0) / countedPolls;
      });
    });
  } finally {
    await proxy.close();
  }
}

async function timeOfPoll(evidence: Evidence): Promise<Figure> {
  const app = await makeFeedApp();
  try {
    return await onSite({ pollSeconds, appDirectory: app.directory }, (site) =>
      withFeed(site, async (poll, ask) => {
        const aside = async (path: string): Promise<Reply> => {
          const answered = await ask(path, {});
          if (answered.status !== 204) throw new Error(`${path} was answered ${answered.status}.`);
          return answered;
        };
        const read = `/bench/read/contoso/${person('anna').objectId}`;
        const kinds: Kinds = { poll, nothing: () => aside('/bench/nothing'), read: () => aside(read) };
        await inTurns(kinds, warmUp);
        const took = await inTurns(kinds, turns);
        const times = (share: number) => ({ poll: at(took.poll, share), nothing: at(took.nothing, share), read: at(took.read, share) });
        const [p50, p99] = [times(0.5), times(0.99)];
        evidence('polls of an unchanged feed, nothing, and only their table read, ms', { p50, p99 });
        return figure(9, 'an unchanged feed: p99 of a poll / p99 of a function that does nothing', p99.poll / p99.nothing, 1.5);
      }),
    );
  } finally {
    await app.remove();
  }
}

interface Kinds {
  readonly poll: () => Promise<Reply>;
  readonly nothing: () => Promise<Reply>;
  readonly read: () => Promise<Reply>;
}

/** What each took, ms. Every second turn goes backwards, so that no kind always pays for what the same other one left behind. */
async function inTurns(kinds: Kinds, count: number): Promise<Readonly<Record<keyof Kinds, readonly number[]>>> {
  const took: Record<keyof Kinds, number[]> = { poll: [], nothing: [], read: [] };
  const order = ['poll', 'nothing', 'read'] as const;
  for (let turn = 0; turn < count; turn += 1) {
    for (const kind of turn % 2 === 0 ? order : order.toReversed()) took[kind].push((await kinds[kind]()).ms);
  }
  return took;
}

/** Works with Anna's feed, to whom one microapp is granted and which nothing changes. */
async function withFeed<T>({ stack, office }: Site, work: (poll: () => Promise<Reply>, ask: Ask) => Promise<T>): Promise<T> {
  await office.connect();
  await office.admin('PUT', `integrations/contoso/microapps/tasks/grants/${person('anna').objectId}`);
  const authorization = `Bearer ${await office.tokenOf('anna')}`;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask: Ask = (path, headers) => timed(`${stack.hostUrl}${path}`, agent, headers);
  const { etag } = await ask('/app/api/notifications', { authorization });
  const poll = async (): Promise<Reply> => {
    const answered = await ask('/app/api/notifications', { authorization, 'if-none-match': etag });
    if (answered.status !== 304) throw new Error(`A poll of an unchanged feed was answered ${answered.status}.`);
    return answered;
  };
  try {
    return await work(poll, ask);
  } finally {
    agent.destroy();
  }
}

interface Reply {
  readonly status: number;
  readonly etag: string;
  readonly ms: number;
}

function timed(url: string, agent: Agent, headers: Readonly<Record<string, string>>): Promise<Reply> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers }, (reply) => {
      reply.resume();
      reply.once('error', reject);
      reply.once('end', () => resolve({ status: reply.statusCode ?? 0, etag: reply.headers.etag ?? '', ms: performance.now() - began }));
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** The value below which this share of all lies. */
function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
