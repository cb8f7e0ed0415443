/** What a provider's answer says; RFC 6749, section 4.1.2. */
export type Answer =
  | { readonly kind: 'code'; readonly state: string }
  | { readonly kind: 'error'; readonly state: string; readonly error: string };

/** Codes of Entra ID are some 1,500 characters long. */
const longest = 8_192;

/** Reads the answer; null for one that no provider gives: a parameter twice (RFC 6749, section 3.1), a code and an error, neither, no state, too long. */
export function readAnswer(query: URLSearchParams): Answer | null {
  if (query.toString().length > longest) return null;
  const names = [...query.keys()];
  if (new Set(names).size !== names.length) return null;
  const [state, code, error] = ['state', 'code', 'error'].map((name) => query.get(name) ?? '');
  if (state === undefined || state === '') return null;
  if (code !== '' && (error ?? '') === '') return { kind: 'code', state };
  if ((code ?? '') === '' && error !== undefined && error !== '')
    return { kind: 'error', state, error: /^[a-z_]{1,40}$/.test(error) ? error : 'other' };
  return null;
}
