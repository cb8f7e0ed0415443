import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..');
const sources = ['functions', 'shared'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(root, folder, name), 'utf8') })),
);
const importers = (what: RegExp): string[] => sources.filter(({ text }) => what.test(text)).map(({ path }) => path);

test('what exports telemetry is loaded by nobody unless it is asked for', () => {
  expect(importers(/^import (?!type).*'(?:@azure\/monitor|@opentelemetry\/(?:sdk|resources))/m).sort()).toEqual([
    'shared/platform/azure-monitor.ts',
    'shared/platform/telemetry-providers.ts',
  ]);
  expect(importers(/^import (?!type).*\/(?:azure-monitor|telemetry-providers)'/m)).toEqual(['shared/platform/azure-monitor.ts']);
});

test('nobody but the config reads or sets the environment', () => {
  expect(importers(/process\s*(?:\.|\[['"])\s*env\b|\benv\b.*\bfrom 'node:process'/)).toEqual(['shared/platform/config.ts']);
});

test('the pure core knows nothing of telemetry', () => {
  const knowing = importers(/@opentelemetry|platform\/(?:tracing|metrics|signals|telemetry)/);
  expect(knowing.filter((path) => /^shared\/(?:sync|assignment|model)\//.test(path))).toEqual([]);
});
