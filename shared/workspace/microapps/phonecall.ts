import { activity } from './activity';

/** Phone calls have a number and a direction. */
export const { pages: phoneCallPages, create: createPhoneCall } = activity({
  table: 'phonecall',
  slug: 'phone-call',
  titles: { list: 'page.myOpenPhoneCalls', detail: 'page.phoneCallDetail', edit: 'page.phoneCallEdit', create: 'app.createPhoneCall' },
  about: 'app.createPhoneCall.about',
  searchHint: 'search.phoneCalls',
  searches: [],
  columns: [
    { label: 'field.due', shows: { column: 'scheduledend' }, format: 'datetime' },
    { label: 'field.relatedTo', shows: { column: 'regardingobjectid' } },
  ],
  sort: { column: 'scheduledend', direction: 'ascending' },
  details: [{ label: 'field.phoneNumber', shows: { column: 'phonenumber' }, link: 'call' }],
  inputs: [
    { parameter: 'phonenumber', label: 'field.phoneNumber', kind: 'phone', column: 'phonenumber', most: 200 },
    {
      parameter: 'directioncode',
      label: 'field.direction',
      kind: 'choice',
      column: 'directioncode',
      options: {
        fixed: [
          { value: 'true', label: 'option.outgoing' },
          { value: 'false', label: 'option.incoming' },
        ],
      },
    },
  ],
  endLabel: 'field.due',
  needsTimes: false,
  create: { label: 'button.createPhoneCall', action: 'createPhoneCall' },
  update: 'updatePhoneCall',
});
