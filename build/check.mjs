import { isBuiltin } from 'node:module';
import { doneWithout, suppliedByHost } from './bundle.mjs';

/** What goal 10 allows, in bytes. */
export const mostBytes = 5_000_000;

/**
 * What is wrong with a package, a sentence each; empty for one that may be deployed.
 * @param {{ files: Map<string, string>, bundles: { name: string, output: import('esbuild').Metafile['outputs'][string] }[], lock: { packages: Record<string, { dev?: boolean }> } }} made
 * @returns {string[]}
 */
export function problemsOf({ files, bundles, lock }) {
  const bytes = sizeOf(files);
  return [
    ...(bytes > mostBytes
      ? [`It has ${bytes} bytes, more than ${mostBytes}. See which part grew, and load it later or leave it out.`]
      : []),
    ...bundles.flatMap(({ name, output }) => [
      ...Object.keys(output.inputs).flatMap((input) => strangerOf(input, lock).map((why) => `${name} contains ${input}, ${why}.`)),
      ...output.imports
        .filter((each) => each.external && !isThere(each.path, files))
        .map(({ path }) => `${name} needs ${path}, which is not there.`),
    ]),
    ...(bundles[0]?.output.imports.some(({ path }) => path === suppliedByHost)
      ? []
      : [`Nothing asks the host for ${suppliedByHost}, so no function would be registered.`]),
  ];
}

/** @param {Map<string, string>} files by name, with their text */
export function sizeOf(files) {
  return [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** Why an input does not belong into what is deployed. */
function strangerOf(input, lock) {
  const [, packagePath] = /^(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
  if (packagePath === undefined) return /^(functions|shared)\//.test(input) ? [] : ['which is no part of the app'];
  const locked = lock.packages[packagePath];
  if (locked === undefined) return ['which package-lock.json does not know'];
  return locked.dev === true ? ['a package for development only'] : [];
}

function isThere(path, files) {
  return isBuiltin(path) || path === suppliedByHost || path === doneWithout || files.has(path.replace(/^\.\//, ''));
}
