import { app } from '@azure/functions';
import { removeExpired } from '../../shared/polling/expired';
import { dailySweep } from '../../shared/polling/timers';
import { pollingServicesOf, services } from '../../shared/services';

app.timer('dailySweep', {
  schedule: '%SWEEP_SCHEDULE%',
  handler: async (_tick, context) => {
    const all = services(context);
    await removeExpired(all);
    await dailySweep(pollingServicesOf(all));
  },
});
