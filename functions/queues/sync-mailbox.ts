import { app } from '@azure/functions';
import { syncMailbox } from '../../shared/cycle/sync-mailbox';
import { wakeUpServices } from '../../shared/services';

app.serviceBusQueue('syncMailbox', {
  queueName: 'wakeups',
  connection: 'ServiceBus',
  isSessionsEnabled: true,
  handler: async (message, context) => syncMailbox(message, await wakeUpServices(context)),
});
