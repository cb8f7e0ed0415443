/** Why an action was planned, or why nothing was: stable codes, each with the sentence an admin reads. */
export const reasons = {
  agreed: 'Both sides already agree.',
  'new-record': 'A record of this person has no item yet.',
  'record-edited': 'The record was edited in Dynamics.',
  'item-edited': 'The item was edited in Exchange.',
  'both-edited': 'Both sides were edited; fields were merged one by one.',
  'record-deleted': 'The record was deleted in Dynamics.',
  'item-deleted': 'The item was deleted in Exchange.',
  'both-gone': 'Record and item are both gone.',
  'deleted-but-edited': 'One side was deleted, the other was edited after they last agreed: the edited copy stays.',
  'deleted-in-dynamics': 'The record was deleted in Dynamics; the item stays, on its own.',
  'deleted-in-exchange': 'The item was deleted in Exchange; the record stays and gets no new item.',
  'moved-home': 'The record now belongs to somebody else.',
  'left-filter': 'The record is no longer among those that sync; the item stays, on its own.',
  unreadable: 'The person may no longer read the record; the item stays, on its own.',
  closed: 'The record was completed or canceled; its last state was written and the pair was let go.',
  'came-back': 'The record is open and at home again, so its pair is linked anew.',
  'would-mail': 'Exchange would write to the attendees, and the settings do not ask for that: an admin decides.',
  brake: 'So much was deleted or let go within a day that Tandem stopped: an admin decides.',
  'not-mine': 'The record has another home.',
  'not-syncing': 'The record is closed or filtered out and was never linked.',
  released: 'The pair was let go on purpose and is not touched again.',
  undone: 'An administrator took back what Tandem had done last.',
  frozen: 'The pair was stopped because both sides kept rewriting each other: an admin decides.',
} as const;

export type Reason = keyof typeof reasons;
