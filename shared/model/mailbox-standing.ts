import { z } from 'zod';

/** The two workloads of a mailbox: `act` is appointments, contacts and tasks; `incoming` is the tracking of incoming e-mail. */
export const workloads = ['act', 'incoming'] as const;
export type Workload = (typeof workloads)[number];

/** Whether a workload is wanted at all. What is switched off is neither asked for nor touched; its links stay and wait. */
export const methodKinds = ['sync', 'none'] as const;

/** How each workload of a mailbox is synced. */
export const Methods = z.strictObject({
  act: z.enum(methodKinds).default('sync'),
  incoming: z.enum(methodKinds).default('sync'),
});
export type Methods = z.output<typeof Methods>;

/** `empty`: nobody has decided; `pending`: it was approved, and the address has changed since, so somebody has to look again. */
export const approvalStates = ['empty', 'approved', 'pending', 'rejected'] as const;
export type ApprovalState = (typeof approvalStates)[number];

/** Whether the mailbox may be read and written, who decided that (Entra object id; null for nobody) and when, UTC ms. */
export const Approval = z.object({
  state: z.enum(approvalStates),
  by: z.string().nullable(),
  at: z.number().nullable(),
});
export type Approval = Readonly<z.output<typeof Approval>>;

/** What the last test of a mailbox came to. Its steps have a row of their own. */
export const Tested = z.object({
  /** Names this test, so that whoever asked can tell it from a later one. */
  id: z.string(),
  /** UTC ms. */
  askedAt: z.number(),
  /** UTC ms; null while it is under way. */
  endedAt: z.number().nullable(),
  /** What the first step that failed came to; null where none did. */
  failed: z.object({ code: z.string(), detail: z.string(), fix: z.string() }).nullable(),
});
export type Tested = Readonly<z.output<typeof Tested>>;

/** What of a mailbox's standing an admin decides or a test finds out. */
export const Standing = z.object({
  approval: Approval,
  methods: Methods,
  /** The server profile that it was given; null for none. */
  profile: z.string().nullable(),
  tested: Tested.nullable(),
});
export type Standing = Readonly<z.output<typeof Standing>>;

/** The standing of a mailbox that was switched on directly: whoever did that approved it. Older rows say nothing else. */
export const switchedOn: Standing = {
  approval: { state: 'approved', by: null, at: null },
  methods: { act: 'sync', incoming: 'sync' },
  profile: null,
  tested: null,
};
