import { person } from '../../../local/company/people';

export { beginning } from '../../../local/simulation/virtual-clock';
export { type Json, World } from '../../../local/simulation/world';
export type { Entity } from '../../../shared/model/values';

export const anna = person('anna');
export const ben = person('ben');
