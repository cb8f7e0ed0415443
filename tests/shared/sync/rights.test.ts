import { fieldsOf } from '../../../shared/model/entity';
import { type Direction, entities } from '../../../shared/model/values';
import { directionOf, fieldsThatLeave, narrowed } from '../../../shared/sync/rules';
import { rules } from './pairs';

const none = { hidden: [], readOnly: [], unsure: [] };

function directions(given: typeof rules, names: readonly string[]): Direction[] {
  return names.map((name) => {
    const field = fieldsOf('contact').find((each) => each.name === name);
    if (field === undefined) throw new Error(`no field ${name}`);
    return directionOf(given, 'contact', field);
  });
}

describe('what a person may not do with secured columns', () => {
  const names = ['notes', 'jobTitle', 'firstName', 'lastName'];

  test('narrows the directions of these fields: hidden ones go nowhere, others only to Exchange', () => {
    const given = narrowed(rules, { contact: { hidden: ['notes'], readOnly: ['jobTitle'], unsure: ['firstName'] } });
    expect(directions(given, names)).toEqual(['none', 'toExchange', 'toExchange', 'both']);
  });

  test('never widens what the settings chose', () => {
    const chosen = { ...rules, directions: { contact: { notes: 'toDynamics', jobTitle: 'none', firstName: 'toExchange' } } } as const;
    const given = narrowed(chosen, { contact: { hidden: [], readOnly: ['notes', 'jobTitle', 'firstName'], unsure: [] } });
    expect(directions(given, names)).toEqual(['none', 'none', 'toExchange', 'both']);
  });

  test('leaves what else the settings chose as it is, for this entity and for others', () => {
    const chosen = { ...rules, directions: { contact: { lastName: 'toExchange' }, task: { subject: 'none' } } } as const;
    const given = narrowed(chosen, { contact: { ...none, hidden: ['notes'] } });
    expect(given).toEqual({
      ...chosen,
      directions: { contact: { lastName: 'toExchange', notes: 'none' }, task: { subject: 'none' } },
    });
  });

  test('changes nothing for a person who may do everything, or of whom nothing is secured', () => {
    expect(narrowed(rules, {})).toEqual(rules);
    expect(narrowed(rules, Object.fromEntries(entities.map((entity) => [entity, none])))).toEqual(rules);
    expect(narrowed(rules, { contact: { ...none, readOnly: ['unknown'] } })).toEqual(rules);
  });
});

describe('the direction of a field', () => {
  test('that travels one way by nature is turned off and never turned round', () => {
    for (const [chosen, expected] of [
      ['none', 'none'],
      ['both', 'toExchange'],
      ['toDynamics', 'toExchange'],
    ] as const)
      expect(directions({ ...rules, directions: { contact: { company: chosen } } }, ['company'])).toEqual([expected]);
    expect(directions({ ...rules, directions: { contact: { slots: 'toExchange' } } }, ['slots'])).toEqual(['none']);
  });

  test('decides from which side its change is news', () => {
    const given = { ...rules, directions: { contact: { notes: 'toExchange', jobTitle: 'toDynamics', firstName: 'none' } } } as const;
    const leaving = (side: 'dynamics' | 'exchange') => {
      const fields = fieldsThatLeave(given, 'contact', side).map(({ name }) => name);
      return ['notes', 'jobTitle', 'firstName', 'lastName'].filter((name) => fields.includes(name));
    };
    expect(leaving('dynamics')).toEqual(['notes', 'lastName']);
    expect(leaving('exchange')).toEqual(['jobTitle', 'lastName']);
  });
});
