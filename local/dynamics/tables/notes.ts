import { memo, polymorphic, table, text } from '../schema';
import { regarding } from './activities';

/** Notes on records; their files are not here. */
export const annotation = table('annotation', {
  set: 'annotations',
  objectTypeCode: 5,
  key: 'annotationid',
  nameColumn: 'subject',
  columns: [
    ...text(500, 'subject'),
    ...memo(100_000, 'notetext'),
    ...polymorphic('Lookup', 'objectid', [...regarding, 'appointment', 'phonecall', 'task']),
  ],
});
