import { app } from '@azure/functions';
import { syncMailbox } from '../../shared/cycle/sync-mailbox';
import { watchTimers } from '../../shared/polling/watchdog';
import { pollingServices, wakeUpServices } from '../../shared/services';

app.serviceBusQueue('syncMailbox', {
  queueName: 'wakeups',
  connection: 'ServiceBus',
  isSessionsEnabled: true,
  handler: async (message, context) => {
    await syncMailbox(message, wakeUpServices(context));
    await watchTimers(pollingServices(context));
  },
});
