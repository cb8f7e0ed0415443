import { tableFeed } from '../../../shared/storage/feed';
import { everyone, tableGrants } from '../../../shared/storage/grants';
import { tableIntegrations } from '../../../shared/storage/integrations';
import { tableMailboxes } from '../../../shared/storage/mailboxes';
import { tableRecordLoads } from '../../../shared/storage/record-loads';
import { type FeedAnswer, type FeedServices, type FeedWish, feedPage, markCard } from '../../../shared/workspace/feed-page';
import { grant, withdraw } from '../../../shared/workspace/grants';
import { anna, ben, contoso, FeedWorld, Hands, hour, inEntra, user } from './feed-world';

const wish: FeedWish = { integration: undefined, cursor: null, limit: 20, language: 'en', known: null };

let world: FeedWorld;
let hands: Hands;
let services: FeedServices;
beforeEach(async () => {
  world = await FeedWorld.start();
  hands = new Hands(world.tables);
  services = {
    clock: world.clock,
    integrations: tableIntegrations(hands),
    mailboxes: tableMailboxes(hands),
    recordLoads: tableRecordLoads(hands),
    feed: tableFeed(hands),
    grants: tableGrants(hands),
  };
});

const read = (more: Partial<FeedWish> = {}, who = anna): Promise<FeedAnswer> => feedPage(services, inEntra(who), { ...wish, ...more });
const ids = ({ page }: FeedAnswer) => page?.cards.map(({ record }) => record.id.slice(0, 8)) ?? null;

/** So many tasks become Anna's, one after the other. */
async function assign(count: number, first = 1): Promise<void> {
  for (let each = first; each < first + count; each += 1) {
    world.clock.advance(1_000);
    await world.load(world.aTask({ id: `${String(each).padStart(8, '0')}-0000-4000-8000-000000000001` }));
    await world.work();
  }
}

describe('an unchanged feed', () => {
  test('is told from one table read, with and without naming the integration', async () => {
    await assign(3);
    const { tag } = await read();
    for (const integration of [undefined, 'contoso']) {
      hands.reads = 0;
      hands.writes = 0;
      expect(await read({ integration, known: `W/"other", ${tag}` })).toEqual({ page: null, tag, seconds: 30 });
      expect([hands.reads, hands.writes]).toEqual([1, 0]);
    }
  });
  test('is another one in another language, or another part of it', async () => {
    await assign(3);
    const { tag } = await read();
    for (const other of [{ language: 'de' as const }, { limit: 2 }, { cursor: '0' }])
      expect((await read({ ...other, known: tag })).page).not.toBeNull();
  });
  test('is told by nobody else’s tag', async () => {
    await assign(1);
    const { tag } = await read();
    expect((await read({ known: tag }, ben)).page?.cards).toEqual([]);
  });
});

describe('what changes a feed makes its tag wrong', () => {
  let tag = '';
  beforeEach(async () => {
    await assign(1);
    tag = (await read()).tag;
  });
  const isKnown = async () => (await read({ known: tag })).page === null;

  test('a new card', async () => {
    await assign(1, 2);
    expect(ids(await read({ known: tag }))).toEqual(['00000002', '00000001']);
  });
  test('a card that is taken back', async () => {
    await world.load(world.aTask({ id: '00000001-0000-4000-8000-000000000001', owner: user(ben) }));
    await world.work();
    expect(ids(await read({ known: tag }))).toEqual([]);
  });
  test('a card that has ended, to the millisecond; until then a client may not keep it longer', async () => {
    world.clock.advance(72 * hour - 10_000);
    expect((await read({ known: tag })).seconds).toBe(10);
    expect(await isKnown()).toBe(true);
    world.clock.advance(10_000);
    expect(ids(await read({ known: tag }))).toEqual([]);
  });
  test('a grant that is withdrawn from her or from everyone', async () => {
    await grant(services, 'contoso', 'tasks', inEntra(anna));
    await withdraw(services, 'contoso', 'tasks', everyone);
    const own = await read({ known: tag });
    expect(ids(own)).toEqual(['00000001']);
    await withdraw(services, 'contoso', 'tasks', inEntra(anna));
    expect(ids(await read({ known: own.tag }))).toEqual([]);
  });
  test('the last grant: then there is nothing here for her', async () => {
    for (const app of ['tasks', 'accounts', 'leads']) await withdraw(services, 'contoso', app, everyone);
    await expect(read({ known: tag })).rejects.toMatchObject({ code: 'not-found' });
  });
  test('what she did with a card', async () => {
    const id = (await read()).page?.cards[0]?.id ?? '';
    await markCard(services, inEntra(anna), { integration: undefined, id, state: 'read' });
    const after = await read({ known: tag });
    expect(after.page).toMatchObject({ unread: 0, cards: [{ state: 'read' }] });
    await markCard(services, inEntra(anna), { integration: undefined, id, state: 'dismissed' });
    expect(ids(await read({ known: after.tag }))).toEqual([]);
  });
  test('nothing that somebody else does', async () => {
    await world.load(world.aTask({ owner: user(ben), createdBy: anna, id: '99999999-0000-4000-8000-000000000001' }));
    await world.work();
    expect(await isKnown()).toBe(true);
  });
});

