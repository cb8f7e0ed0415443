import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** The path of a compiled program, for processes of its own. Throws where it is not there or a source was changed since, for then another program would be tested. */
export function built(program: string): string {
  const path = join(root, 'dist', program);
  const builtAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  for (const room of ['shared', 'local'])
    for (const name of readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('.ts') && statSync(join(root, room, name)).mtimeMs > builtAt)
        throw new Error(`${room}/${name} is newer than dist/${program}: run 'npm run build' first.`);
  return path;
}
