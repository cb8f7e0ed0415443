import { join } from 'node:path';
import { type BicepFile, isProperties } from './bicep';
import type { Finding } from './house-rules';

/** Whether what a file gives its modules and takes from them is what they declare. `fileAt` finds a file by its path from the project's root. */
export function moduleFindings(file: BicepFile, fileAt: (path: string) => BicepFile | undefined): Finding[] {
  return file.modules.flatMap(({ symbol, source, line, body }) => {
    const target = fileAt(join(file.path, '..', source));
    if (target === undefined) return [`${file.path}:${line} there is no ${source}`];
    const given = isProperties(body.params) ? Object.keys(body.params) : [];
    const known = target.parameters.map(({ name }) => name);
    const needed = target.parameters.filter(({ fallback }) => fallback === undefined).map(({ name }) => name);
    const taken = [...file.text.matchAll(new RegExp(`\\b${symbol}!?\\.outputs\\.(\\w+)`, 'g'))].map(([, name = '']) => name);
    const told = target.outputs.map(({ name }) => name);
    return [
      ...given.filter((name) => !known.includes(name)).map((name) => `${file.path}:${line} ${source} has no parameter ${name}`),
      ...needed.filter((name) => !given.includes(name)).map((name) => `${file.path}:${line} ${source} is not given ${name}`),
      ...taken.filter((name) => !told.includes(name)).map((name) => `${file.path}:${line} ${source} has no output ${name}`),
    ];
  });
}

/** Parameters and outputs of modules that nobody gives or takes, and names in a file that nothing declares. */
export function idleFindings(files: readonly BicepFile[]): Finding[] {
  const callers = files.map(({ text }) => text).join('\n');
  return files.flatMap(({ path, text, parameters, variables, outputs }) => {
    const declared = [...parameters.map(({ name }) => name), ...Object.keys(variables)];
    const isEntry = !path.startsWith('bicep/');
    return [
      ...declared.filter((name) => uses(text, name) < 2).map((name) => `${path} declares ${name} and does not use it`),
      ...outputs
        .filter(({ name }) => !isEntry && !callers.includes(`.outputs.${name}`))
        .map(({ name, line }) => `${path}:${line} nobody takes the output ${name}`),
    ];
  });
}

const uses = (text: string, name: string): number => text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
