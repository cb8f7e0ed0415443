import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { semanticsPage } from './page';

writeFileSync(join('docs', 'semantics.md'), semanticsPage());
