import { createServer } from 'node:http';
import { directoryDocument } from '../../src/agents/desk/phones/directory-document.ts';
import type { SwitchConfig } from '../../src/switch/index.ts';

/** What the service would answer a FreeSWITCH that asks who may register: these users. */
export async function serveDirectory(
  port: number,
  users: SwitchConfig['users'],
): Promise<() => Promise<void>> {
  const server = createServer((request, reply) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const asked = new URLSearchParams(body);
      const user = users.find(({ username }) => username === asked.get('user'));
      reply.writeHead(200, { 'content-type': 'text/xml' });
      reply.end(
        directoryDocument(
          Object.fromEntries(asked),
          user === undefined ? undefined : { ...user, callerNumber: null },
        ),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}
