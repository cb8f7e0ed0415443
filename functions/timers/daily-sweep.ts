import { app } from '@azure/functions';
import { dailySweep } from '../../shared/polling/timers';
import { pollingServices } from '../../shared/services';

app.timer('dailySweep', {
  schedule: '%SWEEP_SCHEDULE%',
  handler: async (_tick, context) => dailySweep(await pollingServices(context)),
});
