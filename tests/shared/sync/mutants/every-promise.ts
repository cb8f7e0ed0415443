import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Every test of the core in one file, for mutation testing alone: what they share is loaded once for each mutant instead of once for each file. Properties come
 * last, because most mutants fall to an example long before.
 */
const room = join(__dirname, '..');
const files = readdirSync(room).filter((name) => name.endsWith('.test.ts'));
const isProperty = (name: string): boolean => name.endsWith('.prop.test.ts');

for (const name of [...files.filter((each) => !isProperty(each)), ...files.filter(isProperty)])
  describe(name, () => {
    require(join(room, name));
  });
