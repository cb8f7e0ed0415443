import { app } from '@azure/functions';
import { pollSource } from '../../shared/polling/poll-source';
import { pollingServices } from '../../shared/services';

app.serviceBusQueue('pollSource', {
  queueName: 'polls',
  connection: 'ServiceBus',
  isSessionsEnabled: true,
  handler: async (message, context) => pollSource(message, await pollingServices(context)),
});
