import { app } from '@azure/functions';
import { services } from '../../shared/services';
import { notifyOwner } from '../../shared/workspace/notify-owner';

app.serviceBusQueue('notifyOwner', {
  queueName: 'assignments',
  connection: 'ServiceBus',
  handler: (message, context) => notifyOwner(message, services(context)),
});
