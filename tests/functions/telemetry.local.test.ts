import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { person } from '../../local/company/people';
import { type Stack, startStack } from '../../local/stack';
import { certificates } from '../local/certificates';
import { until } from '../local/until';

const Envelope = z.looseObject({
  tags: z.record(z.string(), z.string()),
  data: z.looseObject({
    baseType: z.string(),
    baseData: z.looseObject({
      name: z.string().optional(),
    }),
  }),
});
type Envelope = z.output<typeof Envelope>;

/** An Application Insights that takes everything. The library speaks https to it and nothing else. */
class Insights {
  readonly envelopes: Envelope[] = [];
  text = '';
  readonly server = createServer({ cert: certificates.server, key: certificates.serverKey }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
      const sent = z.array(Envelope).parse(JSON.parse(text));
      this.text += text;
      this.envelopes.push(...sent);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ itemsReceived: sent.length, itemsAccepted: sent.length, errors: [] }));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    return `InstrumentationKey=00000000-0000-4000-8000-000000000000;IngestionEndpoint=https://127.0.0.1:${port}/`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  spans(name: string): readonly Envelope[] {
    return this.envelopes.filter(({ data }) => data.baseType === 'RemoteDependencyData' && data.baseData.name === name);
  }
}

let insights: Insights;
let stack: Stack;

beforeAll(async () => {
  insights = new Insights();
  const connectionString = await insights.start();
  stack = await startStack({
    settings: {
      APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString,
      TRACES_PER_MINUTE: '6000',
      NODE_EXTRA_CA_CERTS: join(__dirname, '..', 'local', 'fixtures', 'certificates', 'authority.pem'),
    },
  });
});
afterAll(async () => {
  await stack?.close();
  await insights.close();
});

test('the app sends its invocations to Application Insights, and nothing that is about people', async () => {
  for (let times = 0; times < 3; times += 1) expect((await fetch(`${stack.hostUrl}/health`)).status).toBe(200);
  await until(() => insights.text !== '');
  await stack.stopHost();
  expect(insights.spans('health').length).toBeGreaterThan(0);
  for (const secret of [person('anna').email, '@', 'eyJ', 'Bearer'])
    expect([secret, insights.text.includes(secret)]).toEqual([secret, false]);
  expect(new Set(insights.envelopes.map(({ tags }) => tags['ai.cloud.role']))).toEqual(new Set(['tandem']));
});
