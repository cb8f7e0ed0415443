import { z } from 'zod';

/** `$filter=` or `$filter ` in front, as it stands in guides that people copy from, with or without the equals sign. */
const prefix = /^\s*[?&]?\$filter\s*(?:=\s*|(?=\s))/i;

/**
 * An OData filter as the record cache sends it: the expression alone. Only its form is looked at; whether the columns exist is for Dynamics to say.
 */
export const CacheFilter = z
  .string()
  .max(4_000)
  .overwrite((given) => given.replace(prefix, '').trim())
  .refine((filter) => filter !== '', 'is empty')
  .superRefine((filter, context) => {
    const wrong = complaint(filter);
    if (wrong !== null) context.addIssue({ code: 'custom', message: wrong });
  });

/** A text of OData: its quotation marks are doubled inside. */
const texts = /'(?:[^']|'')*'/g;

function complaint(filter: string): string | null {
  const rest = filter.replace(texts, '');
  if (rest.includes("'")) return 'has a text without its closing quotation mark';
  if (/\p{Cc}/u.test(rest)) return 'has a line break or another control character';
  if (/[&#;]/.test(rest)) return 'has another option behind the filter';
  if (/\$(?!it\b)/.test(rest)) return 'names another option than $filter';
  return balanced(rest) ? null : 'has brackets that do not match';
}

function balanced(text: string): boolean {
  let open = 0;
  for (const sign of text) {
    if (sign === '(') open += 1;
    if (sign === ')') open -= 1;
    if (open < 0) return false;
  }
  return open === 0;
}
