import { app } from '@azure/functions';
import { runTimer } from '../../shared/polling/watchdog';
import { pollingServices } from '../../shared/services';

app.timer('pollDynamics', {
  schedule: '%POLL_DYNAMICS_SCHEDULE%',
  handler: async (_tick, context) => runTimer('pollDynamics', await pollingServices(context)),
});
