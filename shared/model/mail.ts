/** An e-mail as Exchange shows it, without its body. Addresses are in lower case. */
export interface SeenMail {
  /** The immutable id. */
  readonly id: string;
  readonly folderId: string;
  /** `Message-ID` as its sender wrote it; null where it has none. */
  readonly messageId: string | null;
  readonly subject: string;
  readonly from: string | null;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly isDraft: boolean;
  readonly importance: 'low' | 'normal' | 'high';
  /** True where its sender marked it personal, private or confidential. */
  readonly isPrivate: boolean;
  /** What it answers, nearest first: In-Reply-To, then References from the last to the first. */
  readonly answers: readonly string[];
  /** Base64; null where it has none. */
  readonly conversationIndex: string | null;
  /** UTC ms. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** A row that an e-mail is about. */
export interface Regarding {
  /** The table's logical name. */
  readonly entity: string;
  readonly id: string;
}

/** All mail that is filed in a folder, or below it, is tracked, and set regarding this row where one is named. */
export interface FolderRule {
  readonly folderId: string;
  readonly regarding: Regarding | null;
}

/** So many rules a mailbox may have: a bound for the row that holds them, not a wish. */
export const mostFolderRules = 500;

/** An e-mail that Dynamics holds, as far as another one can answer it. */
export interface TrackedEmail {
  readonly id: string;
  readonly messageId: string | null;
  readonly trackingToken: string | null;
  readonly conversationIndex: string | null;
  readonly isOutgoing: boolean;
  readonly regarding: Regarding | null;
  /** UTC ms. */
  readonly createdAt: number;
}

/** How a mail was matched to one that is tracked: the values of Dynamics' option set `email_correlationmethod`. */
export const correlationMethods = { none: 0, inReplyTo: 3, trackingToken: 4, conversationIndex: 5 } as const;
export type CorrelationMethod = (typeof correlationMethods)[keyof typeof correlationMethods];

/** What is kept of a mail that was taken over, so that it is taken over once only. */
export interface TrackedMail {
  /** The id of its row in Dynamics, which follows from its message id. */
  readonly id: string;
  /** The folder in which it was last seen. */
  readonly folderId: string;
  readonly method: CorrelationMethod;
  /** What Tandem set it regarding; whatever else stands there is somebody's own choice. */
  readonly regarding: Regarding | null;
  /** UTC ms. */
  readonly at: number;
}

/** Where the mail of one folder was read to. `link` is null before the first round. */
export interface MailCursor {
  readonly folderId: string;
  readonly link: string | null;
  readonly at: 'round' | 'end';
  /** Mail received before this is left out, UTC ms; null where all of it is read. */
  readonly from: number | null;
}

/** A mail that Dynamics did not take, and when it is offered again. */
export interface LateMail {
  /** The id that its row will have. */
  readonly id: string;
  /** The immutable id of the message. */
  readonly itemId: string;
  readonly attempts: number;
  /** UTC ms. */
  readonly due: number;
}
