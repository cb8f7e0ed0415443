import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Options } from './options';
import { perSecond, type Summary } from './run';

const summarySchema = z.strictObject({ seeds: z.number(), failed: z.number(), perSecond: z.number() });

/** Shares the seeds among processes of the same program and puts their summaries together. */
export async function share(options: Options, main: string, say: (line: string) => void): Promise<Summary> {
  const begun = performance.now();
  const each = Math.ceil(options.seeds / options.workers);
  const shares = Array.from({ length: options.workers }, (_, index) => ({
    from: options.from + index * each,
    seeds: Math.min(each, options.seeds - index * each),
  }));
  const summaries = await Promise.all(shares.filter(({ seeds }) => seeds > 0).map((part) => child({ ...options, ...part }, main, say)));
  const sum = (of: (summary: Summary) => number): number => summaries.reduce((total, summary) => total + of(summary), 0);
  const seeds = sum((summary) => summary.seeds);
  return { seeds, failed: sum((summary) => summary.failed), perSecond: perSecond(seeds, performance.now() - begun) };
}

async function child({ seeds, from, twice, shrink }: Options, main: string, say: (line: string) => void): Promise<Summary> {
  const flags = [...(twice ? ['--twice'] : []), ...(shrink ? [] : ['--no-shrink'])];
  const process_ = spawn(process.execPath, [main, '--seeds', String(seeds), '--from', String(from), ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = '';
  for await (const line of createInterface({ input: process_.stdout })) {
    if (last !== '') say(last);
    last = line;
  }
  const summary = summarySchema.safeParse(jsonOf(last));
  if (!summary.success) throw new Error(`The process for the seeds from ${from} ended without a summary.`);
  return summary.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
