import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createSelfSignedCertificate } from 'werift';

/** What stands between browsers and the service on a real site, as docs/deploy.md describes it. */
export interface HttpsProxy {
  readonly port: number;
  /** Where pages and the API, and where `/sip` goes; told when their ports are known. */
  lead(to: { http: number; sip: number }): void;
  close(): Promise<void>;
}

/** @param clientAddress whom it says that it serves. */
export async function openHttpsProxy(clientAddress: string): Promise<HttpsProxy> {
  // SHA-256 with RSA.
  const { keyPem, certPem } = await createSelfSignedCertificate({ hash: 4, signature: 1 });
  let target = { http: 0, sip: 0 };
  const open = new Set<Socket>();
  const headersOf = ({ headers }: IncomingMessage) => ({
    ...headers,
    'x-forwarded-for': clientAddress,
    'x-forwarded-proto': 'https',
  });
  const server = createServer({ key: keyPem, cert: certPem }, (asked, reply) => {
    const { method, url: path } = asked;
    const passed = httpRequest(
      { host: '127.0.0.1', port: target.http, method, path, headers: headersOf(asked) },
      (answer) => {
        reply.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(reply);
      },
    );
    passed.on('error', () => reply.destroy());
    asked.pipe(passed);
  });
  server.on('upgrade', (asked: IncomingMessage, near: Socket, head: Buffer) => {
    const isSip = asked.url === '/sip';
    const far = connect(isSip ? target.sip : target.http, '127.0.0.1', () => {
      // As they were written.
      const { rawHeaders } = asked;
      const lines = rawHeaders.flatMap((name, at) =>
        at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1] ?? ''}`] : [],
      );
      lines.push(`X-Forwarded-For: ${clientAddress}`, 'X-Forwarded-Proto: https');
      far.write([`GET ${asked.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
      far.write(head);
      near.pipe(far).pipe(near);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    lead(to) {
      target = to;
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
