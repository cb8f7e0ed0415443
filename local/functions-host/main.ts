import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type RunningHost, startHost } from './host';
import { formatLogLine } from './logging';
import { describeError } from './problem';
import { withSettingsFile } from './settings';

/**
 * `node main.js --app DIR [--port N] [--settings FILE]`: runs one app until SIGINT, SIGTERM or the end of the parent that forked it.
 * Settings are read from FILE, or from the app's local.settings.json where there is one; environment variables win.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { app: { type: 'string' }, port: { type: 'string' }, settings: { type: 'string' } } });
  const appDirectory = values.app ?? '.';
  const defaultSettings = join(appDirectory, 'local.settings.json');
  const file = values.settings ?? (existsSync(defaultSettings) ? defaultSettings : undefined);
  const environment = file === undefined ? process.env : withSettingsFile(file, process.env);

  const host = await startHost({
    appDirectory,
    environment: { ...environment },
    port: Number(values.port ?? 0),
    log: (line) => {
      const stream = line.level === 'error' || line.level === 'critical' ? process.stderr : process.stdout;
      stream.write(`${formatLogLine(line)}\n`);
    },
  });
  stopOnSignals(host);
  if (process.send) process.send({ ready: true, url: host.url });
  else console.log(`listening on ${host.url}`);
}

function stopOnSignals(host: RunningHost): void {
  const stop = (): void => {
    host.stop().then(
      () => process.exit(0),
      (error) => {
        console.error(`functions: could not stop cleanly: ${describeError(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('disconnect', stop);
}

main().catch((error) => {
  console.error(`functions: cannot start: ${describeError(error)}`);
  process.exit(1);
});
