import type { AuditChange, AuditValue } from '../storage/audit';

/** What names a thing that an act is about, wherever in a request it stands. */
const targetNames = new Set([
  'integration',
  'mailbox',
  'id',
  'ids',
  'systemUserId',
  'entity',
  'record',
  'recordId',
  'queue',
  'messages',
  'microapp',
  'profile',
  'person',
  'use',
]);

/** An id or a short name; everything else may be something that somebody wrote. */
const idPattern = /^[A-Za-z0-9][\w.:|-]{0,127}$/;
const mostFields = 200;
const deepest = 6;

/** The ids that the parts of a request name at their top; of two of one name the later part's. */
export function targetsOf(...parts: readonly unknown[]): Record<string, string> {
  const named = parts.flatMap((part) => Object.entries(isObject(part) ? part : {}));
  return Object.fromEntries(
    named
      .filter(([name]) => targetNames.has(name))
      .map(([name, value]): [string, string] => [name, idsIn(value)])
      .filter(([, ids]) => ids !== ''),
  );
}

/** One id, or those of a list with spaces between them. */
function idsIn(value: unknown): string {
  const ids: readonly unknown[] = Array.isArray(value) ? value : [value];
  return ids.filter((id) => typeof id === 'string' && idPattern.test(id)).join(' ');
}

/** The names of the fields that a body has; of a list only that it is there. */
export function fieldsOf(body: unknown): string[] {
  return [...leavesOf(body).keys()].slice(0, mostFields);
}

/**
 * What differs between two states of a thing. Values are shown only of the fields that `shown` names, with all that is below them, and of those only what is
 * no text of any length; of all others only that they changed.
 */
export function changesBetween(before: unknown, after: unknown, shown: readonly string[]): AuditChange[] {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  const fields = [...new Set([...was.keys(), ...is.keys()])].filter(
    (field) => JSON.stringify(was.get(field)) !== JSON.stringify(is.get(field)),
  );
  return fields.slice(0, mostFields).map((field) => {
    if (!shown.some((name) => field === name || field.startsWith(`${name}.`))) return { field };
    const [first, second] = [shownValue(was.get(field)), shownValue(is.get(field))];
    return { field, ...(first === undefined ? {} : { before: first }), ...(second === undefined ? {} : { after: second }) };
  });
}

const longestShown = 100;

function shownValue(value: unknown): AuditValue | undefined {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' && value.length <= longestShown ? value : undefined;
}

/** What is in a document by the path to it, lists as a whole. */
function leavesOf(document: unknown, path = '', depth = 0): Map<string, unknown> {
  if (!isObject(document) || depth === deepest) return new Map(path === '' ? [] : [[path, document]]);
  return new Map(
    Object.entries(document).flatMap(([name, value]) => [...leavesOf(value, path === '' ? name : `${path}.${name}`, depth + 1)]),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
