import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../local/stack/root';

/** Makes a directory that the host takes for an app: Tandem, and beside it the functions that its polls are compared with. */
export async function makeFeedApp(): Promise<{ readonly directory: string; remove(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'tandem-bench-'));
  await copyFile(join(projectRoot(), 'host.json'), join(directory, 'host.json'));
  await writeFile(join(directory, 'package.json'), JSON.stringify({ main: 'index.js' }));
  await writeFile(join(directory, 'index.js'), `require(${JSON.stringify(join(__dirname, 'feed-functions.js'))});\n`);
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}
