import { activity } from './activity';

/** Appointments have a place, and must begin and end. */
export const { pages: appointmentPages, create: createAppointment } = activity({
  table: 'appointment',
  slug: 'appointment',
  titles: {
    list: 'page.myOpenAppointments',
    detail: 'page.appointmentDetail',
    edit: 'page.appointmentEdit',
    create: 'app.createAppointment',
  },
  about: 'app.createAppointment.about',
  searchHint: 'search.appointments',
  searches: ['location'],
  columns: [
    { label: 'field.fromTo', shows: { template: '{scheduledstart} – {scheduledend}' }, format: 'datetime' },
    { label: 'field.location', shows: { column: 'location' } },
  ],
  sort: { column: 'scheduledstart', direction: 'descending' },
  details: [{ label: 'field.location', shows: { column: 'location' } }],
  inputs: [{ parameter: 'location', label: 'field.location', kind: 'text', column: 'location', most: 200 }],
  endLabel: 'field.to',
  needsTimes: true,
  create: { label: 'button.createAppointment', action: 'createAppointment' },
  update: 'updateAppointment',
});
