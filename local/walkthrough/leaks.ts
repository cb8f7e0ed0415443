/** Something that only who needs it may know. */
export interface Secret {
  /** What it is, to be named where it leaked. */
  readonly kind: string;
  readonly value: string;
}

export interface Leak {
  readonly kind: string;
  readonly place: string;
}

/** Shorter texts would be found by chance. */
const shortest = 12;

/** Where secrets have got to: whole or, of a signed token, its claims or signature alone; as they are, escaped for a URL, or in Base64. Names no value. */
export function leaksOf(secrets: readonly Secret[], texts: ReadonlyMap<string, string>): Leak[] {
  const found = secrets.flatMap(({ kind, value }) => {
    const needles = partsOf(value)
      .filter(({ length }) => length >= shortest)
      .flatMap(formsOf);
    return [...texts].filter(([, text]) => needles.some((needle) => text.includes(needle))).map(([place]) => ({ kind, place }));
  });
  return [...new Map(found.map((leak) => [`${leak.kind} ${leak.place}`, leak])).values()];
}

/** All signed tokens begin alike: what tells them apart comes after the first dot. */
function partsOf(value: string): string[] {
  const [head, claims, signature, ...more] = value.split('.');
  if (head?.startsWith('eyJ') !== true || claims === undefined || signature === undefined || more.length > 0) return [value];
  return [claims, signature];
}

function formsOf(text: string): string[] {
  return [...new Set([text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1), ...inBase64(text)])];
}

/** The middle of the text in Base64, of either alphabet, wherever in the encoded bytes it begins. */
function inBase64(text: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    // What shares a character with bytes around it is left out.
    const [from, to] = [Math.ceil((before * 4) / 3), Math.floor((bytes.length * 4) / 3)];
    return [bytes.toString('base64').slice(from, to), bytes.toString('base64url').slice(from, to)];
  });
}
