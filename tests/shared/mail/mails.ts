import type { SeenMail, TrackedEmail } from '../../../shared/model/mail';

/** A mail from outside that answers nothing. */
export function mail(changes: Partial<SeenMail> = {}): SeenMail {
  return {
    id: 'AAkALg-1',
    folderId: 'inbox',
    messageId: '<new@northwind.example>',
    subject: 'Hello',
    from: 'nora@northwind.example',
    to: ['anna@contoso.example'],
    cc: [],
    bcc: [],
    isDraft: false,
    importance: 'normal',
    isPrivate: false,
    answers: [],
    conversationIndex: null,
    sentAt: Date.parse('2026-10-05T06:00:00Z'),
    receivedAt: Date.parse('2026-10-05T06:00:05Z'),
    ...changes,
  };
}

/** A mail that Dynamics holds. */
export function answered(changes: Partial<TrackedEmail> = {}): TrackedEmail {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    messageId: '<old@contoso.example>',
    trackingToken: null,
    conversationIndex: null,
    isOutgoing: true,
    regarding: { entity: 'account', id: '00000000-0000-4000-8000-0000000000aa' },
    createdAt: 1,
    ...changes,
  };
}
