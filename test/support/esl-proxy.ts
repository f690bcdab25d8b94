import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import type { EslAddress } from '../../src/cti/esl/connection.ts';

/** A wire between service and switch that can be cut, and that can lose single events. */
export interface EslProxy {
  /** For ESL_URLS. */
  readonly url: string;
  /** Ends what is connected and refuses what comes, until `mend`. */
  cut(): void;
  mend(): void;
  /** Swallows the events for which this holds; as many as it says. */
  lose: (event: Readonly<Record<string, string>>) => boolean;
  lost: number;
  close(): void;
}

export async function openEslProxy(address: EslAddress): Promise<EslProxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const upstream = connect(address.port, address.host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes: Buffer) => upstream.write(bytes));
    let rest: Buffer = Buffer.alloc(0);
    upstream.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      for (let frame = firstFrame(rest); frame !== undefined; frame = firstFrame(rest)) {
        rest = rest.subarray(frame.length);
        if (isLost(self, frame)) self.lost += 1;
        else client.write(frame);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const self: EslProxy = {
    url: `esl://:${address.password}@127.0.0.1:${port}`,
    lost: 0,
    lose: () => false,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    close() {
      this.cut();
      server.close();
    },
  };
  return self;
}

/** Headers up to the empty line, and the body that Content-Length tells of. */
function firstFrame(bytes: Buffer): Buffer | undefined {
  const end = bytes.indexOf('\n\n');
  if (end < 0) return undefined;
  const length = /^content-length: *(\d+)/im.exec(bytes.toString('latin1', 0, end));
  const total = end + 2 + Number(length?.[1] ?? 0);
  return bytes.length < total ? undefined : bytes.subarray(0, total);
}

function isLost(proxy: EslProxy, frame: Buffer): boolean {
  const text = frame.toString('utf8');
  if (!text.includes('text/event-json')) return false;
  const event = JSON.parse(text.slice(text.indexOf('\n\n') + 2)) as Record<string, string>;
  return proxy.lose(event);
}
