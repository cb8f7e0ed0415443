import { z } from 'zod';

/** The steps of a test, in their order, each with what it tries. */
export const testSteps = {
  'exchange-sign-in': 'Tandem can sign in at Microsoft Graph.',
  mailbox: 'The person has a mailbox in Exchange Online, and Tandem reaches it.',
  calendar: 'Events can be read, and a marked one could be written and removed.',
  contacts: 'Contacts can be read, and a marked one could be written and removed.',
  tasks: 'Task lists can be read.',
  mail: 'Mail can be read.',
  'dynamics-sign-in': 'Tandem can sign in at Dynamics.',
  user: 'The user is enabled and licensed in Dynamics, with read-write access.',
  'act-as-user': 'Tandem may act for the user in Dynamics.',
  privileges: 'The user has every privilege that her records take.',
  'switch-on': 'The mailbox takes part, and its first load begins.',
} as const;

export type TestStep = keyof typeof testSteps;

const stepNames = Object.keys(testSteps) as [TestStep, ...TestStep[]];

/** What a step came to. `skipped`: it was not needed, or could not be tried because an earlier one failed; the detail says which. */
export const StepResult = z.object({
  step: z.enum(stepNames),
  result: z.enum(['ok', 'failed', 'skipped']),
  code: z.string().nullable(),
  detail: z.string(),
  fix: z.string(),
});
export type StepResult = Readonly<z.output<typeof StepResult>>;

/** A test of a mailbox. Times are UTC ms. */
export const TestReport = z.object({
  id: z.string(),
  askedAt: z.number(),
  /** The Entra object id of whoever asked. */
  askedBy: z.string(),
  endedAt: z.number().nullable(),
  /** How often it was begun: what fails for a passing cause is tried again. */
  tries: z.number(),
  /** What is known so far. */
  steps: z.array(StepResult),
});
export type TestReport = Readonly<z.output<typeof TestReport>>;
