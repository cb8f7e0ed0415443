import type { Sealer } from '../platform/seal';
import { joinPieces, pieces } from './pieces';
import type { Property } from './rows';

/** Content as properties of a row: encrypted, in as many pieces as it takes; none for null. */
export function sealedPieces(name: string, content: unknown, sealer: Sealer): Record<string, Property> {
  return content === null ? {} : pieces(name, sealer.seal(JSON.stringify(content)));
}

/** The content of such properties; null where there are none. */
export function opened<T>(name: string, row: Readonly<Record<string, unknown>>, sealer: Sealer): T | null {
  const sealed = joinPieces(name, row);
  return sealed === '' ? null : (JSON.parse(sealer.open(sealed)) as T);
}

/** A time as rows keep it. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
