import { app } from '@azure/functions';
import { pollDynamics } from '../../shared/polling/timers';
import { pollingServices } from '../../shared/services';

app.timer('pollDynamics', {
  schedule: '%POLL_DYNAMICS_SCHEDULE%',
  handler: async (_tick, context) => pollDynamics(await pollingServices(context)),
});
