import fc from 'fast-check';
import { filled, type Language, languageFor, languages, say, type TextKey, textsOf } from '../../../shared/workspace/languages';
import { en } from '../../../shared/workspace/languages/en';

const isLanguage = (name: string): name is Language => name in languages;
const isKey = (name: string): name is TextKey => name in en;
const all = Object.keys(languages).filter(isLanguage);
const others = all.filter((language) => language !== 'en');
const keys = Object.keys(en).filter(isKey);
const texts = all.flatMap((language) => keys.map((key) => ({ language, key, text: textsOf(language)[key] })));

/** Words that are the same in English. */
const sameAsEnglish: Readonly<Record<Language, readonly string[]>> = {
  en: Object.values(en),
  de: ['Budget', 'Lead', 'Leads', 'Name', 'Position', 'Status', 'Website'],
  es: [],
  fr: ['Budget', 'Contact', 'Contacts', 'Description', 'Direction', 'Note', 'Phase', 'Source'],
  it: ['Account', 'Budget', 'Lead'],
  ja: [],
  nl: ['Account', 'Accounts', 'Budget', 'Status', 'Website'],
  'pt-BR': ['Email', 'Status'],
  'zh-CN': [],
};

function placeholdersOf(text: string): string[] {
  return (text.match(/\{[^}]*\}?/g) ?? []).sort();
}

function mostOf(key: TextKey): number {
  if (/^(?:button|choose|option)\./.test(key)) return 40;
  const isLabel = /^(?:field|search|app)\.\w+$|^page\.(?:my|close(?=As))|(?:Detail|Edit|Resolve|\.title)$/.test(key);
  return isLabel ? 45 : 110;
}

describe.each(others)('the texts in %s', (language) => {
  test('are there for everything that English says, and for nothing else', () => {
    expect(Object.keys(textsOf(language)).sort()).toEqual(Object.keys(en).sort());
  });

  test('have the placeholders of English, each as often', () => {
    for (const key of keys) expect([key, placeholdersOf(textsOf(language)[key])]).toEqual([key, placeholdersOf(en[key])]);
  });

  test('leave nothing in English but words that are the same', () => {
    const left = keys.map((key) => textsOf(language)[key]).filter((text, index) => text === en[keys[index] ?? 'list.empty']);
    expect([...new Set(left)].filter((text) => !sameAsEnglish[language].includes(text))).toEqual([]);
  });

  test('tell the pages of a microapp apart, and the buttons of a page', () => {
    for (const kind of ['page.my', 'app.', 'choose.', 'option.']) {
      const own = keys.filter((key) => key.startsWith(kind)).map((key) => textsOf(language)[key]);
      expect(own.filter((text, index) => own.indexOf(text) !== index)).toEqual([]);
    }
    const buttons = keys.filter((key) => key.startsWith('button.')).map((key) => textsOf(language)[key]);
    expect(new Set(buttons).size).toBe(buttons.length);
  });
});

describe('every text', () => {
  test('says something, without space around it', () => {
    expect(texts.filter(({ text }) => text === '' || text.trim() !== text || / {2}/.test(text))).toEqual([]);
  });

  test('is short enough for where it stands', () => {
    expect(texts.filter(({ key, text }) => text.length > mostOf(key))).toEqual([]);
  });

  test('has no characters that nobody sees, and is composed', () => {
    // No-break spaces are seen. Cc, Cf: control characters, joiners, zero-width spaces, byte order marks, direction marks.
    expect(texts.filter(({ text }) => /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/u.test(text) || text.normalize('NFC') !== text)).toEqual([]);
  });

  test('is a sentence with a full stop where English has one, and none where it has none', () => {
    const ends = (text: string) => /[.。]$/.test(text);
    expect(texts.filter(({ key, text }) => ends(text) !== ends(en[key]))).toEqual([]);
  });

  test('is written in the script of its language', () => {
    const han = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
    expect(texts.filter(({ language, text }) => han.test(text) !== (language === 'ja' || language === 'zh-CN'))).toEqual([]);
    expect(texts.filter(({ language, text }) => language === 'zh-CN' && /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text))).toEqual(
      [],
    );
  });
});

