import { type Organization, startOrganization } from '../shared/dynamics/organization';

let organization: Organization;
beforeAll(async () => {
  organization = await startOrganization();
});
afterAll(() => organization.close());

const attribute = (table: string, column: string) => `EntityDefinitions(LogicalName='${table}')/Attributes(LogicalName='${column}')`;
const expanded = '?$select=LogicalName&$expand=OptionSet,GlobalOptionSet';

test('a choice column has its options with their labels in every installed language', async () => {
  const path = `${attribute('opportunity', 'opportunityratingcode')}/Microsoft.Dynamics.CRM.PicklistAttributeMetadata${expanded}`;
  expect(await organization.get(path)).toMatchObject({
    LogicalName: 'opportunityratingcode',
    GlobalOptionSet: null,
    OptionSet: {
      Options: [
        {
          Value: 1,
          Label: {
            LocalizedLabels: [
              { Label: 'Hot', LanguageCode: 1033 },
              { Label: 'Heiß', LanguageCode: 1031 },
            ],
            UserLocalizedLabel: { Label: 'Hot', LanguageCode: 1033 },
          },
        },
        { Value: 2 },
        { Value: 3 },
      ],
    },
  });
});

test('each status says to which state it belongs', async () => {
  const path = `${attribute('task', 'statuscode')}/Microsoft.Dynamics.CRM.StatusAttributeMetadata${expanded}`;
  const { OptionSet } = await organization.get(path);
  expect(OptionSet).toMatchObject({ Options: expect.arrayContaining([expect.objectContaining({ Value: 5, State: 1 })]) });
});

test.each([
  ['a column that is not there', attribute('task', 'nothing'), 'Picklist', expanded, '404'],
  ['a column of another type', attribute('task', 'subject'), 'Picklist', expanded, '404'],
  ['a table that is not there', attribute('nothing', 'statecode'), 'State', expanded, '404'],
  ['what the stand-in does not know', attribute('task', 'statecode'), 'State', '?$expand=Elsewhere', '501'],
])('%s is refused', async (_what, path, type, query, status) => {
  await expect(organization.get(`${path}/Microsoft.Dynamics.CRM.${type}AttributeMetadata${query}`)).rejects.toThrow(status);
});
