import { app } from '@azure/functions';
import { watchAlerts } from '../../shared/mailboxes/read-alerts';
import { heartbeat } from '../../shared/polling/timers';
import { pollingServices, services } from '../../shared/services';

app.timer('heartbeat', {
  schedule: '%HEARTBEAT_SCHEDULE%',
  handler: async (_tick, context) => {
    await heartbeat(await pollingServices(context));
    await watchAlerts(services(context));
  },
});
