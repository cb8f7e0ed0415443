import { person } from '../../../local/company/people';
import { serviceDesk } from '../../../local/dynamics/seed/people';
import type { Integration } from '../../../shared/storage/integrations';
import { memberOf } from '../../../shared/workspace/member';
import { anna, ben } from '../dynamics/organization';
import { type CacheWorld, openCache } from './cache-world';

let world: CacheWorld;
let integration: Integration;
beforeEach(async () => {
  world = await openCache();
  const its = await world.services.integrations.get('contoso');
  if (its === null) throw new Error('There is no integration.');
  integration = its;
});
afterEach(() => world.close());

describe('who a person is in an environment', () => {
  const who = async (objectId: string) => memberOf(world.services, integration, objectId);

  test('is her own id, and whose records are hers: her own and those of her teams, remembered for some minutes (defects 4 and 17)', async () => {
    const greta = person('greta');
    const member = { systemUserId: greta.systemUserId, owners: [greta.systemUserId, serviceDesk.id] };
    expect(await who(anna.objectId)).toEqual({ systemUserId: anna.systemUserId, owners: [anna.systemUserId] });
    expect(await who(greta.objectId)).toEqual(member);
    world.organization.faults.add({ service: 'dynamics', kind: 'error', status: 503, times: 100 });
    expect(await who(greta.objectId)).toEqual(member);
    world.pass(6);
    expect(await who(greta.objectId)).toEqual(member);
    await expect(who(ben.objectId)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('is nobody where she is no user, and no longer once she was disabled', async () => {
    expect(await who('99999999-0000-4000-8000-000000000009')).toBeNull();
    expect(await who(ben.objectId)).not.toBeNull();
    await world.organization.patch(`systemusers(${ben.systemUserId})`, { isdisabled: true });
    world.pass(6);
    expect(await who(ben.objectId)).toBeNull();
  });
});
