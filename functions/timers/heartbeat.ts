import { app } from '@azure/functions';
import { heartbeat } from '../../shared/polling/timers';
import { pollingServices } from '../../shared/services';

app.timer('heartbeat', {
  schedule: '%HEARTBEAT_SCHEDULE%',
  handler: async (_tick, context) => heartbeat(await pollingServices(context)),
});
