import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { integrationSettingsPage } from '../shared/model/integration-settings-doc';
import { sampleSettings, settingsTable } from '../shared/platform/settings-doc';

/** The files that are made from the declared settings: path from the project's root, and text. */
export function settingsFiles(): readonly { readonly path: string; readonly text: string }[] {
  return [
    { path: join('docs', 'settings.md'), text: settingsTable() },
    { path: join('docs', 'integration-settings.md'), text: integrationSettingsPage() },
    { path: 'local.settings.sample.json', text: `${JSON.stringify(sampleSettings(), null, 2)}\n` },
  ];
}

if (require.main === module) for (const { path, text } of settingsFiles()) writeFileSync(path, text);
