import { DateTime } from 'luxon';
import { emptyContact, writableContact, writeContact } from './contact-item';
import { newEvent, writableEvent } from './event-item';
import type { Exchange } from './exchange';
import { addUsualLists } from './list-routes';
import { folders, type Mailbox } from './mailbox';
import { newTask, writableTask, writeTask } from './task-item';
import { requireZone } from './time';

const acquaintances = [
  ['Nora', 'Olsen', 'Northwind Traders'],
  ['Pavel', 'Novak', 'Fabrikam'],
  ['Quinn', 'Reyes', 'Adatum'],
  ['Rosa', 'Silva', 'Tailspin Toys'],
  ['Sven', 'Thorsen', 'Wingtip Toys'],
  ['Tara', 'Usman', 'Proseware'],
] as const;

/** Gives every mailbox its usual lists, and unless it shall stay empty a few items that were born in Exchange: the same on every run. */
export function seedExchange(exchange: Exchange, seed: 'company' | 'empty-company'): void {
  for (const [index, mailbox] of exchange.all().entries()) {
    addUsualLists(mailbox);
    if (seed === 'company') addOwnItems(exchange, mailbox, index);
  }
}

function addOwnItems(exchange: Exchange, mailbox: Mailbox, index: number): void {
  const { email, firstName, lastName, timeZone } = mailbox.person;
  for (const offset of [0, 1]) {
    const [givenName, surname, companyName] = acquaintances[(index + offset) % acquaintances.length] ?? acquaintances[0];
    const address = `${givenName}.${surname}@${companyName.split(' ')[0]}.example`.toLowerCase();
    const input = writableContact.schema.parse({
      givenName,
      surname,
      companyName,
      emailAddresses: [{ address, name: `${givenName} ${surname}` }],
      businessPhones: [`+49 30 555 ${String(100 + index * 2 + offset)}`],
    });
    mailbox.add('contact', folders.contacts, writeContact(emptyContact, input));
  }

  const start = DateTime.fromMillis(exchange.now(), { zone: requireZone(timeZone) })
    .startOf('day')
    .plus({ days: 2, hours: 9 + (index % 6) });
  const at = (time: DateTime) => ({ dateTime: time.toFormat("yyyy-MM-dd'T'HH:mm:ss"), timeZone });
  const focus = writableEvent.schema.parse({ subject: `Focus time of ${firstName}`, start: at(start), end: at(start.plus({ hours: 1 })) });
  const organizer = { name: `${firstName} ${lastName}`, address: email };
  mailbox.addEvent({ ...newEvent(focus), organizer, isOrganizer: true, isCancelled: false, response: 'organizer', transactionId: null });

  const [list] = mailbox.all('list');
  const task = writableTask.schema.parse({ title: 'Tidy up the inbox', dueDateTime: at(start) });
  const fields = writeTask({ ...newTask, bodyModified: exchange.now() }, task, exchange.now(), exchange.switches.taskDates);
  if (list !== undefined) mailbox.add('task', list.key, { ...fields, linkedResources: [] });
}
