import { app } from '@azure/functions';
import { pollSource } from '../../shared/polling/poll-source';
import { watchTimers } from '../../shared/polling/watchdog';
import { pollingServices } from '../../shared/services';

app.serviceBusQueue('pollSource', {
  queueName: 'polls',
  connection: 'ServiceBus',
  isSessionsEnabled: true,
  handler: async (message, context) => {
    const services = pollingServices(context);
    await pollSource(message, services);
    await watchTimers(services);
  },
});