describe('a feed', () => {
  test('has the newest first, and its pages neither repeat nor leave out a card while others come', async () => {
    await assign(5);
    const first = await read({ limit: 2 });
    await assign(1, 6);
    const second = await read({ limit: 2, cursor: first.page?.next ?? null });
    const third = await read({ limit: 2, cursor: second.page?.next ?? null });
    expect([ids(first), ids(second), ids(third), third.page?.next]).toEqual([
      ['00000005', '00000004'],
      ['00000003', '00000002'],
      ['00000001'],
      null,
    ]);
    expect(third.page?.unread).toBe(6);
  });
  test('holds 500 cards at most, the newest', async () => {
    await assign(1);
    const card = (await world.cards(anna))[0]?.card;
    if (card === undefined) throw new Error('There is no card.');
    const idOf = (each: number) => `${String(8_000_000_000_000 - each)}.task.${card.recordId}.new.1`;
    for (let each = 0; each < 610; each += 1) {
      const id = idOf(each);
      await world.feed.put({ integration: 'contoso', objectId: inEntra(anna) }, { ...card, id }, world.clock.now());
    }
    for (let polls = 0; polls < 3; polls += 1) await read();
    const newest = Array.from({ length: 610 }, (_, each) => idOf(each))
      .concat(card.id)
      .sort()
      .slice(0, 500);
    expect((await world.cards(anna)).map((each) => each.card.id).sort()).toEqual(newest);
  });
  test('is nobody’s business who was granted nothing, and not of an integration that is not there', async () => {
    for (const app of ['tasks', 'accounts', 'leads']) await withdraw(services, 'contoso', app, everyone);
    await expect(read()).rejects.toMatchObject({ code: 'not-found' });
    await expect(read({ integration: 'fabrikam' })).rejects.toMatchObject({ code: 'not-found' });
  });
  test('has to be named by whoever takes part in two integrations', async () => {
    await tableIntegrations(world.tables).put({ ...contoso, id: 'fabrikam' });
    expect((await read()).page?.integration).toBe('contoso');
    await grant(services, 'fabrikam', 'tasks', inEntra(anna));
    await expect(read()).rejects.toMatchObject({ code: 'bad-request', fields: [{ field: 'query.integration' }] });
    expect((await read({ integration: 'fabrikam' })).page).toMatchObject({ integration: 'fabrikam', cards: [] });
  });
  test('lets nobody mark a card that is not hers, has ended, or belongs to a microapp that she no longer sees', async () => {
    await assign(1);
    const id = (await read()).page?.cards[0]?.id ?? '';
    const mark = (who: string) => markCard(services, inEntra(who), { integration: undefined, id, state: 'done' });
    await expect(mark(ben)).rejects.toMatchObject({ code: 'not-found' });
    await withdraw(services, 'contoso', 'tasks', everyone);
    await expect(mark(anna)).rejects.toMatchObject({ code: 'not-found' });
    await grant(services, 'contoso', 'tasks', everyone);
    expect(await mark(anna)).toMatchObject({ state: 'done' });
    world.clock.advance(73 * hour);
    await expect(mark(anna)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('whatever goes wrong', () => {
  test('a withdrawal that was cut short and is sent again reaches every feed', async () => {
    await assign(1);
    const [hers, bens] = [await read(), await read({}, ben)];
    hands.writes = 0;
    for (let diesAt = 1; diesAt <= 4; diesAt += 1) {
      hands.writes = 0;
      hands.diesAt = diesAt;
      await withdraw(services, 'contoso', 'tasks', everyone).catch(() => undefined);
    }
    hands.diesAt = Number.POSITIVE_INFINITY;
    await withdraw(services, 'contoso', 'tasks', everyone);
    expect(ids(await read({ known: hers.tag }))).toEqual([]);
    expect((await read({ known: bens.tag }, ben)).page).not.toBeNull();
  });
  test('a grant that is withdrawn while a feed is looked at for the first time is not missed', async () => {
    await assign(1);
    const slow = tableGrants(hands);
    let asked = 0;
    const racing: FeedServices = {
      ...services,
      grants: {
        ...slow,
        async among(...given) {
          const before = await slow.among(...given);
          asked += 1;
          if (asked === 1) await withdraw(services, 'contoso', 'tasks', everyone);
          return before;
        },
      },
    };
    expect(ids(await feedPage(racing, inEntra(anna), wish))).toEqual([]);
  });
  test('many who change one feed at once lose nothing', async () => {
    await assign(4);
    const cards = await world.cards(anna);
    await Promise.all(cards.map(({ card }) => markCard(services, inEntra(anna), { integration: 'contoso', id: card.id, state: 'read' })));
    expect((await read()).page).toMatchObject({ unread: 0 });
  });
});
