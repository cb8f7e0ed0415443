import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import type { CoreModule } from './core-module';
import { describeError, HostProblem } from './problem';

const packageSchema = z.looseObject({ main: z.string(), type: z.string().optional() });

/**
 * Loads an app's entry point (`main` of its package.json, a CommonJS file), which registers its functions with `core`, and closes registration.
 * @throws HostProblem `app-not-found`, `app-load-failed` or `no-programming-model`
 */
export async function loadApp(appDirectory: string, core: CoreModule): Promise<void> {
  const file = entryPoint(appDirectory);
  try {
    createRequire(file)(file);
  } catch (error) {
    const stack = error instanceof Error ? `\n${error.stack}` : '';
    throw new HostProblem('app-load-failed', `Worker was unable to load entry point "${file}": ${describeError(error)}${stack}`);
  }
  if (core.model === undefined) throw new HostProblem('no-programming-model', `"${file}" registers no function with @azure/functions.`);
  const capabilities = await core.model.getCapabilities({});
  if (capabilities.HttpUri !== undefined) {
    throw new HostProblem('not-supported', 'The local host does not support enableHttpStream.', 'Remove it from app.setup().');
  }
  core.isLocked = true;
}

function entryPoint(appDirectory: string): string {
  const packageFile = join(appDirectory, 'package.json');
  if (!existsSync(packageFile)) throw new HostProblem('app-not-found', `There is no ${packageFile}.`);
  const parsed = packageSchema.safeParse(JSON.parse(readFileSync(packageFile, 'utf8')));
  if (!parsed.success) throw new HostProblem('app-not-found', `${packageFile} names no "main".`);
  const { main, type } = parsed.data;
  if (/[*{]/.test(main)) throw new HostProblem('not-supported', `${packageFile}: "main" must name one file, not a pattern.`);
  if (main.endsWith('.mjs') || (type === 'module' && !main.endsWith('.cjs'))) {
    throw new HostProblem('not-supported', `${packageFile}: the app must be CommonJS.`);
  }
  const file = join(appDirectory, main);
  if (!existsSync(file)) throw new HostProblem('app-not-found', `There is no ${file}.`, 'Build the app first.');
  return file;
}
