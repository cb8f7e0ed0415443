import { z } from 'zod';
import { each } from '../../shared/mailboxes/many';
import { askForTest, readTest } from '../../shared/mailboxes/test';
import { StepResult, type TestReport, testSteps } from '../../shared/model/mailbox-test';
import { json, register } from './answer';
import { jsonOf } from './contract';
import { ofMany } from './many-mailboxes';
import { IsoTime, OneMailbox } from './schemas';
import { isoTime } from './views';

const tag = 'Mailboxes';
const TestView = z
  .object({
    id: z.string(),
    askedAt: IsoTime,
    askedBy: z.string().describe('The Entra object id of whoever asked.'),
    endedAt: IsoTime.nullable().describe('Null while it is under way.'),
    tries: z.int(),
    steps: z.array(StepResult.extend({ sentence: z.string().describe('What the step tries.') })),
  })
  .meta({ id: 'MailboxTest' });

/** Tests of many mailboxes begin so far apart. */
const betweenTestsMs = 500;

register(
  'testMailbox',
  {
    summary: 'Test a mailbox, and switch it on where nothing fails',
    tag,
    params: OneMailbox,
    replies: { 202: jsonOf(TestView, 'It is under way.', { Location: 'Where its steps are told.' }) },
  },
  async ({ params: { integration, id }, request, services, caller }) => {
    const report = await askForTest(services, { integration, id, by: caller.objectId });
    const area = request.params.area === 'manage' ? 'manage' : 'admin';
    return json(view(report), 202, { Location: `/${area}/api/mailboxes/${integration}/${id}/test` });
  },
);

register('testMailboxes', { summary: 'Test mailboxes', ...ofMany }, async ({ params: { integration }, body, services, caller }) =>
  json({
    results: await each(body.ids, (id, place) =>
      askForTest(services, { integration, id, by: caller.objectId, afterMs: place * betweenTestsMs }),
    ),
  }),
);

register(
  'getTest',
  { summary: 'Read the last test of a mailbox', tag, params: OneMailbox, replies: { 200: jsonOf(TestView) } },
  async ({ params: { integration, id }, services }) => json(view(await readTest(services, integration, id))),
);

function view({ steps, ...report }: TestReport): object {
  return {
    ...report,
    askedAt: isoTime(report.askedAt),
    endedAt: isoTime(report.endedAt),
    steps: steps.map((step) => ({ ...step, sentence: testSteps[step.step] })),
  };
}
