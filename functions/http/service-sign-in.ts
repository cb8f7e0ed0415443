import { register } from './answer';
import { empty } from './contract';
import { ended, finished, finishReplies, OfIntegration, started, startReplies, stateOf, stateReplies } from './sign-in-views';

/** The sign-in with which Tandem itself reaches an environment, where that is a person's account: an admin makes it. */
register(
  'startServiceSignIn',
  { summary: 'Start the sign-in of the service account', tag: 'Sign-in', query: OfIntegration, replies: startReplies },
  async ({ request, query: { integration }, services, caller }) => {
    // The callback is under the same of the two names under which this was called: a network may let only one through.
    const area = request.params.area === 'manage' ? 'manage' : 'admin';
    const callbackPath = `/${area}/api/gwsc/auth/serverContext`;
    return started(services, request, { integration, use: 'service', by: caller.objectId, callbackPath });
  },
);

register(
  'finishServiceSignIn',
  { summary: 'Where the sign-in service sends the browser back to', tag: 'Sign-in', replies: finishReplies },
  ({ request, services }) => finished(services, request, 'service'),
);

register(
  'getServiceSignIn',
  { summary: 'Whether the service account is signed in', tag: 'Sign-in', query: OfIntegration, replies: stateReplies },
  ({ query: { integration }, services }) => stateOf(services, integration, 'service'),
);

register(
  'endServiceSignIn',
  {
    summary: 'Forget the sign-in of the service account',
    tag: 'Sign-in',
    query: OfIntegration,
    replies: { 204: empty('It is forgotten.') },
  },
  ({ query: { integration }, services }) => ended(services, integration, 'service'),
);
