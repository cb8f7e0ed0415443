import { errorCodes, TandemError } from '../platform/errors';
import { createRest } from '../platform/rest';
import { eventAttachments } from './attachments';
import { type RunChain, runChain } from './batch';
import { drain } from './drain';
import type { Mailbox, MailboxUser } from './exchange';
import { readExpected } from './expected';
import { fateOf } from './fate';
import type { Graph } from './graph';
import { taskListOf } from './item';
import { createMailReader } from './mail';
import type { Reach } from './pages';
import { deletedItemsId, findByMarker, findMeeting, listFolder, readItems, taskFeeds } from './read';
import { inHtml, isAboutEvents, userPath } from './requests';
import { sightings, sightingsOf } from './sightings';
import { slots } from './slots';
import { writeAll } from './write';

/** Exchange allows four requests at once against one mailbox (Graph throttling docs); the fourth belongs to the probe. */
const chainsAtOnce = 3;

/** One person's mailbox. Its limit of chains at once holds for this object, so a cycle uses one. */
export function createMailbox(graph: Graph, user: MailboxUser): Mailbox {
  const slot = slots(user.fromOutside === true ? 1 : chainsAtOnce);
  const path = userPath(user.userId);
  const rich = user.richText ?? false;
  const rest = createRest(() => graph.now());
  const run: RunChain = async (parts, notAfter = Number.POSITIVE_INFINITY) => {
    if (parts.length === 0) return [];
    const maySend = () => rest.refusal() ?? (graph.now() > notAfter ? tooLate() : null);
    const asked = rich ? parts.map((part) => (isAboutEvents(part) ? inHtml(part) : part)) : parts;
    const answers = await slot(() => runChain(graph, asked, maySend));
    for (const answer of answers) if (!answer.ok) rest.note(answer.error);
    return answers;
  };
  let folder = user.deletedItems;
  const reach: Reach = {
    graph,
    run,
    user: path,
    zone: user.zone,
    rich,
    custom: user.custom ?? {},
    async deletedItems() {
      folder ??= await deletedItemsId({ run, user: path });
      return folder;
    },
  };

  return {
    async standardFolders() {
      const [feeds, deletedItems] = await Promise.all([taskFeeds(reach), reach.deletedItems()]);
      const list = feeds.find(({ isDefault }) => isDefault);
      if (list === undefined) {
        throw new TandemError(errorCodes.notFound, {
          retry: 'later',
          fix: 'Let the user open To Do once.',
          detail: 'no default task list',
        });
      }
      return { taskList: taskListOf(list.feed), deletedItems };
    },
    drain: (cursors, withMarks) => drain(reach, cursors, withMarks),
    readItems: (refs) => readItems(reach, refs),
    readExpected: (expected) => readExpected(reach, expected),
    fate: (ref, marker) => fateOf(reach, ref, marker),
    findMeeting: (iCalUId, kind) => findMeeting(reach, iCalUId, kind),
    findByMarker: (kind, feed, marker) => findByMarker(reach, kind, feed, marker),
    listFolder: (feed, window) => listFolder(reach, feed, window),
    sightings: (feed, window) => sightings(reach, feed, window),
    sightingsOf: (queries) => sightingsOf(reach, queries),
    write: (writes, notAfter) => writeAll(reach, writes, notAfter),
    attachments: eventAttachments(reach),
    mail: createMailReader(reach),
    restsUntil: () => rest.until(),
  };
}

function tooLate(): TandemError {
  return new TandemError(errorCodes.stale, { retry: 'now', fix: 'Nothing: it is planned anew.', detail: 'it was too late to send' });
}
