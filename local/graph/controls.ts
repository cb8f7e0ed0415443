import { z } from 'zod';
import { newEvent, writableEvent } from './event-item';
import type { Exchange } from './exchange';
import { mailFolderOf } from './mail-folders';
import { folders, type Mailbox } from './mailbox';
import { arrived, arrivingSchema } from './message-item';
import { switchesSchema } from './switches';

const nothing = z.strictObject({}).optional();
const someSwitches = switchesSchema.partial();
const moveTaskSchema = z.strictObject({
  user: z.string(),
  taskId: z.string(),
  toListId: z.string(),
  /** Whether the linked resources survive the move; nobody documents it. */
  keepLinkedResources: z.boolean().default(true),
});
const moveContactSchema = z.strictObject({ user: z.string(), contactId: z.string(), toFolderId: z.string() });
const moveEventSchema = z.strictObject({ user: z.string(), eventId: z.string(), toCalendarId: z.string() });
const inviteSchema = z.strictObject({
  user: z.string(),
  organizer: z.strictObject({ name: z.string(), address: z.string() }),
  event: writableEvent.schema,
});
const expireSchema = z.strictObject({ user: z.string().optional() });

/** What a test or a person at the console can do to Exchange that no request can. Every control checks its argument. */
export function exchangeControls(exchange: Exchange): Record<string, (body: unknown) => unknown> {
  return {
    /** What Exchange would have mailed to attendees since the last reset. */
    mail(body) {
      nothing.parse(body);
      const entries = exchange.mail.entries();
      return { count: entries.length, entries };
    },
    resetMail(body) {
      nothing.parse(body);
      exchange.mail.reset();
      return { count: 0 };
    },
    /** Sets the named switches and answers with all of them. */
    switches(body) {
      exchange.switches = switchesSchema.parse({ ...exchange.switches, ...someSwitches.parse(body ?? {}) });
      return exchange.switches;
    },
    /** Moves a task to another list, as the To Do app does: it gets another id. */
    moveTask(body) {
      const { user, taskId, toListId, keepLinkedResources } = moveTaskSchema.parse(body);
      const mailbox = mailboxOf(exchange, user);
      const {
        key: _key,
        folder: _folder,
        placement: _placement,
        version: _version,
        created,
        modified: _modified,
        ...fields
      } = mailbox.find('task', taskId);
      const list = mailbox.find('list', toListId);
      mailbox.remove('task', mailbox.find('task', taskId));
      const linkedResources = keepLinkedResources ? fields.linkedResources : [];
      const task = mailbox.add('task', list.key, { ...fields, linkedResources }, created);
      return { id: mailbox.idOf('task', task, 'usual') };
    },
    /** Moves a contact to another folder, as Outlook does: its usual id changes, its immutable one stays. */
    moveContact(body) {
      const { user, contactId, toFolderId } = moveContactSchema.parse(body);
      const mailbox = mailboxOf(exchange, user);
      const contact = mailbox.find('contact', contactId);
      mailbox.move('contact', contact, folderKey(mailbox, toFolderId));
      return { id: mailbox.idOf('contact', contact, 'usual'), immutableId: mailbox.idOf('contact', contact, 'immutable') };
    },
    /** Moves an event to another calendar, as Outlook does and Graph cannot: its usual id changes, its immutable one stays. */
    moveEvent(body) {
      const { user, eventId, toCalendarId } = moveEventSchema.parse(body);
      const mailbox = mailboxOf(exchange, user);
      const event = mailbox.find('event', eventId);
      mailbox.move('event', event, calendarKey(mailbox, toCalendarId));
      return { id: mailbox.idOf('event', event, 'usual'), immutableId: mailbox.idOf('event', event, 'immutable') };
    },
    /** Puts a meeting into a calendar to which somebody outside the company has invited its owner. */
    invite(body) {
      const { user, organizer, event } = inviteSchema.parse(body);
      const mailbox = mailboxOf(exchange, user);
      const facts = { isOrganizer: false, isCancelled: false, response: 'notResponded', transactionId: null };
      const added = mailbox.addEvent({ ...newEvent(event), showAs: 'tentative', organizer, ...facts });
      return { id: mailbox.idOf('event', added, 'immutable') };
    },
    /** Lets a mail arrive in each of the mailboxes it goes to; answers with its immutable ids there. */
    deliver(body) {
      const mail = arrivingSchema.parse(body);
      const ids = mail.to.map((user) => {
        const mailbox = mailboxOf(exchange, user);
        const { key } = mailFolderOf(mailbox, mail.folder);
        const message = mailbox.add('message', key, arrived(mail, mailbox.person.email, exchange.now()));
        return mailbox.idOf('message', message, 'immutable');
      });
      return { ids };
    },
    /** Lets every delta link that was given out expire, of one user or of all. */
    expireDeltas(body) {
      const { user } = expireSchema.parse(body ?? {});
      const mailboxes = user === undefined ? exchange.all() : [mailboxOf(exchange, user)];
      const chains = mailboxes.flatMap((mailbox) => [...mailbox.chains.values()]);
      for (const chain of chains) chain.expired = true;
      return { expired: chains.length };
    },
  };
}

function mailboxOf(exchange: Exchange, user: string): Mailbox {
  const mailbox = exchange.find(user);
  if (mailbox === undefined) throw new Error(`Nobody in this company has the id or address '${user}'.`);
  return mailbox;
}

function folderKey(mailbox: Mailbox, id: string): number {
  if (id.toLowerCase() === 'contacts' || id === mailbox.folderId('contactFolder', folders.contacts)) return folders.contacts;
  if (id.toLowerCase() === 'deleteditems' || id === mailbox.folderId('mailFolder', folders.deletedItems)) return folders.deletedItems;
  return mailbox.find('contactFolder', id).key;
}

function calendarKey(mailbox: Mailbox, id: string): number {
  return id === mailbox.folderId('calendar', folders.calendar) ? folders.calendar : mailbox.find('calendar', id).key;
}
