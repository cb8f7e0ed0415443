/** What may stand between the brackets of a path: ids, numbers and names of parameters. A key by any other column is something that people wrote. */
const plainKey = /^(?:[A-Za-z_]\w*=)?(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|@\w+|-?\d{1,12}|true|false|null)$/i;
const segment = /^([\w.$-]*)(?:\((.*)\))?$/s;
/** A text in quotation marks, with doubled ones in it; what is never closed goes to the end. */
const quoted = /'(?:[^']|'')*(?:'|$)/g;
const longest = 500;

/** The path of a request as a log may keep it: with its ids, without other keys, and with the names of the query's options but not what they say. */
export function notedPath(url: string): string {
  const { pathname, searchParams } = new URL(url);
  const names = [...new Set(searchParams.keys())].filter((name) => /^[$@]?\w{1,40}$/.test(name));
  const path = pathname.split('/').map(notedSegment).join('/');
  return `${path}${names.length === 0 ? '' : `?${names.join('&')}`}`.slice(0, longest);
}

function notedSegment(text: string): string {
  const [, name, keys] = segment.exec(decoded(text)) ?? [];
  if (name === undefined) return '…';
  if (keys === undefined) return name;
  return `${name}(${keys.replace(quoted, '…').split(',').map(notedKey).join(',')})`;
}

function notedKey(key: string): string {
  if (plainKey.test(key)) return key;
  const name = /^[A-Za-z_]\w{0,99}(?==)/.exec(key)?.[0];
  return name === undefined ? '…' : `${name}=…`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '%';
  }
}
