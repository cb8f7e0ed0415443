import { HostProblem } from './problem';

export type Constraint = (value: string) => boolean;

const INT = [-(2n ** 31n), 2n ** 31n - 1n] as const;
const LONG = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const GUID = /^(?:[\da-f]{32}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[{(][\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}[)}])$/i;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * The test behind an inline constraint such as `int`, `length(2,5)` or `regex(^a$|^b$)`.
 * Source: "Routing in ASP.NET Core", route constraints. A regular expression ignores case and is not anchored.
 * @throws HostProblem `route-invalid`
 */
export function constraintFor(text: string): Constraint {
  const [, name = '', argument] = /^(\w+)(?:\((.*)\))?$/s.exec(text) ?? [];
  switch (name.toLowerCase()) {
    case 'int':
      return (value) => isWithin(value, INT);
    case 'long':
      return (value) => isWithin(value, LONG);
    case 'bool':
      return (value) => /^(?:true|false)$/i.test(value);
    case 'guid':
      return (value) => GUID.test(value);
    case 'alpha':
      return (value) => /^[a-z]*$/i.test(value);
    case 'decimal':
    case 'double':
    case 'float':
      return (value) => NUMBER.test(value);
    case 'datetime':
      return (value) => !Number.isNaN(Date.parse(value));
    case 'required':
      return (value) => value !== '';
    case 'regex':
      return regexConstraint(text, argument);
    default:
      return numericConstraint(text, name.toLowerCase(), argument);
  }
}

function numericConstraint(text: string, name: string, argument: string | undefined): Constraint {
  const [first, second] = numbersOf(text, argument);
  switch (name) {
    case 'minlength':
      return (value) => value.length >= first;
    case 'maxlength':
      return (value) => value.length <= first;
    case 'length':
      return (value) => value.length >= first && value.length <= (second ?? first);
    case 'min':
      return (value) => isWithin(value, LONG) && Number(value) >= first;
    case 'max':
      return (value) => isWithin(value, LONG) && Number(value) <= first;
    case 'range':
      return (value) => isWithin(value, LONG) && Number(value) >= first && Number(value) <= (second ?? first);
    default:
      throw new HostProblem('route-invalid', `The constraint reference '${name}' could not be resolved to a type.`);
  }
}

function regexConstraint(text: string, argument: string | undefined): Constraint {
  try {
    const pattern = new RegExp(argument ?? '', 'i');
    return (value) => pattern.test(value);
  } catch {
    throw new HostProblem('route-invalid', `The constraint '${text}' is no regular expression that this host understands.`);
  }
}

function numbersOf(text: string, argument: string | undefined): [first: number, second: number | undefined] {
  const numbers = (argument ?? '').split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [first, second] = numbers;
  if (first === undefined || numbers.length > 2 || numbers.some((number) => !Number.isInteger(number))) {
    const isUnknown = argument === undefined;
    throw new HostProblem(
      'route-invalid',
      isUnknown ? `The constraint reference '${text}' could not be resolved to a type.` : `The constraint '${text}' has a wrong argument.`,
    );
  }
  return [first, second];
}

function isWithin(value: string, [least, most]: readonly [bigint, bigint]): boolean {
  if (!/^[+-]?\d+$/.test(value)) return false;
  const number = BigInt(value.replace('+', ''));
  return number >= least && number <= most;
}
