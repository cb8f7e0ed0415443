/**
 * Settings of an organization (`organization` columns and `orgdborgsettings`) that steer Microsoft's own synchronization of appointments, contacts and tasks,
 * with the setting of Tandem that stands in for each ("OrgDBOrgSettings tool for Microsoft Dynamics CRM" and the table reference of `organization`).
 */
export const counterparts: Readonly<Record<string, { readonly setting: string; readonly difference: string }>> = {
  DistinctPhysicalAndLogicalDeletesForExchangeSync: {
    setting: 'leftFilter',
    difference: '`true` is `release`, which is the default here. A record that its person may no longer read is released in any case.',
  },
  SSSPropagateAppointmentCancellationsToExchange: {
    setting: 'appointmentCanceledInDynamics',
    difference: '`true` is `delete`. Attendees hear of it only as `attendeeMail` allows.',
  },
  SSSUpdatePastMeetingsInNonDraftMode: {
    setting: 'pastAppointmentEditedInDynamics',
    difference: '`true` is `update`, which is the default here: nobody is written to about it without an admin’s word.',
  },
  SSSTaskDeletionSyncBehaviorFromExchange: {
    setting: 'taskDeletedInExchange',
    difference: 'The same for tasks, phone calls, letters and faxes. What is completed stays in any case.',
  },
  iscontactmailingaddresssyncenabled: { setting: 'contactAddresses', difference: '`true` is `mailing`, which is the default here.' },
  appointmentricheditorexperience: {
    setting: 'richText',
    difference:
      '`true` is `true`. Microsoft’s sync flattens what is formatted; here it travels both ways, as far as both systems can hold it.',
  },
  isappointmentattachmentsyncenabled: {
    setting: 'appointmentAttachments',
    difference: 'The same, for files up to 3 MB. Two new versions of a file both stay.',
  },
  TrackAppointmentsFromNonOrganizer: { setting: 'trackAppointmentsFromNonOrganizer', difference: 'The same.' },
  TrackCategorizedItems: {
    setting: 'trackCategorizedItems',
    difference: 'For contacts too. Switching it off takes no category off anything.',
  },
  IgnoreCopiedItemsInSSSForMailbox: { setting: 'ignoreCopies', difference: 'The same.' },
};

/** Those that have no counterpart, and why none is needed. */
export const withoutCounterpart: Readonly<Record<string, string>> = {
  AllowSaveAsDraftAppointment:
    'Dynamics alone decides whether an appointment may be saved as a draft. One that is does not sync, either way, until it is sent.',
  UseCrmOrganizerForEmptyExchangeOrganizer: 'The organizer is never written to Dynamics, so the one in Dynamics is always kept.',
  isassignedtaskssyncenabled: 'Microsoft Graph does not tell that a task was assigned to somebody in Outlook.',
  EnableSssItemLevelMonitoring: 'Every pair that could not be finished is listed with its reason, always.',
  ExchangeSyncIdMappingPersistenceTimeInDays: 'A failure is kept until it is over, the journal for `JOURNAL_DAYS`.',
};
