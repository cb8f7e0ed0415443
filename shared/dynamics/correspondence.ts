import { taskLikeTable } from './task';

/** What is over in a phone call, a letter or a fax has several statuses, of which an environment may choose its own default. */
const correspondence = {
  percentage: false,
  statuses: {
    notStarted: { statecode: 0 },
    inProgress: { statecode: 0 },
    waiting: { statecode: 0 },
    deferred: { statecode: 0 },
    completed: { statecode: 1 },
    canceled: { statecode: 2 },
  },
} as const;

export const phoneCallTable = taskLikeTable({ ...correspondence, entity: 'phonecall', set: 'phonecalls' });
export const letterTable = taskLikeTable({ ...correspondence, entity: 'letter', set: 'letters' });
export const faxTable = taskLikeTable({ ...correspondence, entity: 'fax', set: 'faxes' });
