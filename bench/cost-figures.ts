import { z } from 'zod';
import { Count, occasions } from './cost-counts';
import type { Counts } from './cost-model';
import type { Figure } from './figures';

const BenchFigure = z.object({
  goal: z.number(),
  name: z.string(),
  value: z.number(),
  limit: z.number(),
  ok: z.boolean(),
});

/** The goals that are about what work takes. */
const goals = [4, 5];

/**
 * What was measured: the lines of `npm run bench -- --json` and of `costs.js --measure`, one JSON value a line or all of them as one list.
 * @throws Error where an occasion was not counted or a line is neither
 */
export function readFigures(text: string): { readonly counts: Counts; readonly figures: readonly Figure[] } {
  const values = z.array(z.union([Count, BenchFigure])).parse(text.trimStart().startsWith('[') ? JSON.parse(text) : linesOf(text));
  const known = values.flatMap((value): [string, Count][] => ('occasion' in value ? [[value.occasion, value]] : []));
  const lacking = occasions.filter((occasion) => !known.some(([name]) => name === occasion));
  if (lacking.length > 0) throw new Error(`Nobody has counted ${lacking.join(', ')}: run costs.js --measure.`);
  const figures = values.flatMap((value) => ('goal' in value && goals.includes(value.goal) ? [value as Figure] : []));
  return { counts: Object.fromEntries(known) as Counts, figures };
}

function linesOf(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as unknown);
}
