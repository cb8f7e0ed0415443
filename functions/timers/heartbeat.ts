import { app } from '@azure/functions';
import { watchAlerts } from '../../shared/mailboxes/read-alerts';
import { runTimer } from '../../shared/polling/watchdog';
import { pollingServices, services } from '../../shared/services';

app.timer('heartbeat', {
  schedule: '%HEARTBEAT_SCHEDULE%',
  handler: async (_tick, context) => {
    await runTimer('heartbeat', pollingServices(context));
    await watchAlerts(services(context));
  },
});
