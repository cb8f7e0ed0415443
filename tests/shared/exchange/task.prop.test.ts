import fc from 'fast-check';
import { newLink, taskBody, taskOf } from '../../../shared/exchange/task';
import { date, head, importance, maybeDate, text, zone } from './arbitraries';

const values = fc.record({
  subject: text,
  notes: text,
  startDate: maybeDate,
  dueDate: maybeDate,
  completedDate: maybeDate,
  importance,
  status: fc.constantFrom('notStarted', 'inProgress', 'waiting', 'deferred', 'completed'),
  regarding: text.filter((regarding) => regarding !== 'Dynamics 365'),
});

test('a task that was written reads back as the same values', () => {
  fc.assert(
    fc.property(values, zone, (written, where) => {
      const json = { ...head, ...taskBody(written, {}), linkedResources: [newLink('i/task/r/1', written.regarding)] };
      const item = taskOf(json, 'tasks:list', where);
      expect(item.values).toEqual(written);
      expect(item.marker).toBe('i/task/r/1');
    }),
  );
});

test('a due date is the same day whether To Do tells it as a UTC midnight or as a midnight of the user', () => {
  fc.assert(
    fc.property(date, fc.constantFrom(-10, -3, 0, 5, 9), (due, offset) => {
      // Etc/GMT zones count backwards: Etc/GMT-9 lies nine hours east of Greenwich.
      const where = offset === 0 ? 'UTC' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
      const asLocal = new Date(Date.parse(`${due}T00:00:00Z`) - offset * 3_600_000).toISOString().replace('Z', '0000');
      for (const dateTime of [`${due}T00:00:00.0000000`, asLocal]) {
        expect(taskOf({ ...head, dueDateTime: { dateTime, timeZone: 'UTC' } }, 'tasks:list', where).values.dueDate).toBe(due);
      }
    }),
  );
});
