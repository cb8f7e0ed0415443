import { register } from './answer';
import { empty } from './contract';
import { ended, finished, finishReplies, OfIntegration, started, startReplies, stateOf, stateReplies } from './sign-in-views';

const callbackPath = '/app/api/auth/serviceAction/callback';

/** A person's own sign-in to an environment, for what she does there herself. Each route is about the caller and nobody else. */
register(
  'startActionSignIn',
  { summary: 'Start your own sign-in to Dynamics', tag: 'Sign-in', query: OfIntegration, replies: startReplies },
  async ({ request, query: { integration }, services, caller }) =>
    started(services, request, { integration, use: 'action', by: caller.objectId, callbackPath }),
);

register(
  'finishActionSignIn',
  { summary: 'Where the sign-in service sends the browser back to', tag: 'Sign-in', replies: finishReplies },
  ({ request, services }) => finished(services, request, 'action'),
);

register(
  'getActionSignIn',
  { summary: 'Whether you are signed in to Dynamics', tag: 'Sign-in', query: OfIntegration, replies: stateReplies },
  ({ query: { integration }, services, caller }) => stateOf(services, integration, { objectId: caller.objectId }),
);

register(
  'endActionSignIn',
  { summary: 'Forget your sign-in to Dynamics', tag: 'Sign-in', query: OfIntegration, replies: { 204: empty('It is forgotten.') } },
  ({ query: { integration }, services, caller }) => ended(services, integration, { objectId: caller.objectId }),
);
