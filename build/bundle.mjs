import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { basename, join, relative, sep } from 'node:path';
import { build } from 'esbuild';

/**
 * The module that the Functions worker puts in place of a `require` of this name; it is no package. The library `@azure/functions` is an ordinary
 * dependency and goes into the bundle. Source: azure-functions-nodejs-worker, `setupCoreModule`.
 */
export const suppliedByHost = '@azure/functions-core';

/** `debug`, which the libraries of Service Bus print traces with, colours them where this is installed, and is content without. */
export const doneWithout = 'supports-color';

/**
 * What a module's address is in a CommonJS file, where `import.meta` has none. A directive counts only as the first statement, so it has to be here for the
 * one that esbuild writes below.
 */
const beginning = '"use strict";\nconst importMetaUrl = require("node:url").pathToFileURL(__filename).href;';

/**
 * Bundles the app: `index.js`, and a file for each package or source that the sources load with `import()` because not every app needs it, or not at once.
 * `index.js` is not minified, so that a stack trace can be read and because that makes it load no sooner. The other files hold libraries, and are.
 * @param {string} root the project's directory
 * @returns {Promise<{ name: string, code: string, map: string, output: import('esbuild').Metafile['outputs'][string] }[]>}
 */
export async function bundleApp(root) {
  const later = new Set();
  const files = [await bundle(root, 'functions/index.ts', 'index.js', [zodByParts, loadedLater(root, later)], false)];
  for (const name of later) files.push(await bundle(root, name, fileOf(name), [], true));
  return files;
}

async function bundle(root, entryPoint, name, plugins, minify) {
  const { outputFiles, metafile, warnings } = await build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    // Nothing is written there; it makes the paths in the source map start at the root.
    outfile: name,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // ES modules first: what is not used of them can be left out.
    mainFields: ['module', 'main'],
    minify,
    external: [suppliedByHost, doneWithout],
    // `import()` of a CommonJS file reads all of it once more to find its exports, which takes longer than to run it; so this becomes `require`.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: beginning },
    sourcemap: 'linked',
    metafile: true,
    write: false,
    logLevel: 'warning',
    plugins,
  });
  if (warnings.length > 0) throw new Error(`esbuild warns of ${warnings.length} things in ${name}, see above.`);
  const text = (suffix) => outputFiles.find(({ path }) => path.endsWith(name + suffix))?.text ?? '';
  const [, output] = Object.entries(metafile.outputs).find(([path]) => path.endsWith(name)) ?? [];
  return { name, code: text(''), map: text('.map'), output };
}

/** Leaves what the sources load with `import()` out, to be loaded from a file of its own. */
const loadedLater = (root, later) => ({
  name: 'loaded-later',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[.@a-z]/ }, ({ kind, path, importer, resolveDir }) => {
      if (kind !== 'dynamic-import' || importer.includes('node_modules') || isBuiltin(path)) return undefined;
      const source = path.replace(/\.js$/, '.ts');
      const entry = path.startsWith('.') ? `./${relative(root, join(resolveDir, source)).split(sep).join('/')}` : path;
      later.add(entry);
      return { path: `./${fileOf(entry)}`, external: true };
    }),
});

/**
 * zod's `z` is an object with all of zod in it, every language of its messages included. A namespace import says the same, and esbuild leaves out what
 * nobody uses of one.
 */
const zodByParts = {
  name: 'zod-by-parts',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/](functions|shared)[\\/].*\.ts$/ }, async ({ path }) => {
      if (path.includes('node_modules')) return undefined;
      const text = await readFile(path, 'utf8');
      return { loader: 'ts', contents: text.replace("import { z } from 'zod';", "import * as z from 'zod';") };
    }),
};

/** `@azure/identity` is in `azure-identity.js`, and `./shared/platform/azure-monitor.ts` in `azure-monitor.js`. */
function fileOf(name) {
  return name.startsWith('.') ? `${basename(name, '.ts')}.js` : `${name.replace(/^@/, '').replaceAll('/', '-')}.js`;
}
