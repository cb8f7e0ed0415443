import { app } from '@azure/functions';
import { runTimer } from '../../shared/polling/watchdog';
import { pollingServices } from '../../shared/services';

app.timer('pollExchange', {
  schedule: '%POLL_EXCHANGE_SCHEDULE%',
  handler: async (_tick, context) => runTimer('pollExchange', await pollingServices(context)),
});
