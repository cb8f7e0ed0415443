import { app } from '@azure/functions';
import { removeExpired } from '../../shared/polling/expired';
import { runTimer } from '../../shared/polling/watchdog';
import { pollingServicesOf, services } from '../../shared/services';

app.timer('dailySweep', {
  schedule: '%SWEEP_SCHEDULE%',
  handler: async (_tick, context) => {
    const all = services(context);
    await removeExpired(all);
    await runTimer('dailySweep', pollingServicesOf(all));
  },
});
