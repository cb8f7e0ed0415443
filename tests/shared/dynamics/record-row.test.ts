import type { ReadColumn } from '../../../shared/dynamics/record-columns';
import { recordOfRow, selectOf } from '../../../shared/dynamics/record-row';

const columns: readonly ReadColumn[] = [
  { name: 'ownerid', kind: 'lookup' },
  { name: 'statecode', kind: 'number' },
  { name: 'createdon', kind: 'time' },
  { name: 'modifiedon', kind: 'time' },
  { name: 'name', kind: 'text' },
  { name: 'budgetamount', kind: 'number' },
  { name: 'estimatedclosedate', kind: 'date' },
  { name: 'customerid', kind: 'lookup' },
  { name: 'new_vip', kind: 'boolean' },
];

const row = {
  '@odata.etag': 'W/"4711"',
  opportunityid: '0BB00000-0000-4000-8000-000000000001',
  _ownerid_value: 'AAAAAAAA-0000-4000-8000-000000000001',
  '_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'team',
  '_ownerid_value@OData.Community.Display.V1.FormattedValue': 'Service Desk',
  statecode: 0,
  createdon: '2026-10-05T07:00:00Z',
  modifiedon: '2026-10-06T07:00:00Z',
  name: 'Cooling',
  budgetamount: 1234.5,
  estimatedclosedate: '2026-12-24T00:00:00Z',
  _customerid_value: null,
  new_vip: true,
};

test('a row becomes a record with its values as their definitions say', () => {
  expect(recordOfRow('opportunity', columns, row)).toEqual({
    table: 'opportunity',
    id: '0bb00000-0000-4000-8000-000000000001',
    version: '4711',
    owner: { table: 'team', id: 'aaaaaaaa-0000-4000-8000-000000000001', name: 'Service Desk' },
    state: 0,
    createdAt: Date.UTC(2026, 9, 5, 7),
    modifiedAt: Date.UTC(2026, 9, 6, 7),
    createdBy: null,
    modifiedBy: null,
    values: {
      ownerid: { table: 'team', id: 'aaaaaaaa-0000-4000-8000-000000000001', name: 'Service Desk' },
      statecode: 0,
      createdon: '2026-10-05T07:00:00.000Z',
      modifiedon: '2026-10-06T07:00:00.000Z',
      name: 'Cooling',
      budgetamount: 1234.5,
      estimatedclosedate: '2026-12-24',
      customerid: null,
      new_vip: true,
    },
  });
});

test('a value of another kind than its definition says is no value', () => {
  const { values } = recordOfRow('opportunity', columns, { ...row, budgetamount: '1234.5', new_vip: 1, name: 7 });
  expect(values).toMatchObject({ budgetamount: null, new_vip: null, name: null });
});

test.each(['statecode', 'createdon', 'modifiedon', '@odata.etag', 'opportunityid'])('a row without its %s is no record', (column) => {
  expect(() => recordOfRow('opportunity', columns, { ...row, [column]: null })).toThrow(
    expect.objectContaining({ code: 'unexpected-reply' }),
  );
});

test('the key and each column are selected, a lookup by its value', () => {
  expect(selectOf('opportunity', columns)).toBe(
    'opportunityid,_ownerid_value,statecode,createdon,modifiedon,name,budgetamount,estimatedclosedate,_customerid_value,new_vip',
  );
});
