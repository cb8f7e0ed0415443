import type { PairPlan } from '../sync/pair-plan';

export type DryAction =
  | 'createRecord'
  | 'createItem'
  | 'updateItem'
  | 'deleteItem'
  | 'updateRecord'
  | 'deleteRecord'
  | 'hold'
  | 'release'
  | 'nothing';

/** What a plan would do, in the order in which it would be done; `nothing` where it would do nothing. */
export function dryActions({ toItem, toRecord, ending }: PairPlan): DryAction[] {
  const actions: DryAction[] = [];
  if (toRecord.kind !== 'none') actions.push(`${toRecord.kind}Record`);
  if (toItem.kind !== 'none')
    actions.push(toItem.kind === 'create' ? 'createItem' : toItem.kind === 'update' ? 'updateItem' : 'deleteItem');
  if (ending.kind === 'stopped' || (ending.kind === 'linked' && ending.hold !== null)) actions.push('hold');
  if (ending.kind === 'released') actions.push('release');
  return actions.length === 0 ? ['nothing'] : actions;
}
