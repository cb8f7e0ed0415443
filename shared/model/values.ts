/** A neutral value by which both sides can be compared: text, a switch, nothing, or a list of elements. Empty text does not exist: it is null. */
export type Value = string | boolean | null | readonly string[];

/** True for what came out of JSON and is a neutral value. */
export function isValue(content: unknown): content is Value {
  if (Array.isArray(content)) return content.every((element) => typeof element === 'string');
  return content === null || typeof content === 'string' || typeof content === 'boolean';
}

/** Neutral values by field name. A field that is absent was not read; one that is empty is null or []. */
export type Values = Readonly<Record<string, Value>>;

export type Side = 'dynamics' | 'exchange';

/** Which way a field may travel. */
export type Direction = 'none' | 'toExchange' | 'toDynamics' | 'both';

/** What syncs: a Dynamics table and the kind of Exchange item that it becomes. */
export type Entity = 'task' | 'phonecall' | 'letter' | 'fax' | 'contact' | 'appointment' | 'serviceappointment' | 'series';

/** The entities of which an edit may travel from Exchange to Dynamics. */
export type TwoWayEntity = Exclude<Entity, 'serviceappointment'>;

/** The entities whose tables are read. */
export const entities: readonly Entity[] = ['task', 'phonecall', 'letter', 'fax', 'contact', 'appointment', 'serviceappointment', 'series'];

/** The rule of one field: where it may go, how two changed sides meet, and what a side can hold of a value. */
export interface FieldRule {
  readonly name: string;
  readonly direction: Direction;
  /**
   * `whole`: one side wins. `elements`: additions and removals of both sides are applied to each other. `keyed`: elements that say something about a date of a
   * series (see `occurrencesOf`), merged date by date and field by field.
   */
  readonly merge: 'whole' | 'elements' | 'keyed';
  /** False for a field whose direction no admin changes, because the rest of the pair would not make sense without it. */
  readonly settable?: false;
  /** True for a field that an admin can add to pairs that are linked already: what each side holds then becomes its own base. */
  readonly joins?: true;
  /** True for a list of elements of which none takes another one's place: where both sides exchanged one, both new ones stay. */
  readonly isSet?: true;
  /** True for a text that may be HTML. */
  readonly isRich?: true;
  /** True for a note of which, where both sides wrote, both texts can be kept. */
  readonly isNote?: true;
  /** What Exchange can hold of a value; everything where absent. */
  readonly inExchange?: (value: Value) => Value;
  /** What Dynamics can hold of a value; everything where absent. */
  readonly inDynamics?: (value: Value) => Value;
}

/** Text as it is compared and stored: line ends are \n, no trailing white space, and blank text is null. Line by line, because a pattern takes quadratic time over long runs of blanks. */
export function normalText(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const normal = lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
  return normal === '' ? null : normal;
}

/** True where two values mean the same; element lists are compared in order. */
export function sameValue(left: Value | undefined, right: Value | undefined): boolean {
  if (isElements(left) && isElements(right))
    return left.length === right.length && left.every((element, index) => element === right[index]);
  return (left ?? null) === (right ?? null) || (isBlank(left) && isBlank(right));
}

/** True for null, nothing and an empty list. */
export function isBlank(value: Value | undefined): boolean {
  return value === null || value === undefined || (isElements(value) && value.length === 0);
}

/** The elements of a list value; none for anything else. */
export function elementsOf(value: Value | undefined): readonly string[] {
  return isElements(value) ? value : [];
}

function isElements(value: Value | undefined): value is readonly string[] {
  return Array.isArray(value);
}
