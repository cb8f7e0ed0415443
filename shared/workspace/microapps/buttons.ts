import type { Button, Input } from '../microapp';

/** Leads to the form that changes the record, while it is open. */
export function editButton(page: string): Button {
  return { label: 'button.edit', style: 'secondary', does: { page }, condition: { when: 'open' } };
}

const note: readonly Input[] = [
  { parameter: 'subject', label: 'field.noteTitle', kind: 'text', most: 500 },
  { parameter: 'notetext', label: 'field.note', kind: 'memo', required: true, most: 100_000 },
];

const newOwner: readonly Input[] = [
  {
    parameter: 'owner',
    label: 'field.newOwner',
    kind: 'lookup',
    required: true,
    looksUp: { table: 'systemuser', beside: 'internalemailaddress' },
  },
];

/** What can be done with every record that somebody owns. */
export const recordButtons: readonly Button[] = [
  { label: 'button.assign', style: 'secondary', does: { action: 'assign', asks: newOwner } },
  { label: 'button.addNote', style: 'secondary', does: { action: 'addNote', asks: note } },
];

/** What can be done with an open activity beside that. */
export const activityButtons: readonly Button[] = [
  { label: 'button.markComplete', style: 'primary', does: { action: 'markComplete', asks: [] }, condition: { when: 'open' } },
  { label: 'button.cancel', style: 'secondary', does: { action: 'cancel', asks: [] }, condition: { when: 'open' } },
  ...recordButtons,
];
