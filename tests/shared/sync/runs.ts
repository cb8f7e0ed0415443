/** A property is tried this often against each mutant: what is wrong in the core is wrong soon. */
const againstMutants = 60;

/**
 * How often a property is tried: as often as its test says, or as `RUNS` of the environment does. A failure prints its seed; `SEED` begins there. Mutation
 * testing (which names its workers in the environment) tries a few of each.
 */
export function runs(usual: number): { readonly numRuns: number; readonly seed?: number } {
  const { RUNS, SEED, STRYKER_MUTATOR_WORKER } = process.env;
  const numRuns = RUNS !== undefined ? Number(RUNS) : STRYKER_MUTATOR_WORKER !== undefined ? againstMutants : usual;
  return { numRuns, ...(SEED === undefined ? {} : { seed: Number(SEED) }) };
}

/** Where a test goes through a hundred thousand cases one by one, it takes one of so many of them against a mutant, and otherwise each. */
export const oneOf = process.env.STRYKER_MUTATOR_WORKER === undefined ? 1 : 199;
