import '../functions';
import { app } from '@azure/functions';
import { ownParts } from '../shared/services';

// The host looks for functions in the order of their names. So these names stand right before `listNotifications`, and it looks equally long for all three.
app.http('listNothing', { methods: ['GET'], route: 'bench/nothing', authLevel: 'anonymous', handler: () => ({ status: 204 }) });

/** Makes the table read of a poll, and nothing else. */
app.http('listNothingButRead', {
  methods: ['GET'],
  route: 'bench/read/{integration}/{objectId}',
  authLevel: 'anonymous',
  handler: async ({ params: { integration = '', objectId = '' } }) => ({
    status: (await ownParts().feed.glance({ integration, objectId })) === null ? 404 : 204,
  }),
});
