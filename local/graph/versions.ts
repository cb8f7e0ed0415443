/** The change key of a version: opaque, and another one after each write. */
export function changeKeyOf(mailboxId: string, version: number): string {
  const bytes = Buffer.alloc(24);
  bytes.set([0x11, 0, 0, 0, 0x16, 0, 0, 0], 0);
  bytes.write(mailboxId.replaceAll('-', '').slice(-20), 8, 10, 'hex');
  bytes.writeUIntBE(version, 18, 6);
  return bytes.toString('base64');
}

/** The etag of a version, as it stands in the body of every item. */
export function etagOf(mailboxId: string, version: number): string {
  return `W/"${changeKeyOf(mailboxId, version)}"`;
}

/** Whether an `If-Match` header lets a write through; an absent one and `*` always do. */
export function matches(ifMatch: string | undefined, etag: string): boolean {
  if (ifMatch === undefined || ifMatch.trim() === '*') return true;
  return ifMatch.split(',').some((each) => each.trim().replace(/^W\//, '') === etag.replace(/^W\//, ''));
}
