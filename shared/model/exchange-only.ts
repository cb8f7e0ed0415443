import type { FieldRule } from './values';

/** Who may see an item: `normal` or nothing, `personal`, `private` or `confidential`. Known to Exchange alone. */
export const sensitivityField: FieldRule = { name: 'sensitivity', direction: 'none', merge: 'whole' };

/** The names of an item's categories, as they are written. Known to Exchange alone. */
export const categoriesField: FieldRule = { name: 'categories', direction: 'none', merge: 'elements' };
