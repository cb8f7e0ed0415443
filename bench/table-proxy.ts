import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { storageAccount, storageAccountKey } from '../local/azurite';

/** Stands in front of the table service and counts what passes. */
export interface TableProxy {
  /** For the app's settings. */
  readonly connectionString: string;
  /** Where the tables are; nothing is let through before it is known. */
  leadTo(port: number): void;
  /** Requests since the last reset, by label: `GET mailboxes()`, `GET links(key)`, `PUT integrations(key)`, `POST $batch`. */
  counts(): Readonly<Record<string, number>>;
  reset(): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free port of this machine. A transaction counts as one request and as one write. */
export async function startTableProxy(): Promise<TableProxy> {
  const agent = new Agent({ keepAlive: true });
  const counts = new Map<string, number>();
  let target: number | undefined;

  const server = createServer((incoming, outgoing) => {
    const label = labelOf(incoming.method ?? 'GET', incoming.url ?? '/');
    counts.set(label, (counts.get(label) ?? 0) + 1);
    pass(incoming, outgoing, target, agent);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    connectionString: [
      'DefaultEndpointsProtocol=http',
      `AccountName=${storageAccount}`,
      `AccountKey=${storageAccountKey}`,
      `TableEndpoint=http://127.0.0.1:${port}/${storageAccount}`,
    ].join(';'),
    leadTo(there) {
      target = there;
    },
    counts: () => Object.fromEntries(counts),
    reset: () => counts.clear(),
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, port: number | undefined, agent: Agent): void {
  if (port === undefined) {
    outgoing.writeHead(503).end();
    return;
  }
  const { method, url: path, headers } = incoming;
  const onward = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

/** Method and table; `(key)` where one row is addressed, `()` where rows are searched. */
export function labelOf(method: string, url: string): string {
  const path = decodeURIComponent(url.split('?')[0] ?? '').replace(`/${storageAccount}/`, '');
  return `${method} ${path.replace(/\(PartitionKey=.*\)$/s, '(key)')}`;
}

/** True where a request of this label changes something. */
export function isTableWrite(label: string): boolean {
  return !label.startsWith('GET ');
}
