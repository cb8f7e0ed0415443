import type { MailboxRef } from '../storage/mailboxes';

/** Where Graph calls for one mailbox. It keeps the query of an address; what proves the caller is the secret in each notification. */
export function pushUrls(
  publicUrl: string,
  { integration, id }: MailboxRef,
): { readonly notifications: string; readonly lifecycle: string } {
  const query = new URLSearchParams({ integration, mailbox: id }).toString();
  const base = `${publicUrl}/app/api/push/graph`;
  return { notifications: `${base}?${query}`, lifecycle: `${base}/lifecycle?${query}` };
}
