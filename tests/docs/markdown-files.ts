import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { projectRoot } from '../infra/bicep';

/** A page of the project's own documentation; its path is relative to the root. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

export interface Link {
  readonly page: string;
  readonly label: string;
  /** Relative to the root; empty for a place on the same page. */
  readonly path: string;
  /** Without its `#`; empty for a whole page. */
  readonly place: string;
}

/** The pages at the root, below docs/ and beside the benchmarks. */
export function pages(): Page[] {
  const listed = ['.', 'docs', 'bench'].flatMap((folder) =>
    readdirSync(join(projectRoot, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  );
  return listed.map((path) => ({ path, text: readText(path) }));
}

export function readText(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8');
}

export function exists(path: string): boolean {
  return existsSync(join(projectRoot, path));
}

/** The links of a page that lead to files of the project. */
export function linksOf({ path: page, text }: Page): Link[] {
  return [...withoutCode(text).matchAll(/\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g)]
    .map(([, label = '', target = '']) => ({ label, target }))
    .filter(({ target }) => !/^[a-z]+:/.test(target))
    .map(({ label, target }) => {
      const [file = '', place = ''] = target.split('#');
      return { page, label, path: file === '' ? page : normalize(join(dirname(page), file)), place };
    });
}

/** The places of a page that links can name, as GitHub makes them from headings. */
export function placesOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

function withoutCode(text: string): string {
  return text.replace(/^\s*```[\s\S]*?^\s*```/gm, '');
}
