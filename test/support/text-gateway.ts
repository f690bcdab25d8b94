import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSignedBy } from '../../src/messaging/index.ts';

export interface SentText {
  id: string;
  to: string;
  text: string;
  language: string;
}

/** An HTTP status, or a way in which lines break. */
export type GatewayManner = number | 'cut' | 'hang';

/** A real HTTP server that plays the bridge to a provider, as docs/messages.md has it. */
export interface TextGateway {
  readonly url: string;
  readonly token: string;
  readonly secret: string;
  /** All that arrived, answered or not. */
  readonly texts: SentText[];
  /** Requests without the right token and signature. */
  readonly strangers: number;
  manner: GatewayManner;
  close(): Promise<void>;
}

export async function startTextGateway(port = 0): Promise<TextGateway> {
  const token = 'a-token';
  const secret = 'a-secret-of-the-gateway';
  const texts: SentText[] = [];
  let strangers = 0;
  const server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const signature = String(request.headers['x-lingting-signature']);
      const isOurs =
        request.headers.authorization === `Bearer ${token}` &&
        isSignedBy(secret, { signature, body, now: new Date() });
      if (!isOurs) {
        strangers += 1;
        response.writeHead(401).end();
        return;
      }
      const text = JSON.parse(body) as SentText;
      texts.push(text);
      if (self.manner === 'cut') request.socket.destroy();
      else if (typeof self.manner === 'number') {
        response.writeHead(self.manner, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ id: `provider-${texts.length}` }));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const self: TextGateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/texts`,
    ...{ token, secret, texts },
    get strangers() {
      return strangers;
    },
    manner: 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return self;
}
