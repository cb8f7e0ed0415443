import { z } from 'zod';
import { overview } from '../../shared/mailboxes/overview';
import { type State, states } from '../../shared/mailboxes/status';
import type { Freshness } from '../../shared/model/ages';
import { errorCodes } from '../../shared/platform/errors';
import { json, register } from './answer';
import { jsonOf } from './contract';
import { IsoTime } from './schemas';
import { isoTime } from './views';

const Below = z.int().nullable();
const FreshnessView = z
  .object({
    since: IsoTime.describe('From when on edits were counted.'),
    count: z.int(),
    p50: Below,
    p95: Below,
    p99: Below,
  })
  .meta({
    id: 'Freshness',
    description:
      'Below how many ms that share of the edits stood on the other side, to the edges of 20 classes; null for more than a day, or for none.',
  });
const Dead = z.int().nullable();

const OverviewView = z
  .object({
    at: IsoTime,
    freshness: FreshnessView,
    integrations: z.array(
      z.object({
        id: z.string(),
        mailboxes: z.partialRecord(z.enum(Object.keys(states) as [State, ...State[]]), z.int()).describe('How many are in each state.'),
        freshness: FreshnessView,
      }),
    ),
    deadLetters: z.object({ polls: Dead, wakeups: Dead, assignments: Dead }).describe('1,000 at most; null where it could not be read.'),
    oldestWakeUp: IsoTime.nullable().describe('Since when the oldest message has waited for its cycle; null where none waits.'),
    unread: z
      .array(z.object({ part: z.string(), code: z.enum(Object.values(errorCodes)), fix: z.string() }))
      .describe('What could not be read, and why.'),
  })
  .meta({ id: 'Overview' });

register(
  'getHealth',
  { summary: 'How everything is: freshness, mailboxes by state, queues', tag: 'Operations', replies: { 200: jsonOf(OverviewView) } },
  async ({ services }) => {
    const { at, freshness, integrations, oldestWakeUp, ...rest } = await overview(services);
    return json({
      at: isoTime(at),
      freshness: freshnessView(freshness),
      integrations: integrations.map((each) => ({ ...each, freshness: freshnessView(each.freshness) })),
      oldestWakeUp: isoTime(oldestWakeUp),
      ...rest,
    });
  },
);

function freshnessView({ since, ...rest }: Freshness): object {
  return { since: isoTime(since), ...rest };
}
