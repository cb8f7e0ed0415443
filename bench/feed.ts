import { Agent, request } from 'node:http';
import { person } from '../local/company/people';
import type { Stack } from '../local/stack';
import type { Office } from '../local/walkthrough/office';
import { type Figure, figure } from './figures';
import { onSite } from './site';
import { startTableProxy } from './table-proxy';

/** With so many of each, the slowest hundredth is more than a few. */
const polls = 1_000;
const countedPolls = 100;
const warmUp = 100;
const pollSeconds = 30;

interface Site {
  readonly stack: Stack;
  readonly office: Office;
}

type Evidence = (window: string, facts: object) => void;
type Ask = (path: string, headers: Readonly<Record<string, string>>) => Promise<Reply>;

/**
 * Goal 9: what a poll of an unchanged feed costs. Table requests are counted by a proxy. Times are taken without it, in turns with an address at which the app does
 * nothing but say so, on one connection and one host, so that whatever else the machine does slows both.
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

function timeOfPoll(evidence: Evidence): Promise<Figure> {
  return onSite({ pollSeconds }, (site) =>
    withFeed(site, async (poll, ask) => {
      const nothing = (): Promise<Reply> => ask('/app/api/nothing', {});
      for (let each = 0; each < warmUp; each += 1) await Promise.all([poll(), nothing()]);
      const [ofPolls, ofNothing]: [number[], number[]] = [[], []];
      for (let each = 0; each < polls; each += 1) {
        ofPolls.push((await poll()).ms);
        ofNothing.push((await nothing()).ms);
      }
      const facts = { poll50: at(ofPolls, 0.5), poll99: at(ofPolls, 0.99), nothing50: at(ofNothing, 0.5), nothing99: at(ofNothing, 0.99) };
      evidence('polls of an unchanged feed, ms', facts);
      return figure(9, 'an unchanged feed: p99 of a poll / p99 of a function that does nothing', facts.poll99 / facts.nothing99, 1.5);
    }),
  );
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
