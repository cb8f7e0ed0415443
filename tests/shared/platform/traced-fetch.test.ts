import { routeOf } from '../../../shared/platform/traced-fetch';

test.each([
  ['/api/data/v9.2/contacts(7a9de300-0000-4000-8000-0000000000aa)?$select=fullname', '/api/data/v9.2/contacts({})'],
  ["/api/data/v9.2/contacts(emailaddress1='anna%40contoso.example')", '/api/data/v9.2/contacts({})'],
  ["/api/data/v9.2/accounts(name='a/b (c) 1')/primarycontactid", '/api/data/v9.2/{}/{}/primarycontactid'],
  ['/api/data/v9.2/WhoAmI()', '/api/data/v9.2/WhoAmI()'],
  ['/api/data/v9.2/tasks(1)/Microsoft.Dynamics.CRM.Close', '/api/data/v9.2/tasks({})/Microsoft.Dynamics.CRM.Close'],
  ['/v1.0/$batch', '/v1.0/$batch'],
  ['/v1.0/users/abcdefab-cdef-4abc-8def-abcdefabcdef/events', '/v1.0/users/{}/events'],
  ['/v1.0/users/anna@contoso.example/Anna%20Berger', '/v1.0/users/{}/{}'],
])('of %s only the route is told', (path, route) => {
  expect(routeOf(`https://contoso.crm4.dynamics.com${path}`)).toBe(route);
});
