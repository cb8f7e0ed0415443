import { z } from 'zod';
import type { Derived } from '../model/derived';
import type { Feed, SeenItem } from '../model/seen';
import { normalText, type Value, type Values } from '../model/values';
import { categoriesOf, headOf, itemHead, known, shaped, textOf } from './item';
import { bodyJson, plainText, textBody } from './texts';
import { dateOf, midnight, utcTime, type ZonedJson, zonedJson } from './times';

const linkedResource = z.object({
  id: z.string().nullish(),
  applicationName: z.string().nullish(),
  displayName: z.string().nullish(),
  externalId: z.string().nullish(),
});

const taskJson = z.object({
  ...itemHead,
  title: z.string().nullish(),
  body: bodyJson.nullish(),
  startDateTime: zonedJson.nullish(),
  dueDateTime: zonedJson.nullish(),
  completedDateTime: zonedJson.nullish(),
  status: z.string().nullish(),
  importance: z.string().nullish(),
  linkedResources: z.array(linkedResource).nullish(),
});

export type LinkedResource = z.output<typeof linkedResource>;

/** How Tandem's linked resource names its application; it is the one that carries the marker. */
export const applicationName = 'Dynamics 365';

/**
 * A todoTask as a neutral item. To Do leaves empty properties out, so a missing one is empty; only `linkedResources` may be missing because nobody
 * expanded it, and then marker and regarding are unknown.
 */
export function taskOf(json: unknown, feed: Feed, zone: string): SeenItem {
  const task = shaped(taskJson, json, 'a task');
  const date = (zoned: ZonedJson | null | undefined) => (zoned === null || zoned === undefined ? null : dateOf(zoned, zone));
  const link = ownLink(task.linkedResources ?? []);
  return {
    ...headOf(task),
    kind: 'task',
    feed,
    marker: link?.externalId ?? null,
    values: known({
      subject: normalText(task.title),
      notes: plainText(task.body),
      startDate: date(task.startDateTime),
      dueDate: date(task.dueDateTime),
      completedDate: date(task.completedDateTime),
      importance: task.importance ?? 'normal',
      status: statusOf(task.status),
      categories: categoriesOf(task),
      regarding: task.linkedResources === undefined ? undefined : regardingOf(link),
    }),
  };
}

/** The linked resources of a task, for an update of the one that is Tandem's. */
export function ownLink(resources: readonly LinkedResource[]): LinkedResource | undefined {
  return resources.find((resource) => resource.applicationName === applicationName);
}

export const linkedResources = z.object({ value: z.array(linkedResource) });

/** The marker of each task of a page, whoever wrote the linked resource; a task's page needs `$expand=linkedResources`. */
export function carriesMarker(json: unknown, marker: string): boolean {
  const task = taskJson.safeParse(json);
  return task.success && (task.data.linkedResources ?? []).some((resource) => resource.externalId === marker);
}

/** The properties to write for these values; percentages and times of day are not among what To Do knows. */
export function taskBody(changes: Values, derived: Derived): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(changes)) Object.assign(body, propertyOf(field, value));
  return { ...body, ...reminderOf(derived) };
}

/** The linked resource that ties a new task to its record; it shows what the task is about. */
export function newLink(marker: string, regarding: Value | undefined): object {
  return { applicationName, displayName: displayNameOf(regarding), externalId: marker };
}

/** What a linked resource shows; the application's name stands for "about nothing", so that it can be told from a name. */
export function displayNameOf(regarding: Value | undefined): string {
  return textOf(regarding) ?? applicationName;
}

function regardingOf(link: LinkedResource | undefined): string | null {
  const shown = normalText(link?.displayName);
  return shown === applicationName ? null : shown;
}

function propertyOf(field: string, value: Value): Record<string, unknown> {
  const text = textOf(value);
  const date = text === null ? null : midnight(text, 'UTC');
  switch (field) {
    case 'subject':
      return { title: text ?? '' };
    case 'notes':
      return { body: textBody(text) };
    case 'startDate':
      return { startDateTime: date };
    case 'dueDate':
      return { dueDateTime: date };
    case 'completedDate':
      return { completedDateTime: date };
    case 'importance':
      return { importance: text ?? 'normal' };
    case 'status':
      return { status: wireStatus(text) };
    default:
      return {};
  }
}

function reminderOf({ reminderAt }: Derived): Record<string, unknown> {
  if (reminderAt === undefined) return {};
  return reminderAt === null ? { isReminderOn: false } : { isReminderOn: true, reminderDateTime: utcTime(reminderAt) };
}

function statusOf(status: string | null | undefined): string {
  return status === 'waitingOnOthers' ? 'waiting' : (status ?? 'notStarted');
}

function wireStatus(status: string | null): string {
  if (status === 'waiting') return 'waitingOnOthers';
  return status === 'canceled' ? 'completed' : (status ?? 'notStarted');
}
