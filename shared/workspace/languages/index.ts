import { templateText } from '../template-text';
import { de } from './de';
import { en, type TextKey, type Texts } from './en';
import { es } from './es';
import { fr } from './fr';
import { it } from './it';
import { ja } from './ja';
import { nl } from './nl';
import { ptBR } from './pt-br';
import { zhCN } from './zh-cn';

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

const byLanguage: Readonly<Record<Language, Texts>> = { de, en, es, fr, it, ja, nl, 'pt-BR': ptBR, 'zh-CN': zhCN };

/** The texts of a language. */
export function textsOf(language: Language): Texts {
  return byLanguage[language];
}

/** What stands in place of `{name}`. */
export type Placeholders = Readonly<Record<string, string>>;

/** Placeholders with nothing but spaces and commas between them; what leads to them and encloses them; and the full stop that ends the sentence there. */
const placed =
  /(?<before>[,、，]?\s*)(?<open>[“„«‘「『（(]\s*)?(?<names>\{\w+\}(?:[\s,、，]*\{\w+\})*)(?<close>\s*[”“»’」』）)])?(?<stop>[.。]?)/gu;

/**
 * Puts values into a text. A placeholder without a value takes the space or comma before it along, and quotation marks that would stand around nothing;
 * a value that ends in a full stop ends the sentence with it.
 */
export function filled(text: string, values: Placeholders): string {
  const partOf = (name: string) => values[name]?.trim() ?? '';
  const fill = (_: string, before: string, open = '', names: string, close = '', stop: string) => {
    const value = templateText(names, partOf);
    if (value === '') return open !== '' && close !== '' ? stop : `${open}${close}${stop}`;
    return `${before}${open}${value}${close}${close === '' && value.endsWith('.') ? '' : stop}`;
  };
  return text.replace(placed, fill).trim();
}

/** One text in one language, with its placeholders filled. */
export function say(language: Language, key: TextKey, values: Placeholders = {}): string {
  return filled(textsOf(language)[key], values);
}

/** How much of an `Accept-Language` header is read; nobody reads more languages. */
const mostRanges = 20;

interface Range {
  /** In lower case; `*` for any language. */
  readonly tag: string;
  /** From 0, not wanted, to 1. */
  readonly quality: number;
}

/**
 * The language that a person reads best among those that there are, or English: of an `Accept-Language` header. A language that there is in one country's form only
 * serves its readers everywhere: who asks for pt-PT or zh-TW reads pt-BR or zh-CN. Total: what is no range is passed over. Source: RFC 9110, 12.5.4; RFC 4647, 3.
 */
export function languageFor(acceptLanguage: string | null): Language {
  const ranges = (acceptLanguage ?? '').split(',', mostRanges).flatMap(rangeOf);
  const refused = ranges.filter(({ tag, quality }) => quality === 0 && tag !== '*');
  const offered = Object.keys(languages)
    .filter(isLanguage)
    .filter((language) => !refused.some(({ tag }) => `${language.toLowerCase()}-`.startsWith(`${tag}-`)));
  const wanted = ranges.filter(({ quality }) => quality > 0).sort((left, right) => right.quality - left.quality);
  for (const { tag } of wanted) {
    const found = bestFor(tag, offered);
    if (found !== undefined) return found;
  }
  return 'en';
}

function rangeOf(part: string): Range[] {
  const [tag = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase());
  if (!/^(?:\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)$/.test(tag)) return [];
  const weight = parameters.find((each) => each.startsWith('q='))?.slice(2) ?? '1';
  return /^[01](?:\.\d*)?$/.test(weight) ? [{ tag, quality: Math.min(Number(weight), 1) }] : [];
}

function bestFor(tag: string, offered: readonly Language[]): Language | undefined {
  if (tag === '*') return offered.find((each) => each === 'en') ?? offered[0];
  const primary = tag.split('-', 1)[0];
  return offered.find((each) => each.toLowerCase() === tag) ?? offered.find((each) => each.toLowerCase().split('-', 1)[0] === primary);
}

function isLanguage(name: string): name is Language {
  return Object.hasOwn(languages, name);
}
