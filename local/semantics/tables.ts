/**
 * What the planner does, row by row: the tests hold the planner to these tables, and docs/semantics.md is printed from them. A row says of whom it speaks, how the
 * record and the item stand, what else is the case and which settings differ from their defaults, and after that what is written to each side, what becomes of
 * the pair, and the reason.
 *
 * Settings are written `name=value`, the reason for which a pair was let go `after:reason`; the other words are in circumstances.ts.
 *
 * Of whom: an entity, or `any`, `tasks` (all that are tasks in Exchange), `meetings` (appointments and series), `events` (meetings and service activities), `one-way` (service
 * activities), `two-way` (everything else). Several words in a cell stand for each of them.
 */
export interface Section {
  readonly title: string;
  readonly intro: string;
  /** The state of the link: none, linked, held, frozen, or released for a reason. */
  readonly link: 'none' | 'linked' | 'held' | 'frozen' | 'released';
  /** of | record | item | given | to the record | to the item | the pair | because */
  readonly rows: string;
}

export const sections: readonly Section[] = [
  {
    title: 'A linked pair',
    intro: 'Record and item belong together, and both are as they were when they last agreed, but for what the first columns say.',
    link: 'linked',
    rows: `
  any         | same        | none same | - | -      | -      | untouched                    | agreed
  two-way     | same        | changed   | - | update | -      | linked                       | item-edited
  one-way     | same        | changed   | - | -      | -      | linked                       | agreed
  any         | changed     | none same | - | -      | update | linked                       | record-edited
  two-way     | changed     | changed   | - | update | update | linked                       | both-edited
  one-way     | changed     | changed   | - | -      | update | linked                       | both-edited
  any         | created     | none same | - | -      | update | linked                       | record-edited
  two-way     | created     | changed   | - | update | update | linked                       | both-edited
  one-way     | created     | changed   | - | -      | update | linked                       | both-edited
  tasks       | same        | deleted   | - | delete | -      | forgotten                    | item-deleted
  meetings    | same        | deleted   | - | delete | -      | forgotten                    | item-deleted
  one-way     | same        | deleted   | - | -      | -      | released deleted-in-exchange | deleted-in-exchange
  contact     | same        | deleted   | - | -      | -      | released deleted-in-exchange | deleted-in-exchange
  tasks       | changed     | deleted   | - | -      | -      | released deleted-but-edited  | deleted-but-edited
  meetings    | changed     | deleted   | - | -      | -      | released deleted-but-edited  | deleted-but-edited
  one-way     | changed     | deleted   | - | -      | -      | released deleted-in-exchange | deleted-in-exchange
  contact     | changed     | deleted   | - | -      | -      | released deleted-in-exchange | deleted-in-exchange
  tasks       | created     | deleted   | - | -      | -      | released deleted-but-edited  | deleted-but-edited
  meetings    | created     | deleted   | - | -      | -      | released deleted-but-edited  | deleted-but-edited
  one-way     | created     | deleted   | - | -      | -      | released deleted-in-exchange | deleted-in-exchange
  contact     | created     | deleted   | - | -      | -      | released deleted-in-exchange | deleted-in-exchange
  tasks       | deleted     | none same | - | -      | delete | forgotten                    | record-deleted
  events      | deleted     | none same | - | -      | delete | forgotten                    | record-deleted
  contact     | deleted     | none same | - | -      | -      | released deleted-in-dynamics | deleted-in-dynamics
  any         | deleted     | changed   | - | -      | -      | released deleted-but-edited  | deleted-but-edited
  any         | deleted     | deleted   | - | -      | -      | forgotten                    | both-gone
  any         | filteredOut | none same | - | -      | -      | released left-filter         | left-filter
  two-way     | filteredOut | changed   | - | update | -      | released left-filter         | left-filter
  one-way     | filteredOut | changed   | - | -      | -      | released left-filter         | left-filter
  any         | filteredOut | deleted   | - | -      | -      | released left-filter         | left-filter
  any         | movedHome   | none same | - | -      | delete | released moved-home          | moved-home
  two-way     | movedHome   | changed   | - | update | delete | released moved-home          | moved-home
  one-way     | movedHome   | changed   | - | -      | delete | released moved-home          | moved-home
  any         | movedHome   | deleted   | - | -      | -      | released moved-home          | moved-home
  any         | closed      | none same | - | -      | update | released closed              | closed
  any         | closed      | changed   | - | -      | update | released closed              | closed
  any         | closed      | deleted   | - | -      | -      | released closed              | closed
  any         | unreadable  | any       | - | -      | -      | released unreadable          | unreadable
`,
  },
  {
    title: 'Copies that stay',
    intro: 'What is over, or belongs to somebody else, is not taken from a person’s mailbox, and does not go with it either.',
    link: 'linked',
    rows: `
  tasks    | deleted   | same    | completed | - | -      | released deleted-in-dynamics | deleted-in-dynamics
  tasks    | movedHome | same    | completed | - | -      | released moved-home          | moved-home
  appointment serviceappointment | deleted | same | past | - | - | released deleted-in-dynamics | deleted-in-dynamics
  series   | deleted   | same    | past      | - | delete | forgotten                    | record-deleted
  events   | deleted   | same    | elsewhere | - | -      | released deleted-in-dynamics | deleted-in-dynamics
  appointment serviceappointment | movedHome | same | past | - | - | released moved-home    | moved-home
  series   | movedHome | same    | past      | - | delete | released moved-home          | moved-home
  events   | movedHome | same    | elsewhere | - | -      | released moved-home          | moved-home
  appointment | same   | deleted | past      | - | -      | released deleted-in-exchange | deleted-in-exchange
  series   | same      | deleted | past      | delete | - | forgotten                    | item-deleted
  meetings | same      | deleted | elsewhere | - | -      | released deleted-in-exchange | deleted-in-exchange
`,
  },
  {
    title: 'Settings that decide about deletions',
    intro: 'Each is about its own kind of record; an edit that the other side has not seen is never deleted along.',
    link: 'linked',
    rows: `
  tasks    | same    | deleted | taskDeletedInExchange=release        | -      | -      | released deleted-in-exchange | deleted-in-exchange
  tasks    | changed | deleted | taskDeletedInExchange=release        | -      | -      | released deleted-in-exchange | deleted-in-exchange
  meetings | same    | deleted | taskDeletedInExchange=release        | delete | -      | forgotten                    | item-deleted
  meetings | same    | deleted | appointmentDeletedInExchange=release | -      | -      | released deleted-in-exchange | deleted-in-exchange
  meetings | changed | deleted | appointmentDeletedInExchange=release | -      | -      | released deleted-in-exchange | deleted-in-exchange
  tasks    | same    | deleted | appointmentDeletedInExchange=release | delete | -      | forgotten                    | item-deleted
  contact  | deleted | same    | contactDeletedInDynamics=delete      | -      | delete | forgotten                    | record-deleted
  contact  | deleted | changed | contactDeletedInDynamics=delete      | -      | -      | released deleted-but-edited  | deleted-but-edited
  any      | filteredOut | same | leftFilter=delete                   | -      | delete | released left-filter-deleted | left-filter-deleted
  two-way  | filteredOut | changed | leftFilter=delete                | update | delete | released left-filter-deleted | left-filter-deleted
  tasks    | filteredOut | same | completed, leftFilter=delete        | -      | -      | released left-filter         | left-filter
  meetings | filteredOut | same | elsewhere, leftFilter=delete        | -      | -      | released left-filter         | left-filter
  meetings | filteredOut | same | guests, leftFilter=delete           | -      | -      | held                         | would-mail
`,
  },
  {
    title: 'Meetings that are canceled or over',
    intro: 'A closed record takes no more edits from Exchange. What becomes of the event is for the settings to say.',
    link: 'linked',
    rows: `
  appointment | closed  | same    | canceled                                                     | - | update | released closed   | closed
  appointment | closed  | same    | canceled, appointmentCanceledInDynamics=delete               | - | delete | released canceled | canceled
  appointment | closed  | changed | canceled, appointmentCanceledInDynamics=delete               | - | update | released closed   | closed
  appointment | closed  | same    | canceled, guests, appointmentCanceledInDynamics=delete       | - | update | held              | would-mail
  appointment | closed  | same    | canceled, guests, appointmentCanceledInDynamics=delete, attendeeMail=invite | - | delete | released canceled, mails | canceled
  appointment | closed  | same    | canceled, past, appointmentCanceledInDynamics=delete         | - | update | released closed   | closed
  appointment | closed  | same    | canceled, elsewhere, appointmentCanceledInDynamics=delete    | - | update | released closed   | closed
  appointment | changed | same    | past                                                         | - | update | linked            | record-edited
  appointment | changed | same    | past, pastAppointmentEditedInDynamics=ignore                 | - | -      | linked            | agreed
`,
  },
  {
    title: 'Items that their users track',
    intro:
      'The tracking category on an item asks for a record; taking it off lets the pair go. A contact, a task, an event or a series becomes a record of its kind; what is linked already stays what it is.',
    link: 'none',
    rows: `
  task contact appointment series | unmade      | tracked | -                       | create | update | linked    | tracked
  task contact appointment series | created     | tracked | -                       | -      | update | linked    | tracked
  task contact appointment series | deleted     | tracked | -                       | -      | -      | untouched | not-syncing
  task contact appointment series | filteredOut | tracked | -                       | -      | -      | untouched | not-syncing
  task contact appointment series | filteredOut | tracked | filtered                | -      | update | linked    | tracked
  task contact appointment series | movedHome   | tracked | -                       | -      | -      | untouched | not-syncing
  task contact appointment series | closed      | tracked | -                       | -      | -      | untouched | not-syncing
  task contact appointment series | unreadable  | tracked | -                       | -      | -      | untouched | not-syncing
  task contact appointment series | unmade      | tracked | private                 | -      | -      | untouched | private
  task contact series      | unmade      | tracked | private, privateItems=busyOnly | - | -    | untouched | private
  appointment              | unmade      | tracked | private, privateItems=busyOnly | create | update | linked | tracked
  task contact appointment series | unmade      | tracked | private, privateItems=full     | create | update | linked | tracked
`,
  },
  {
    title: 'Tracked pairs whose record leaves the filters',
    intro:
      'Filters say what syncs by itself. What a user asked for by the tracking category stays linked, wherever its record stands among them, until she takes the category off. A contact that is deactivated is let go all the same.',
    link: 'linked',
    rows: `
  two-way | filteredOut | none same | wished, filtered                    | - | -      | linked                 | agreed
  two-way | filteredOut | changed   | wished, filtered                    | update | - | linked                 | item-edited
  two-way | filteredOut | none same | wished, filtered, leftFilter=delete | - | -      | linked                 | agreed
  two-way | filteredOut | same      | filtered                            | - | -      | released left-filter   | left-filter
  contact | filteredOut | same      | wished                              | - | -      | released left-filter   | left-filter
`,
  },
  {
    title: 'Items that are let go by their users',
    intro:
      'Taking the tracking category off, or marking an item as private, ends the pair and keeps both. Under `busyOnly` a neutral word takes the place of what a private event is about. What was edited along with the category reaches the record first.',
    link: 'linked',
    rows: `
  task contact appointment series | same    | same    | uncategorized | -      | - | released category-removed | category-removed
  task contact appointment series | same    | changed | uncategorized | update | - | released category-removed | category-removed
  task contact appointment series | deleted | same    | uncategorized | -      | - | released deleted-but-edited | deleted-but-edited
  two-way                         | same    | changed | private       | -      | - | released became-private   | became-private
  two-way                         | changed | changed | private       | -      | - | released became-private   | became-private
  appointment                     | same    | changed | private, privateItems=busyOnly | update | - | linked | item-edited
  two-way                         | same    | changed | private, privateItems=full     | update | - | linked | item-edited
`,
  },
  {
    title: 'People’s mail',
    intro:
      'Exchange writes to attendees whenever an event is made with them, or one that has them is changed or deleted. Where the settings do not ask for that, the list is withheld, or the change waits for an admin.',
    link: 'linked',
    rows: `
  meetings | changed   | same    | guests                                 | -      | -      | held                | would-mail
  meetings | changed   | same    | guests, attendeeMail=invite            | -      | update | linked, mails       | record-edited
  meetings | changed   | same    | guests, withheld, attendeeMail=invite  | -      | -      | held                | would-mail
  meetings | changed   | same    | room                                   | -      | -      | held                | would-mail
  appointment | changed | same   | guests, past, attendeeMail=invite      | -      | -      | held                | would-mail
  meetings | same      | changed | guests                                 | update | -      | linked              | item-edited
  meetings | changed   | same    | guests, shown                          | -      | update | linked              | record-edited
  meetings | changed   | same    | invites                                | -      | -      | linked, list withheld | agreed
  meetings | changed   | same    | invites, attendeeMail=invite           | -      | update | linked, mails       | record-edited
  meetings | deleted   | same    | guests                                 | -      | -      | held                | would-mail
  meetings | deleted   | same    | guests, attendeeMail=invite            | -      | delete | forgotten, mails    | record-deleted
  meetings | movedHome | same    | guests                                 | -      | -      | held                | would-mail
  meetings | movedHome | same    | guests, attendeeMail=invite            | -      | delete | released moved-home, mails | moved-home
`,
  },
  {
    title: 'A record without a link',
    intro:
      'Only a record that is open and at home is given an item. Where exactly one item in the mailbox is its twin (the same name and address, subject and due date, or subject and start), that is linked instead of a new one being made: nothing is written to Dynamics, and only empty fields in Exchange are filled.',
    link: 'none',
    rows: `
  any | created     | none deleted | - | - | create | linked    | new-record
  any | created     | same changed | - | - | update | linked    | first-meeting
  any | movedHome   | any     | - | - | -      | untouched | not-mine
  any | same        | any     | - | - | -      | untouched | not-syncing
  any | changed     | any     | - | - | -      | untouched | not-syncing
  any | deleted     | any     | - | - | -      | untouched | not-syncing
  any | filteredOut | any     | - | - | -      | untouched | not-syncing
  any | closed      | any     | - | - | -      | untouched | not-syncing
  any | unreadable  | any     | - | - | -      | untouched | not-syncing
`,
  },
  {
    title: 'A pair that was let go, whose record is open and at home again',
    intro:
      'What was let go because of where the record stood is taken up again; what people removed stays away. A copy that stayed is used, never made twice. In every other state of the record nothing is done about such a pair.',
    link: 'released',
    rows: `
  any     | created | none    | after:moved-home          | -      | create | linked    | came-back
  any     | created | deleted | after:moved-home          | -      | create | linked    | came-back
  any     | created | same    | after:moved-home          | -      | -      | linked    | came-back
  any     | created | changed | after:moved-home          | -      | -      | linked    | came-back
  any     | created | none    | after:closed              | -      | -      | untouched | released
  any     | created | deleted | after:closed              | -      | -      | untouched | released
  any     | created | same    | after:closed              | -      | update | linked    | came-back
  two-way | created | changed | after:closed              | update | update | linked    | came-back
  one-way | created | changed | after:closed              | -      | update | linked    | came-back
  any     | created | none    | after:left-filter         | -      | -      | untouched | released
  any     | created | deleted | after:left-filter         | -      | -      | untouched | released
  any     | created | same    | after:left-filter         | -      | -      | linked    | came-back
  any     | created | changed | after:left-filter         | -      | -      | linked    | came-back
  any     | created | none    | after:unreadable          | -      | -      | untouched | released
  any     | created | deleted | after:unreadable          | -      | -      | untouched | released
  any     | created | same    | after:unreadable          | -      | -      | linked    | came-back
  any     | created | changed | after:unreadable          | -      | -      | linked    | came-back
  any     | created | any     | after:deleted-but-edited  | -      | -      | untouched | released
  any     | created | any     | after:deleted-in-dynamics | -      | -      | untouched | released
  any     | created | any     | after:deleted-in-exchange | -      | -      | untouched | released
  any     | created | any     | after:undone              | -      | -      | untouched | released
`,
  },
];
