import { choice, dateTime, lookup, memo, polymorphic, readOnly, table, text, yesNo } from '../schema';
import { activityPriority, regarding } from './activities';

const longText = 1_073_741_823;

/**
 * E-mail as Microsoft's table reference has it. From whom to whom stands in the parties 1 to 4. What only the platform's own tracking fills is read-only: how a
 * mail was matched, what it answers, its conversation, when it was sent.
 */
export const email = table('email', {
  set: 'emails',
  objectTypeCode: 4202,
  key: 'activityid',
  nameColumn: 'subject',
  isActivity: true,
  parties: 'email_activity_parties',
  editableWhenClosed: ['regardingobjectid'],
  states: [
    {
      value: 0,
      label: 'Open',
      statuses: [
        [1, 'Draft'],
        [8, 'Failed'],
      ],
    },
    {
      value: 1,
      label: 'Completed',
      statuses: [
        [2, 'Completed'],
        [3, 'Sent'],
        [4, 'Received'],
        [6, 'Pending Send'],
        [7, 'Sending'],
      ],
    },
    { value: 2, label: 'Canceled', statuses: [[5, 'Canceled']] },
  ],
  columns: [
    ...text(800, 'subject'),
    ...memo(longText, 'description', 'internetmessageheaders'),
    ...text(256, 'mimetype'),
    ...text(320, 'messageid'),
    ...text(250, 'sender', 'submittedby', 'category', 'subcategory'),
    ...text(500, 'torecipients'),
    ...text(50, 'trackingtoken'),
    ...yesNo(true, 'directioncode'),
    ...dateTime('scheduledstart', 'scheduledend', 'actualstart', 'actualend', 'sortdate'),
    ...activityPriority,
    ...polymorphic('Lookup', 'regardingobjectid', regarding, '_email'),
    ...lookup('parentactivityid', 'email'),
    ...lookup('correlatedactivityid', 'email').map((column) => ({ ...column, targets: { email: 'CorrelatedActivityId_Email' } })),
    ...readOnly([
      ...dateTime('senton'),
      ...text(320, 'inreplyto'),
      ...text(2_048, 'conversationindex'),
      ...choice(
        'correlationmethod',
        {
          0: 'None',
          1: 'Skipped',
          2: 'XHeader',
          3: 'InReplyTo',
          4: 'TrackingToken',
          5: 'ConversationIndex',
          6: 'SmartMatching',
          7: 'CustomCorrelation',
        },
        0,
      ),
    ]),
  ],
});
