import { type ActionName, actionNames, type Condition, type Input, type Microapp } from '../microapp';
import type { RecordTableName } from '../tables';

/** How a microapp offers an action: the inputs of the form or button are all that the action takes, so that a form and its action cannot drift apart. */
export interface Offer {
  readonly action: ActionName;
  readonly table: RecordTableName;
  /** Whether it makes a record, or acts on the one that the page is about. */
  readonly record: 'new' | 'existing';
  readonly inputs: readonly Input[];
  /** Of an existing record: it is offered only then. */
  readonly condition: Condition | undefined;
}

/** Every action that a microapp offers, each once. */
export function offersOf(app: Microapp): readonly Offer[] {
  const offers = new Map<ActionName, Offer>();
  for (const page of app.pages) {
    if (page.kind === 'form') {
      const { table, record, inputs, condition } = page;
      offers.set(page.submit.action, { action: page.submit.action, table, record, inputs, condition });
    }
    if (page.kind !== 'detail') continue;
    for (const { does, condition } of page.buttons) {
      if ('action' in does)
        offers.set(does.action, { action: does.action, table: page.table, record: 'existing', inputs: does.asks, condition });
    }
  }
  return [...offers.values()];
}

/** How a microapp offers the action of this name; undefined where it does not. */
export function offerOf(app: Microapp, action: string): Offer | undefined {
  return offersOf(app).find((offer) => offer.action === action);
}

/** Whether there is an action of this name at all. */
export function isAction(name: string): name is ActionName {
  return actionNames.some((each) => each === name);
}
