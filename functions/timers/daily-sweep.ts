import { app } from '@azure/functions';
import { removeExpired, warnOfSecrets } from '../../shared/polling/expired';
import { runTimer } from '../../shared/polling/watchdog';
import { pollingServicesOf, services } from '../../shared/services';

app.timer('dailySweep', {
  schedule: '%SWEEP_SCHEDULE%',
  handler: async (_tick, context) => {
    const all = services(context);
    await runTimer('dailySweep', pollingServicesOf(all));
    // Last: a vault or old rows that cannot be reached now keep no mailbox from its sweep.
    await warnOfSecrets(all);
    await removeExpired(all);
  },
});
