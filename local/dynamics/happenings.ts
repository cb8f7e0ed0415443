import type { Table } from './schema';

/** What was done to a row, as the platform's messages call it. */
export interface Happening {
  readonly message: 'Create' | 'Update' | 'Delete' | 'Assign' | 'SetState';
  readonly table: Table;
  readonly id: string;
  /** Who did it. */
  readonly userId: string;
}
