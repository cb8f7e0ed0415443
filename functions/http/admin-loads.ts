import { z } from 'zod';
import { noIntegration } from '../../shared/mailboxes/enable';
import { loadProgress } from '../../shared/workspace/load-progress';
import { type LoadState, loadKinds } from '../../shared/workspace/load-state';
import { startLoad } from '../../shared/workspace/loading';
import { recordTableNames } from '../../shared/workspace/tables';
import { json, register } from './answer';
import { jsonOf } from './contract';
import { IsoTime, OneIntegration } from './schemas';
import { isoTime } from './views';

const tag = 'Workspace';

const Kind = z.enum(loadKinds).describe('`full`: everything that is open. `incremental`: what has changed since the load before.');
const Failure = z.object({ code: z.string(), fix: z.string(), detail: z.string().nullable() });
const counts = { startedAt: IsoTime, rows: z.int(), pages: z.int() };
const TableName = z.enum(recordTableNames);

const LoadsView = z
  .object({
    running: z
      .object({
        kind: Kind,
        table: TableName.describe('The table that is being loaded.'),
        left: z.int().describe('How many tables come after it.'),
        ...counts,
        expected: z.int().nullable().describe('How many rows the table has at most; null where nobody has counted.'),
        doneAt: IsoTime.nullable().describe('When the table is done, if it goes on as it went so far.'),
        failure: Failure.nullable().describe('Why the last try failed; it is tried again.'),
      })
      .nullable()
      .describe('The load that is under way.'),
    tables: z.array(
      z.object({
        table: TableName,
        loadedAt: IsoTime.nullable().describe(
          'When the last full load began that came to its end; null: the cache of this table is empty.',
        ),
        last: z.object({ kind: Kind, ...counts, endedAt: IsoTime, failure: Failure.nullable() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'Loads' });

const orNull = (time: number | null): string | null => (time === null ? null : isoTime(time));

function view(state: LoadState): object {
  const progress = loadProgress(state);
  return {
    running: progress === null ? null : { ...progress, startedAt: isoTime(progress.startedAt), doneAt: orNull(progress.doneAt) },
    tables: recordTableNames.map((table) => {
      const { loadedAt, last } = state.tables[table] ?? { loadedAt: null, last: null };
      const times = last === null ? {} : { startedAt: isoTime(last.startedAt), endedAt: isoTime(last.endedAt) };
      return { table, loadedAt: orNull(loadedAt), last: last === null ? null : { ...last, ...times } };
    }),
  };
}

register(
  'startLoad',
  {
    summary: 'Load the record cache of the Workspace',
    tag,
    params: OneIntegration,
    body: z.strictObject({ kind: Kind }),
    replies: { 202: jsonOf(LoadsView, 'It has begun.') },
  },
  async ({ params: { id }, body: { kind }, services }) => {
    if ((await services.integrations.get(id)) === null) throw noIntegration(id);
    await startLoad(services, id, kind);
    return json(view((await services.recordLoads.read(id)).state), 202);
  },
);

register(
  'getLoads',
  { summary: 'Read how the loads of the record cache stand', tag, params: OneIntegration, replies: { 200: jsonOf(LoadsView) } },
  async ({ params: { id }, services }) => {
    if ((await services.integrations.get(id)) === null) throw noIntegration(id);
    return json(view((await services.recordLoads.read(id)).state));
  },
);
