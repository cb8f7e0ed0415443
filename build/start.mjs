// `npm start`: builds, and goes on in this same process, so that Ctrl-C and a signal to npm reach what is running and nothing in between.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');

const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit', cwd: root });
if (status !== 0) process.exit(status ?? 1);
require(join(root, 'dist', 'local', 'main.js'));
