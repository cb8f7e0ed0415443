import { address, choice, dateOnly, integer, lookup, memo, money, polymorphic, readOnly, type State, table, text, yesNo } from '../schema';

export const customers = ['account', 'contact'];

const activeOrNot: readonly State[] = [
  { value: 0, label: 'Active', statuses: [[1, 'Active']] },
  { value: 1, label: 'Inactive', statuses: [[2, 'Inactive']] },
];

export const account = table('account', {
  set: 'accounts',
  objectTypeCode: 1,
  key: 'accountid',
  nameColumn: 'name',
  states: activeOrNot,
  columns: [
    ...text(160, 'name'),
    ...text(20, 'accountnumber'),
    ...text(50, 'telephone1', 'telephone2', 'telephone3', 'fax'),
    ...text(100, 'emailaddress1', 'emailaddress2', 'emailaddress3'),
    ...text(200, 'websiteurl', 'ftpsiteurl'),
    ...memo(2_000, 'description'),
    ...address('address1'),
    ...address('address2'),
    ...choice('accountcategorycode', { 1: 'Preferred Customer', 2: 'Standard' }),
    ...yesNo(false, 'creditonhold'),
    ...integer(0, 1_000_000_000, 'numberofemployees'),
    ...money('revenue'),
    ...lookup('primarycontactid', 'contact'),
    ...lookup('parentaccountid', 'account'),
  ],
});

export const contact = table('contact', {
  set: 'contacts',
  objectTypeCode: 2,
  key: 'contactid',
  nameColumn: 'fullname',
  states: activeOrNot,
  columns: [
    ...text(50, 'firstname', 'middlename', 'lastname'),
    ...readOnly(text(160, 'fullname')),
    ...text(100, 'salutation', 'nickname', 'jobtitle', 'department', 'managername', 'assistantname', 'spousesname'),
    ...text(10, 'suffix'),
    ...text(50, 'telephone1', 'telephone2', 'telephone3', 'mobilephone', 'business2', 'home2', 'callback', 'company', 'fax', 'pager'),
    ...text(50, 'assistantphone', 'managerphone', 'governmentid', 'employeeid'),
    ...text(100, 'emailaddress1', 'emailaddress2', 'emailaddress3'),
    ...text(200, 'websiteurl', 'ftpsiteurl'),
    ...text(255, 'childrensnames'),
    ...text(150, 'yomifirstname', 'yomimiddlename', 'yomilastname'),
    ...dateOnly('birthdate', 'anniversary'),
    ...memo(2_000, 'description'),
    ...address('address1'),
    ...address('address2'),
    ...address('address3'),
    ...choice('accountrolecode', { 1: 'Decision Maker', 2: 'Employee', 3: 'Influencer' }),
    ...polymorphic('Customer', 'parentcustomerid', customers),
  ],
});
