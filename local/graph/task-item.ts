import { z } from 'zod';
import type { Writable } from './call';
import { invalidRequest } from './errors';
import { itemBodySchema, type StoredBody, storeBody } from './html';
import type { Item } from './mailbox';
import { type DateTimeTimeZone, dateTimeTimeZoneSchema, floatingOf, instantOf, readZoned } from './time';

export interface StoredList extends Item {
  displayName: string;
  readonly wellknownListName: 'none' | 'defaultList' | 'flaggedEmails';
}

export interface LinkedResource {
  readonly id: string;
  readonly webUrl: string | null;
  readonly applicationName: string | null;
  readonly displayName: string | null;
  readonly externalId: string | null;
}

/** A task as To Do keeps it; its folder is its list. */
export interface StoredTask extends Item, TaskFields {
  linkedResources: readonly LinkedResource[];
}

/** What a client can write. Times in ms. */
export interface TaskFields {
  title: string;
  body: StoredBody;
  bodyModified: number;
  status: 'notStarted' | 'inProgress' | 'completed' | 'waitingOnOthers' | 'deferred';
  importance: 'low' | 'normal' | 'high';
  isReminderOn: boolean;
  dueDateTime: number | null;
  startDateTime: number | null;
  completedDateTime: number | null;
  reminderDateTime: number | null;
  categories: readonly string[];
}

const time = dateTimeTimeZoneSchema.nullish();
const text = z.string().nullish();
export const linkedResourceSchema = z.strictObject({ webUrl: text, applicationName: text, displayName: text, externalId: text });

export const writableTask = {
  type: 'todoTask',
  schema: z.strictObject({
    title: z.string().optional(),
    body: itemBodySchema.nullish(),
    status: z.enum(['notStarted', 'inProgress', 'completed', 'waitingOnOthers', 'deferred']).optional(),
    importance: z.enum(['low', 'normal', 'high']).optional(),
    isReminderOn: z.boolean().optional(),
    dueDateTime: time,
    startDateTime: time,
    completedDateTime: time,
    reminderDateTime: time,
    categories: z.array(z.string()).nullish(),
    linkedResources: z.array(linkedResourceSchema).optional(),
  }),
  readOnly: ['id', 'createdDateTime', 'lastModifiedDateTime', 'bodyLastModifiedDateTime', 'hasAttachments'],
  unsupported: ['recurrence', 'checklistItems', 'attachments', 'attachmentSessions', 'extensions'],
} satisfies Writable<z.ZodType>;
export type TaskInput = z.output<typeof writableTask.schema>;

const titleLimit = 255;

export const newTask: Omit<TaskFields, 'bodyModified'> = {
  title: '',
  body: storeBody({ contentType: 'text', content: '' }),
  status: 'notStarted',
  importance: 'normal',
  isReminderOn: false,
  dueDateTime: null,
  startDateTime: null,
  completedDateTime: null,
  reminderDateTime: null,
  categories: [],
};

/** The task after a write. Due, start and completed lose their time of day; the completed date comes and goes with the status. */
export function writeTask(before: TaskFields, input: TaskInput, now: number, dates: 'utcMidnight' | 'zoneMidnight'): TaskFields {
  const title = input.title ?? before.title;
  if (title.trim() === '' || title.length > titleLimit) throw invalidRequest(`The title of a task has 1 to ${titleLimit} characters.`);
  const date = (name: 'dueDateTime' | 'startDateTime' | 'completedDateTime') => {
    const given = input[name];
    return given === undefined ? before[name] : given === null ? null : dateOnly(given, dates);
  };
  const status = input.status ?? before.status;
  const completed = status === 'completed' ? (date('completedDateTime') ?? Math.floor(now / 86_400_000) * 86_400_000) : null;
  const { reminderDateTime, body, categories } = input;
  return {
    title,
    body: body === undefined ? before.body : storeBody(body ?? { contentType: 'text', content: '' }),
    bodyModified: body === undefined ? before.bodyModified : now,
    status,
    importance: input.importance ?? before.importance,
    isReminderOn: input.isReminderOn ?? before.isReminderOn,
    dueDateTime: date('dueDateTime'),
    startDateTime: date('startDateTime'),
    completedDateTime: completed,
    reminderDateTime: writeReminder(before.reminderDateTime, reminderDateTime),
    categories: categories === undefined ? before.categories : (categories ?? []),
  };
}

function writeReminder(before: number | null, given: DateTimeTimeZone | null | undefined): number | null {
  if (given === undefined) return before;
  return given === null ? null : instantOf(readZoned(given));
}

function dateOnly(given: DateTimeTimeZone, dates: 'utcMidnight' | 'zoneMidnight'): number {
  const { local, zone } = readZoned(given);
  const midnight = { local: `${local.slice(0, 10)}T00:00:00`, zone };
  return dates === 'utcMidnight' ? floatingOf(midnight) : instantOf(midnight);
}

/** A linked resource as it is kept; `number` makes its id. */
export function newLinkedResource(input: z.output<typeof linkedResourceSchema>, mailboxId: string, number: number): LinkedResource {
  const hex = number.toString(16).padStart(12, '0');
  return {
    id: `${mailboxId.slice(-8)}-dce2-4f9c-8000-${hex}`,
    webUrl: input.webUrl ?? null,
    applicationName: input.applicationName ?? null,
    displayName: input.displayName ?? null,
    externalId: input.externalId ?? null,
  };
}
