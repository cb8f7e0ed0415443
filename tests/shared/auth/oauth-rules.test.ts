import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../infra/bicep';

/** All code of the app, with the place of each file. */
const sources = ['functions', 'shared'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ path: join(folder, name), text: readFileSync(join(projectRoot, folder, name), 'utf8') })),
);
const script = readFileSync(join(projectRoot, 'infra', 'scripts', 'register-app.sh'), 'utf8');

function placesOf(pattern: RegExp): string[] {
  return sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
}

test('nothing asks for the implicit grant or for a person’s password (RFC 9700, 2.1.2 and 2.4)', () => {
  expect(placesOf(/response_type\W+(?:id_)?token|grant_type\W+password|genericGrantRequest|UsernamePasswordCredential/i)).toEqual([]);
  expect(script).not.toMatch(/implicit|enable-(?:id|access)-token-issuance|is-fallback-public-client/i);
});

test('no header that a proxy sets says who calls (RFC 9700, 4.13)', () => {
  expect(placesOf(/x-forwarded|x-ms-client-principal|x-original-|x-real-ip/i)).toEqual([]);
  expect(placesOf(/headers\.get\(\s*'authorization'/i)).toEqual(['functions/http/answer.ts']);
});

test('only people can be given the role of a user (RFC 9700, 4.15)', () => {
  const role = /\{[^{}]*"value":"Tandem\.User"[^{}]*\}/.exec(script)?.[0] ?? '';
  expect(role).toContain('"allowedMemberTypes":["User"]');
});
