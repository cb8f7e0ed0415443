import { person } from '../../company/people';
import { tables } from '../tables';
import { timestamp } from '../values';
import { euro, serviceDesk } from './people';
import { type Plant, seedId } from './plant';

const day = 24 * 60 * 60 * 1_000;
const sellers = ['anna', 'ben', 'chloe', 'david', 'emi'];
const helpers = ['greta', 'hugo', 'ines', 'jack'];

/** Name, domain, city, country. */
const companies: readonly (readonly [string, string, string, string])[] = [
  ['Alder Brewing', 'alderbrewing.example', 'Hamburg', 'Germany'],
  ['Birchwood Clinics', 'birchwood.example', 'Leeds', 'United Kingdom'],
  ['Cobalt Shipping', 'cobalt-shipping.example', 'Rotterdam', 'Netherlands'],
  ['Dune Solar', 'dunesolar.example', 'Tucson', 'United States'],
  ['Elm Street Foods', 'elmstreet.example', 'Boston', 'United States'],
  ['Fjord Textiles', 'fjord-textiles.example', 'Bergen', 'Norway'],
  ['Granite Bank', 'granitebank.example', 'Zurich', 'Switzerland'],
  ['Harbor Robotics', 'harbor-robotics.example', 'Osaka', 'Japan'],
];

/** First name, last name, title: three a company. */
const contacts: readonly (readonly [string, string, string])[] = [
  ['Mara', 'Vogel', 'Purchasing Manager'],
  ['Nils', 'Petersen', 'Brewmaster'],
  ['Olga', 'Richter', 'Accountant'],
  ['Priya', 'Shah', 'Clinic Director'],
  ['Quentin', 'Ward', 'IT Manager'],
  ['Rosa', 'Turner', 'Head Nurse'],
  ['Sven', 'de Vries', 'Fleet Manager'],
  ['Tessa', 'Bakker', 'Logistics Planner'],
  ['Umar', 'Khan', 'Buyer'],
  ['Violet', 'Reyes', 'Chief Engineer'],
  ['Walter', 'Young', 'Site Manager'],
  ['Xena', 'Moss', 'Installer'],
  ['Yara', 'Haddad', 'Category Manager'],
  ['Zach', 'Cole', 'Store Manager'],
  ['Amelie', 'Laurent', 'Quality Manager'],
  ['Bjorn', 'Haugen', 'Plant Manager'],
  ['Clara', 'Nilsen', 'Designer'],
  ['Dag', 'Solberg', 'Buyer'],
  ['Elena', 'Keller', 'Branch Manager'],
  ['Fabian', 'Graf', 'Risk Officer'],
  ['Gina', 'Baumann', 'Advisor'],
  ['Haruto', 'Sato', 'Lead Developer'],
  ['Iris', 'Nakano', 'Product Manager'],
  ['Jun', 'Ishii', 'Test Engineer'],
];

/** Accounts, contacts, leads, opportunities and cases, owned by sellers, service engineers and one team. */
export function seedCustomers(plant: Plant, now: number): void {
  for (const [index, [name, domain, city, country]] of companies.entries()) {
    plant(seller(index), tables.account, accountId(index), {
      name,
      accountnumber: `A-${1_001 + index}`,
      telephone1: `+1 555 01${10 + index}`,
      emailaddress1: `office@${domain}`,
      websiteurl: `https://www.${domain}`,
      address1_line1: `${12 + index} Market Street`,
      address1_city: city,
      address1_country: country,
      numberofemployees: 40 + 35 * index,
    });
  }
  for (const [index, [firstname, lastname, jobtitle]] of contacts.entries()) plantContact(plant, index, firstname, lastname, jobtitle);
  plantLeads(plant);
  plantOpportunities(plant, now);
  plantCases(plant, now);
}

export const accountId = (index: number) => seedId('acc00000', index + 1);
export const contactId = (index: number) => seedId('c0a7ac70', index + 1);
export const contactCount = contacts.length;
const seller = (index: number) => person(sellers[index % sellers.length] ?? '').systemUserId;

function plantContact(plant: Plant, index: number, firstname: string, lastname: string, jobtitle: string): void {
  const company = Math.floor(index / 3);
  const [, domain = '', city = '', country = ''] = companies[company] ?? [];
  const mailName = `${firstname}.${lastname.replaceAll(' ', '')}`.toLowerCase();
  plant(seller(company), tables.contact, contactId(index), {
    firstname,
    lastname,
    jobtitle,
    emailaddress1: `${mailName}@${domain}`,
    telephone1: `+1 555 02${10 + index}`,
    ...(index % 2 === 0 ? { mobilephone: `+1 555 03${10 + index}` } : {}),
    ...(index % 4 === 0 ? { birthdate: `19${70 + index}-0${1 + (index % 9)}-1${index % 10}` } : {}),
    address1_line1: `${12 + company} Market Street`,
    address1_city: city,
    address1_country: country,
    parentcustomerid: { table: 'account', id: accountId(company) },
  });
}

function plantLeads(plant: Plant): void {
  const found = ['Juniper Air', 'Kestrel Media', 'Lantern Books', 'Mistral Yachts', 'Nimbus Dental', 'Orchard Toys'];
  for (const [index, companyname] of found.entries()) {
    const host = `${companyname.split(' ')[0]?.toLowerCase()}.example`;
    plant(seller(index), tables.lead, seedId('1ead0000', index + 1), {
      subject: `Interested in a demo: ${companyname}`,
      firstname: ['Lou', 'Max', 'Noa', 'Pia', 'Rui', 'Sia'][index] ?? null,
      lastname: ['Abel', 'Brook', 'Cruz', 'Dorn', 'Egan', 'Frost'][index] ?? null,
      companyname,
      emailaddress1: `hello@${host}`,
      leadqualitycode: 1 + (index % 3),
      leadsourcecode: 8,
      purchasetimeframe: index % 4,
    });
  }
}

function plantOpportunities(plant: Plant, now: number): void {
  const names = ['Cooling upgrade', 'Clinic scheduling', 'Fleet telemetry', 'Second solar park', 'Warehouse scanners'];
  for (const [index, name] of names.entries())
    plant(seller(index), tables.opportunity, seedId('0bb00000', index + 1), {
      name,
      customerid: { table: 'account', id: accountId(index) },
      transactioncurrencyid: euro,
      budgetamount: 20_000 + 15_000 * index,
      closeprobability: 20 + 15 * index,
      opportunityratingcode: 1 + (index % 3),
      salesstage: index % 4,
      estimatedclosedate: timestamp(now + (20 + 10 * index) * day).slice(0, 10),
    });
}

function plantCases(plant: Plant, now: number): void {
  const titles = [
    'Scanner does not start',
    'Question about the invoice',
    'Telemetry gaps at night',
    'Request for training',
    'Login loop on tablets',
  ];
  for (const [index, title] of titles.entries()) {
    const owner = person(helpers[index % helpers.length] ?? '').systemUserId;
    plant(owner, tables.incident, seedId('1dc1de70', index + 1), {
      title,
      customerid: { table: index % 2 === 0 ? 'account' : 'contact', id: index % 2 === 0 ? accountId(index) : contactId(index * 3) },
      prioritycode: 1 + (index % 3),
      casetypecode: 1 + (index % 3),
      caseorigincode: 1 + (index % 3),
      followupby: timestamp(now + (1 + index) * day),
      ...(index === titles.length - 1 ? { ownerid: serviceDesk } : {}),
    });
  }
}
