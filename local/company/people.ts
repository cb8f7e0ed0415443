/** One person of the demo company: the same human in Entra ID, in Dynamics and in Exchange. */
export interface Person {
  /** First name in lower case; also the local part of the address. */
  readonly key: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly title: string;
  /** Entra object id; Graph's user id. */
  readonly objectId: string;
  /** Dynamics `systemuserid`. */
  readonly systemUserId: string;
  /** Address and user principal name. */
  readonly email: string;
  /** Windows time zone name, as Exchange and Dynamics know it. */
  readonly timeZone: string;
  /** Dynamics `timezonecode` of that zone. */
  readonly timeZoneCode: number;
  /** App roles in Tandem. */
  readonly roles: readonly ('Tandem.Admin' | 'Tandem.User')[];
}

export const tenantId = '5f3c1f64-0c6b-4c3e-9a1e-6d5e8b0c7a11';
export const companyDomain = 'contoso.example';

const zones = {
  berlin: { timeZone: 'W. Europe Standard Time', timeZoneCode: 110 },
  london: { timeZone: 'GMT Standard Time', timeZoneCode: 85 },
  newYork: { timeZone: 'Eastern Standard Time', timeZoneCode: 35 },
  tokyo: { timeZone: 'Tokyo Standard Time', timeZoneCode: 235 },
} as const;

const staff: readonly (readonly [string, string, string, keyof typeof zones])[] = [
  ['Anna', 'Berger', 'Head of Sales', 'berlin'],
  ['Ben', 'Carter', 'Account Manager', 'london'],
  ['Chloe', 'Dubois', 'Account Manager', 'berlin'],
  ['David', 'Evans', 'Account Manager', 'newYork'],
  ['Emi', 'Fujita', 'Account Manager', 'tokyo'],
  ['Farid', 'Ghani', 'Presales Engineer', 'berlin'],
  ['Greta', 'Holm', 'Head of Service', 'berlin'],
  ['Hugo', 'Ibarra', 'Service Engineer', 'newYork'],
  ['Ines', 'Jansen', 'Service Engineer', 'berlin'],
  ['Jack', 'Kelly', 'Service Engineer', 'london'],
  ['Kira', 'Lang', 'Marketing', 'berlin'],
  ['Lena', 'Moser', 'Administrator', 'berlin'],
];

function idOf(prefix: string, index: number): string {
  return `${prefix}-0000-4000-8000-${String(index + 1).padStart(12, '0')}`;
}

/** The twelve people of the demo company. Lena administers Tandem; everybody uses it. */
export const people: readonly Person[] = staff.map(([firstName, lastName, title, zone], index) => ({
  key: firstName.toLowerCase(),
  firstName,
  lastName,
  title,
  objectId: idOf('0b1ec7ed', index),
  systemUserId: idOf('5a5e0e00', index),
  email: `${firstName.toLowerCase()}@${companyDomain}`,
  ...zones[zone],
  roles: firstName === 'Lena' ? ['Tandem.Admin', 'Tandem.User'] : ['Tandem.User'],
}));

/** The demo company with so many further people that there are `count`: to see what many mailboxes cost. The further ones cannot sign in. */
export function crowd(count: number): readonly Person[] {
  const further = Array.from({ length: Math.max(0, count - people.length) }, (_, index): Person => {
    const number = people.length + index;
    const key = `person${number + 1}`;
    return {
      key,
      firstName: 'Person',
      lastName: `Number ${number + 1}`,
      title: 'Staff',
      objectId: idOf('0b1ec7ed', number),
      systemUserId: idOf('5a5e0e00', number),
      email: `${key}@${companyDomain}`,
      ...zones.berlin,
      roles: ['Tandem.User'],
    };
  });
  return [...people, ...further];
}

/** The person with this key, such as `anna`. */
export function person(key: string): Person {
  const found = people.find((each) => each.key === key);
  if (found === undefined) throw new Error(`Nobody at ${companyDomain} is called ${key}.`);
  return found;
}

/** Tandem's own registration in the demo tenant: one application for Graph, Dynamics and its API. */
export const tandemApplication = {
  clientId: '7a9de300-0000-4000-8000-0000000000aa',
  /** The object id of its service principal. */
  objectId: '7a9de300-0000-4000-8000-0000000000bb',
  /** Its application user in Dynamics. */
  systemUserId: '5a5e0e00-0000-4000-8000-0000000000ff',
  /** A secret for one machine only; it opens nothing but stand-ins. */
  clientSecret: 'local-only-secret',
  /** The audience of tokens for Tandem's own API. */
  audience: 'api://tandem',
} as const;
