import { app } from '@azure/functions';
import { pollExchange } from '../../shared/polling/timers';
import { pollingServices } from '../../shared/services';

app.timer('pollExchange', {
  schedule: '%POLL_EXCHANGE_SCHEDULE%',
  handler: async (_tick, context) => pollExchange(await pollingServices(context)),
});
