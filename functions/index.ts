// Reading this list is reading the flow: timers decide who is due, queues carry the work, HTTP is for people.
import './timers/poll-dynamics';
import './timers/poll-exchange';
import './timers/heartbeat';
import './timers/daily-sweep';
import './queues/poll-source';
import './queues/sync-mailbox';
import './http/admin-dry-run';
import './http/admin-explain';
import './http/admin-folders';
import './http/admin-holds';
import './http/admin-integrations';
import './http/admin-mailboxes';
import './http/admin-undo';
import './http/health';
import './http/nowhere';
import './http/openapi';
import './http/problems';
