import { z } from 'zod';
import type { ItemKind } from '../model/entity';
import type { Feed } from '../model/seen';
import { sensitivityProperty } from './contact';
import { placeOf } from './event';
import type { Sighting } from './exchange';
import { expandOf, markerProperty } from './extended';
import { kindIn, shaped } from './item';
import { pagesFrom, type Reach } from './pages';
import { itemOf } from './read-item';
import { sighted } from './requests';

const eventProperties = 'id,type,subject,start,end,isAllDay,isOrganizer,isCancelled,iCalUId,sensitivity';

/** What is asked for of each kind of item. */
const asked: Readonly<Record<ItemKind, { readonly select: string; readonly expand: string }>> = {
  event: { select: eventProperties, expand: expandOf([markerProperty]) },
  series: { select: `${eventProperties},recurrence`, expand: expandOf([markerProperty]) },
  contact: { select: 'id,givenName,surname,emailAddresses', expand: expandOf([markerProperty, sensitivityProperty]) },
  task: { select: 'id,title,dueDateTime,status', expand: 'linkedResources' },
};

const flags = z.looseObject({
  id: z.string(),
  type: z.string().nullish(),
  isOrganizer: z.boolean().nullish(),
  isCancelled: z.boolean().nullish(),
  status: z.string().nullish(),
});

/**
 * What a folder holds, a page at a time; of a calendar what stands alone in the window, or every series where no window is given. Left out is what can be nobody's twin: the copy of a meeting that somebody
 * else organizes, a meeting that was called off, a task that is done.
 */
export async function* sightings(
  reach: Reach,
  feed: Feed,
  window: { readonly from: number; readonly to: number } | null,
): AsyncIterable<readonly Sighting[]> {
  const sought = feed === 'calendar' && window === null ? 'series' : kindIn(feed);
  for await (const elements of pagesFrom(reach, sighted(reach.user, feed, window, asked[sought]))) {
    yield elements.flatMap((element) => {
      const json = shaped(flags, element, 'an item of a list');
      const place = sought === 'series' ? 'master' : 'single';
      if (placeOf(element).kind !== place || json.isOrganizer === false || json.isCancelled === true || json.status === 'completed')
        return [];
      const { id, kind, marker, values } = itemOf(element, feed, reach.zone, true);
      return [{ id, kind, marker, values }];
    });
  }
}