describe('Japanese', () => {
  const japanese = Object.values(textsOf('ja'));

  test.each([
    '原因',
    '非売',
    'キャンセルしました',
    '営業案件',
    'ケース',
    'ToDo',
    '私の',
    '取引先企業',
    '取引先担当者',
    '潜在顧客',
    '完了予定日',
    '予測クローズ日',
  ])('never says %s', (slip) => {
    expect(japanese.filter((text) => text.includes(slip))).toEqual([]);
  });

  test.each<[TextKey, string]>([
    ['field.due', '期限'],
    ['field.from', '開始'],
    ['field.to', '終了'],
    ['field.closeDate', '完了日'],
    ['field.city', '市区町村'],
    ['field.billableTime', '請求可能な時間 (分)'],
    ['option.outSold', '競合に敗退'],
    ['option.canceled', 'キャンセル'],
    ['app.accounts', '取引先'],
    ['app.contacts', '取引先責任者'],
    ['app.leads', 'リード'],
    ['app.opportunities', '商談'],
    ['app.cases', 'サポート案件'],
    ['app.tasks', 'タスク'],
    ['app.appointments', '予定'],
    ['app.phoneCalls', '電話'],
    ['page.myAccounts', '自分の取引先'],
    ['page.myOpenCases', '自分のオープンしているサポート案件'],
    ['page.closeAsWon', '受注としてクローズ'],
    ['list.empty', '表示するデータがありません'],
  ])('says %s as %s', (key, text) => {
    expect(say('ja', key)).toBe(text);
  });
});

describe('a notice of a lead', () => {
  const whole = { firstname: 'Anna', lastname: 'Moser', companyname: 'Contoso' };

  test.each<[Language, string]>([
    ['de', 'Sie betreuen den neuen Lead Anna Moser, Contoso.'],
    ['en', 'You own the new lead Anna Moser, Contoso.'],
    ['es', 'Es responsable del nuevo cliente potencial Anna Moser, Contoso.'],
    ['fr', 'Vous êtes responsable du nouveau prospect Anna Moser, Contoso.'],
    ['it', 'Le è stato assegnato il nuovo lead Anna Moser, Contoso.'],
    ['ja', '新しいリード「Moser Anna、Contoso」が割り当てられました。'],
    ['nl', 'U bent eigenaar van de nieuwe potentiële klant Anna Moser, Contoso.'],
    ['pt-BR', 'Você é responsável pelo novo cliente potencial Anna Moser, Contoso.'],
    ['zh-CN', '新潜在顾客“Moser Anna，Contoso”已分派给您。'],
  ])('in %s names person and company', (language, sentence) => {
    expect(say(language, 'notice.lead.new', whole)).toBe(sentence);
  });

  const keysOfLeads: readonly TextKey[] = ['notice.lead.new', 'notice.lead.existing'];
  test.each(all)('in %s reads well whatever is missing', (language) => {
    const personFirst = language === 'ja' || language === 'zh-CN' ? 'Moser Anna' : 'Anna Moser';
    const comma = language === 'ja' ? '、' : language === 'zh-CN' ? '，' : ', ';
    for (const key of keysOfLeads) {
      const sentence = say(language, key, whole);
      const name = `${personFirst}${comma}Contoso`;
      expect(sentence).toContain(name);
      const missing = (values: Partial<typeof whole>) => say(language, key, { ...whole, ...values });
      expect(missing({ companyname: '' })).toBe(sentence.replace(name, personFirst));
      expect(missing({ firstname: '' })).toBe(sentence.replace(name, `Moser${comma}Contoso`));
      expect(missing({ firstname: '', companyname: ' ' })).toBe(sentence.replace(name, 'Moser'));
      expect(missing({ firstname: '', lastname: '' })).toBe(sentence.replace(name, 'Contoso'));
      expect(say(language, key)).toBe(sentence.replace(new RegExp(` ?[“「]?${name}[”」]?`), ''));
    }
  });
});

