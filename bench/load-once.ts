import { createRequire } from 'node:module';
import { CoreModule } from '../local/functions-host/core-module';

/** What one fresh process took, in ms. */
export interface Loaded {
  /** From the worker's `require` of the entry point until every function is registered. */
  readonly startMs: number;
  /** The same, and what the app loads at the first token that it asks for as a managed identity. */
  readonly withIdentityMs: number;
}

/** `node load-once.js ENTRY IDENTITY HOW`: loads an app as the Functions worker does, then a module as the app does, and prints `Loaded` as JSON. */
async function main([entry = '', identity = '', how = '']: readonly string[]): Promise<void> {
  const core = new CoreModule(() => undefined);
  core.install();
  const require = createRequire(entry);
  const began = performance.now();
  require(entry);
  const startMs = performance.now() - began;
  if (how === 'require') require(identity);
  else await import(identity);
  const withIdentityMs = performance.now() - began;
  if (core.functions.size === 0) throw new Error(`${entry} registers no function.`);
  console.log(JSON.stringify({ startMs, withIdentityMs } satisfies Loaded));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
