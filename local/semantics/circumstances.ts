/** What may be the case besides the state of both sides, by the word that a table uses for it, with the words that an admin reads. */
export const circumstances = {
  completed: 'the task is completed in Exchange',
  past: 'it lies in the past',
  elsewhere: 'somebody else organizes the event',
  guests: 'it has attendees in Exchange',
  room: 'it has a room and no attendees',
  withheld: 'its attendee list has been withheld',
  invites: 'what was edited is the list of attendees',
  shown: 'what was edited is only how its time is shown',
  canceled: 'it was canceled, not completed',
  private: 'the item is marked private',
  filtered: 'its record is outside the filters',
  wished: 'its user tracks it',
  uncategorized: 'its tracking category was taken off',
} as const;

export type Circumstance = keyof typeof circumstances;