describe('a text with placeholders', () => {
  test.each(all)('in %s has no quotation marks around nothing', (language) => {
    for (const key of keys.filter((each) => each.startsWith('notice.'))) {
      const nameless = say(language, key);
      expect(nameless).not.toMatch(/[“”„«»「」{}]| [.,]|[,、，][.。]| {2}|\s$/u);
    }
  });

  test('leaves the values as people wrote them', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...all), (name, language) => {
        const shown = say(language, 'notice.task.new', { name });
        expect(shown.includes(name.trim())).toBe(true);
      }),
    );
    expect(filled('“{name}”.', { name: 'a  b, {other} $& .' })).toBe('“a  b, {other} $& .”.');
  });

  test('ends with one full stop where a name ends with one', () => {
    expect(say('en', 'notice.account.new', { name: 'Contoso Inc.' })).toBe('You own the new account Contoso Inc.');
    expect(say('es', 'notice.task.new', { name: 'Llamar a Contoso Inc.' })).toBe(
      'Se le ha asignado la nueva tarea «Llamar a Contoso Inc.».',
    );
  });

  test('keeps the French spaces inside the quotation marks', () => {
    expect(say('fr', 'notice.task.new', { name: 'Offre' })).toBe('La nouvelle tâche «\u00a0Offre\u00a0» vous est affectée.');
    expect(say('fr', 'notice.task.new', { name: '' })).toBe('La nouvelle tâche vous est affectée.');
  });
});

describe('the language for an Accept-Language header', () => {
  test.each<[string | null, Language]>([
    [null, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['de-AT', 'de'],
    ['en-GB', 'en'],
    ['en-GB,en;q=0.9,de;q=0.8', 'en'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['PT-br', 'pt-BR'],
    ['zh', 'zh-CN'],
    ['zh-Hans-CN', 'zh-CN'],
    ['zh-TW', 'zh-CN'],
    ['zh-TW,zh;q=0.9,en-US;q=0.8', 'zh-CN'],
    ['es-419', 'es'],
    ['sv,da;q=0.9', 'en'],
    ['sv, nl;q=0.3', 'nl'],
    ['fr;q=0.3, it;q=0.7', 'it'],
    ['fr , it', 'fr'],
    ['ja ; q=0.5, fr ; Q=0.6', 'fr'],
    ['*', 'en'],
    ['*, de;q=0.5', 'en'],
    ['en;q=0, *', 'de'],
    ['sv, *;q=0.1', 'en'],
    ['de;q=0', 'en'],
    ['de;q=0.0, fr;q=0.1', 'fr'],
    ['pt-PT, pt;q=0, es;q=0.2', 'es'],
    ['en-GB;q=0, en;q=0.5, de;q=0.4', 'en'],
    ['*;q=0', 'en'],
    ['de;q=nonsense, fr;q=0.1', 'fr'],
    ['de;q=1.2.3, fr;q=0.1', 'fr'],
    ['fr;q=0.30000001192, it;q=0.2', 'fr'],
    ['de_DE', 'en'],
    ['deutsch', 'en'],
    ['-, ;;;, q=1, ../de, \u0000', 'en'],
    ['constructor, __proto__, toString', 'en'],
  ])('%j is %s', (header, language) => {
    expect(languageFor(header)).toBe(language);
  });

  test('a very long one is read from its beginning only', () => {
    expect(languageFor(`fr,${'x-y,'.repeat(100_000)}`)).toBe('fr');
    expect(languageFor(`${'sv,'.repeat(100_000)}fr`)).toBe('en');
    expect(languageFor(`${'a-'.repeat(1_000_000)},de`)).toBe('de');
    expect(languageFor(`de;q=${'0'.repeat(1_000_000)}x`)).toBe('en');
  });

  test('there is one whatever the header holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^(?:[a-z*-]{0,5}(?:;q=[\d.]{0,4})?,?){0,6}$/)), (header) => {
        expect(all).toContain(languageFor(header));
      }),
    );
  });
});
