import { integer, lookup, memo, readOnly, table, text } from '../schema';

/** The files of activities, here of appointments alone. They belong to no user but to their activity; body is base64. */
export const activityMimeAttachment = table('activitymimeattachment', {
  set: 'activitymimeattachments',
  objectTypeCode: 1001,
  key: 'activitymimeattachmentid',
  nameColumn: 'filename',
  ownership: 'organization',
  writable: ['create', 'delete'],
  columns: [
    ...text(255, 'filename'),
    ...text(256, 'mimetype'),
    ...text(64, 'objecttypecode'),
    ...memo(1_073_741_823, 'body'),
    ...readOnly(integer(0, 1_000_000_000, 'filesize')),
    ...lookup('objectid', 'appointment').map((column) => ({ ...column, targets: { appointment: 'objectid_activitypointer' } })),
  ],
});
