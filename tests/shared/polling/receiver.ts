import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GraphNotifications, type Pushed, takePush } from '../../../shared/polling/graph-push';
import type { World } from '../cycle/world';

/** Where Graph calls: it echoes validations, and hands notifications to the world that it serves. */
export class Receiver {
  /** What became of each request, in the order in which they came. */
  readonly taken: Pushed[] = [];
  /** False lets every validation fail. */
  echoes = true;
  world: World | undefined;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new Receiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (message, response) => {
      void receiver.answer(message).then(
        ({ status, text = '' }) => response.writeHead(status, { 'content-type': 'text/plain' }).end(text),
        () => response.writeHead(500).end(),
      );
    });
    return receiver;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }

  private async answer(message: IncomingMessage): Promise<{ readonly status: number; readonly text?: string }> {
    const { searchParams } = new URL(message.url ?? '/', this.url);
    const token = searchParams.get('validationToken');
    if (token !== null) return { status: 200, text: this.echoes ? token : 'something else' };
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const { value } = GraphNotifications.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    if (this.world === undefined) return { status: 503 };
    const ref = { integration: searchParams.get('integration') ?? '', id: searchParams.get('mailbox') ?? '' };
    this.taken.push(await takePush(this.world.services, ref, value));
    return { status: 202 };
  }
}
