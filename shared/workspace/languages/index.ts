import { en, type TextKey, type Texts } from './en';

export type { TextKey, Texts } from './en';

/** The languages of the Workspace, each with Dynamics' number for it. Source: Windows language codes (LCID). */
export const languages = {
  de: 1031,
  en: 1033,
  es: 3082,
  fr: 1036,
  it: 1040,
  ja: 1041,
  nl: 1043,
  'pt-BR': 1046,
  'zh-CN': 2052,
} as const;
export type Language = keyof typeof languages;

/** What stands in place of `{name}`. */
export type Placeholders = Readonly<Record<string, string>>;

/** Puts values into a text. A placeholder without a value vanishes, with the separators that would be left over around it. */
export function filled(text: string, values: Placeholders): string {
  const joined = text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  return joined
    .replace(/\s*[,、，]\s*(?=[.。]?$)/u, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** The language that a person reads best among those that there are: of an `Accept-Language` header (RFC 9110, 12.5.4), or English. */
export function languageFor(acceptLanguage: string | null): Language {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .slice(0, 20)
    .map((part, index) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters.map((each) => /^\s*q=([\d.]+)\s*$/.exec(each)?.[1]).find((each) => each !== undefined);
      return { tag: tag.toLowerCase(), quality: quality === undefined ? 1 : Number(quality), index };
    })
    .filter(({ tag, quality }) => tag !== '' && quality > 0)
    .sort((left, right) => right.quality - left.quality || left.index - right.index);
  for (const { tag } of wanted) {
    const found = languageOf(tag);
    if (found !== undefined) return found;
  }
  return 'en';
}

function languageOf(tag: string): Language | undefined {
  const known = Object.keys(languages) as Language[];
  const primary = tag.split('-')[0];
  return known.find((each) => each.toLowerCase() === tag) ?? known.find((each) => each.toLowerCase().split('-')[0] === primary);
}

const byLanguage: Readonly<Partial<Record<Language, Texts>>> = { en };

/** The texts of a language. */
export function textsOf(language: Language): Texts {
  return byLanguage[language] ?? en;
}

/** One text in one language, with its placeholders filled. */
export function say(language: Language, key: TextKey, values: Placeholders = {}): string {
  return filled(textsOf(language)[key], values);
}
