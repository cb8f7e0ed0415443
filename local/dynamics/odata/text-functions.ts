const needsPattern = /[%_[]/;

/** A test like SQL's LIKE, as the Web API's text functions are: no regard to case; `%`, `_` and `[...]` are wildcards. */
export function textTest(name: 'contains' | 'startswith' | 'endswith', wanted: string): (value: string) => boolean {
  if (!needsPattern.test(wanted)) {
    const plain = wanted.toLowerCase();
    if (name === 'contains') return (value) => value.toLowerCase().includes(plain);
    if (name === 'startswith') return (value) => value.toLowerCase().startsWith(plain);
    return (value) => value.toLowerCase().endsWith(plain);
  }
  const open = name === 'startswith' ? '^' : '';
  const close = name === 'endswith' ? '$' : '';
  const pattern = new RegExp(open + likePattern(wanted) + close, 'is');
  return (value) => pattern.test(value);
}

function likePattern(wanted: string): string {
  const pieces = wanted.match(/\[\^?[^\]]+\]|[\s\S]/g) ?? [];
  return pieces
    .map((piece) => {
      if (piece === '%') return '.*';
      if (piece === '_') return '.';
      if (piece.length > 1) return piece.replaceAll('\\', '\\\\');
      return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
}
