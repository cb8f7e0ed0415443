import { DateTime } from 'luxon';
import type { Row } from '../shelf';
import { type Expression, FilterError, type Literal, type Scalar, UnsupportedFilter } from './ast';
import { type Period, periodOf } from './periods';
import type { Operand, Scope } from './scope';

const dayFunctions: ReadonlySet<string> = new Set(['On', 'OnOrAfter', 'OnOrBefore']);

type Named = Readonly<Record<string, Expression>>;

/** A test for one of Dataverse's query functions (Web API query function reference). Throws `UnsupportedFilter` with the name of one it does not know. */
export function compileQuery(name: string, named: Named, scope: Scope): (row: Row) => boolean {
  const property = text(name, named, 'PropertyName');
  const operand = scope.column(property);
  const value = (row: Row) => {
    const found = operand.read(row);
    return found === null ? undefined : String(found).toLowerCase();
  };
  switch (name) {
    case 'In':
    case 'NotIn': {
      const wanted = new Set(list(name, named).map((item) => String(item.value).toLowerCase()));
      return (row) => wanted.has(value(row) ?? '') === (name === 'In');
    }
    case 'Between':
    case 'NotBetween': {
      const [low, high] = list(name, named).map((item) => converted(operand, item));
      if (low === undefined || high === undefined) throw new FilterError(`'${name}' takes two values.`);
      return (row) => {
        const read = operand.read(row);
        const found = typeof read === 'string' ? read.toLowerCase() : read;
        return found !== null && (found >= low && found <= high) === (name === 'Between');
      };
    }
    case 'EqualUserId':
      return (row) => value(row) === scope.context.userId;
    case 'NotEqualUserId':
      return (row) => value(row) !== scope.context.userId;
    case 'EqualBusinessId':
      return (row) => value(row) === scope.context.businessUnitId;
    default: {
      const { now } = scope.context;
      const isKnown = dayFunctions.has(name) || periodOf(name, now, 1) !== undefined;
      if (!isKnown) throw new UnsupportedFilter(`the query function 'Microsoft.Dynamics.CRM.${name}'`);
      const period = dayFunctions.has(name) ? dayPeriod(name, named, scope) : periodOf(name, now, count(name, named));
      if (period === undefined) throw new FilterError(`'${name}' needs PropertyValue.`);
      if (operand.type !== 'Edm.DateTimeOffset' && operand.type !== 'Edm.Date') throw new FilterError(`'${property}' is not a date.`);
      return (row) => within(period, operand.read(row));
    }
  }
}

/** `On`, `OnOrAfter` and `OnOrBefore`: whole days in the caller's time zone. */
function dayPeriod(name: string, named: Named, scope: Scope): Period {
  const given = named.PropertyValue;
  const start = given?.kind === 'literal' ? startOfDay(given, scope) : undefined;
  if (start?.isValid !== true) throw new FilterError(`'${name}' takes a date.`);
  const from = start.toMillis();
  const to = start.plus({ days: 1 }).toMillis();
  if (name === 'OnOrAfter') return { from };
  return name === 'OnOrBefore' ? { to } : { from, to };
}

/** The start of the day that is meant: a date alone is a day of the caller's calendar, a point in time lies in one. */
function startOfDay(given: Literal, scope: Scope): DateTime {
  const { zone } = scope.context.now;
  if (typeof given.value === 'string') return DateTime.fromISO(given.value, { zone }).startOf('day');
  const at = DateTime.fromMillis(Number(given.value), { zone: 'utc' });
  return (given.type === 'Edm.Date' ? at.setZone(zone, { keepLocalTime: true }) : at.setZone(zone)).startOf('day');
}

function within(period: Period, value: Scalar): boolean {
  if (typeof value !== 'number') return false;
  return (period.from === undefined || value >= period.from) && (period.to === undefined || value < period.to);
}

function text(name: string, named: Named, parameter: string): string {
  const given = named[parameter];
  if (given?.kind !== 'literal' || typeof given.value !== 'string') throw new FilterError(`'${name}' needs ${parameter} as a text.`);
  return given.value;
}

function count(name: string, named: Named): number | undefined {
  const given = named.PropertyValue;
  if (given === undefined) return undefined;
  const number = given.kind === 'literal' ? Number(given.value) : Number.NaN;
  if (!Number.isInteger(number)) throw new FilterError(`'${name}' takes a whole number.`);
  return number;
}

function list(name: string, named: Named): readonly Literal[] {
  const given = named.PropertyValues;
  if (given?.kind !== 'list') throw new FilterError(`'${name}' needs PropertyValues as an array.`);
  return given.items;
}

function converted(operand: Operand, item: Literal): string | number | boolean {
  if (operand.type === 'Edm.String') return String(item.value).toLowerCase();
  const number = typeof item.value === 'string' && operand.type.startsWith('Edm.Date') ? Date.parse(item.value) : Number(item.value);
  if (Number.isNaN(number)) throw new FilterError(`'${String(item.value)}' is not of type ${operand.type}.`);
  return number;
}
