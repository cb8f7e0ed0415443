import { app } from '@azure/functions';
import { removeExpired } from '../../shared/polling/expired';
import { runTimer } from '../../shared/polling/watchdog';
import { pollingServicesOf, services } from '../../shared/services';

app.timer('dailySweep', {
  schedule: '%SWEEP_SCHEDULE%',
  handler: async (_tick, context) => {
    const all = services(context);
    await runTimer('dailySweep', pollingServicesOf(all));
    // Last: old rows that cannot be removed now keep no mailbox from its sweep.
    await removeExpired(all);
  },
});
