import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { AppError } from '../core/errors.ts';

/** A TCP port on loopback that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

export interface PortCheck {
  /** The setting to name when the port is taken. */
  setting: string;
  host: string;
  port: number;
  protocol: 'tcp' | 'udp';
}

/** Throws `port.taken`, naming the setting, when another program has the port. 0 is always free. */
export async function checkPort(check: PortCheck): Promise<void> {
  if (check.port === 0) return;
  const code = await (check.protocol === 'tcp' ? tryTcp(check) : tryUdp(check));
  if (code === undefined) return;
  throw new AppError({
    code: 'port.taken',
    status: 500,
    message:
      code === 'EADDRINUSE'
        ? `${check.setting}: another program already uses ${check.protocol.toUpperCase()} port ${check.port} on ${check.host}. Stop that program, or choose another port with ${check.setting}=…`
        : `${check.setting}: port ${check.port} on ${check.host} cannot be opened (${code}). Choose another with ${check.setting}=…`,
    details: { setting: check.setting, port: check.port },
  });
}

function tryTcp({ host, port }: PortCheck): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function tryUdp({ host, port }: PortCheck): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.bind({ address: host, port, exclusive: true }, () =>
      socket.close(() => resolve(undefined)),
    );
  });
}
