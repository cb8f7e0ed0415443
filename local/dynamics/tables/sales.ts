import { address, choice, dateOnly, dateTime, integer, lookup, memo, money, polymorphic, readOnly, table, text } from '../schema';
import { customers } from './customers';

const rating = { 1: 'Hot', 2: 'Warm', 3: 'Cold' };

export const lead = table('lead', {
  set: 'leads',
  objectTypeCode: 4,
  key: 'leadid',
  nameColumn: 'fullname',
  states: [
    {
      value: 0,
      label: 'Open',
      statuses: [
        [1, 'New'],
        [2, 'Contacted'],
      ],
    },
    { value: 1, label: 'Qualified', statuses: [[3, 'Qualified']] },
    {
      value: 2,
      label: 'Disqualified',
      statuses: [
        [4, 'Lost'],
        [5, 'Cannot Contact'],
        [6, 'No Longer Interested'],
        [7, 'Canceled'],
      ],
    },
  ],
  columns: [
    ...text(300, 'subject'),
    ...text(50, 'firstname', 'middlename', 'lastname', 'telephone1', 'telephone2', 'mobilephone'),
    ...readOnly(text(160, 'fullname')),
    ...text(100, 'companyname', 'jobtitle', 'salutation', 'emailaddress1', 'emailaddress2'),
    ...text(200, 'websiteurl'),
    ...memo(2_000, 'description'),
    ...address('address1'),
    ...choice('leadqualitycode', rating, 2),
    ...choice('leadsourcecode', {
      1: 'Advertisement',
      2: 'Employee Referral',
      3: 'External Referral',
      4: 'Partner',
      5: 'Public Relations',
      6: 'Seminar',
      7: 'Trade Show',
      8: 'Web',
      9: 'Word of Mouth',
      10: 'Other',
    }),
    ...choice('purchasetimeframe', { 0: 'Immediate', 1: 'This Quarter', 2: 'Next Quarter', 3: 'This Year', 4: 'Unknown' }),
    ...lookup('parentaccountid', 'account'),
    ...lookup('parentcontactid', 'contact'),
    ...lookup('qualifyingopportunityid', 'opportunity'),
  ],
});

export const opportunity = table('opportunity', {
  set: 'opportunities',
  objectTypeCode: 3,
  key: 'opportunityid',
  nameColumn: 'name',
  states: [
    {
      value: 0,
      label: 'Open',
      statuses: [
        [1, 'In Progress'],
        [2, 'On Hold'],
      ],
    },
    { value: 1, label: 'Won', statuses: [[3, 'Won']], onlyBy: 'WinOpportunityRequest' },
    {
      value: 2,
      label: 'Lost',
      statuses: [
        [4, 'Canceled'],
        [5, 'Out-Sold'],
      ],
      onlyBy: 'LoseOpportunityRequest',
    },
  ],
  columns: [
    ...text(300, 'name'),
    ...memo(2_000, 'description', 'customerneed', 'currentsituation'),
    ...money('budgetamount', 'estimatedvalue', 'actualvalue'),
    ...readOnly(money('budgetamount_base')),
    ...integer(0, 100, 'closeprobability'),
    ...choice('opportunityratingcode', rating, 2),
    ...choice('salesstage', { 0: 'Qualify', 1: 'Develop', 2: 'Propose', 3: 'Close' }, 0),
    ...dateOnly('estimatedclosedate', 'actualclosedate'),
    ...polymorphic('Customer', 'customerid', customers),
    ...lookup('transactioncurrencyid', 'transactioncurrency'),
    ...lookup('parentaccountid', 'account'),
    ...lookup('parentcontactid', 'contact'),
    ...lookup('originatingleadid', 'lead'),
  ],
});

export const incident = table('incident', {
  set: 'incidents',
  objectTypeCode: 112,
  key: 'incidentid',
  nameColumn: 'title',
  states: [
    {
      value: 0,
      label: 'Active',
      statuses: [
        [1, 'In Progress'],
        [2, 'On Hold'],
        [3, 'Waiting for Details'],
        [4, 'Researching'],
      ],
    },
    {
      value: 1,
      label: 'Resolved',
      statuses: [
        [5, 'Problem Solved'],
        [1000, 'Information Provided'],
      ],
      onlyBy: 'CloseIncidentRequest',
    },
    {
      value: 2,
      label: 'Canceled',
      statuses: [
        [6, 'Canceled'],
        [2000, 'Merged'],
      ],
    },
  ],
  columns: [
    ...text(200, 'title'),
    ...memo(2_000, 'description'),
    ...readOnly(text(100, 'ticketnumber')),
    ...choice('casetypecode', { 1: 'Question', 2: 'Problem', 3: 'Request' }),
    ...choice('prioritycode', { 1: 'High', 2: 'Normal', 3: 'Low' }, 2),
    ...choice('caseorigincode', { 1: 'Phone', 2: 'Email', 3: 'Web' }),
    ...dateTime('followupby'),
    ...polymorphic('Customer', 'customerid', customers),
    ...lookup('primarycontactid', 'contact'),
    ...lookup('parentcaseid', 'incident'),
  ],
});
