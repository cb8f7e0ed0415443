import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { semanticsPage } from '../../local/semantics/page';

test('docs/semantics.md says what the tables say; `npm run build && node dist/local/semantics/main.js` prints it anew', () => {
  expect(readFileSync(join(__dirname, '../../docs/semantics.md'), 'utf8')).toBe(semanticsPage());
});
