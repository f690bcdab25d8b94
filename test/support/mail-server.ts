import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** How the mail server behaves: as it should, or in one of the ways in which servers fail. */
export type MailManner =
  | 'accept'
  | 'refuse_recipient'
  | 'greylist'
  | 'refuse_text'
  | 'cut_at_greeting'
  | 'cut_after_text'
  | 'silent_after_text';

export interface Mail {
  from: string;
  to: string[];
  text: string;
}

/** A real SMTP server on loopback that plays somebody else's. */
export interface MailServer {
  readonly port: number;
  readonly mails: Mail[];
  manner: MailManner;
  readonly login: { user: string; pass: string };
  close(): Promise<void>;
}

class Refusal extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, text: string) {
    super(text);
    this.responseCode = responseCode;
  }
}

export async function startMailServer(options: { hasTls?: boolean } = {}): Promise<MailServer> {
  const login = { user: 'service', pass: 'a password: with @ signs' };
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  const cut = () => sockets.forEach((socket) => socket.destroy());
  const server = new SMTPServer({
    // Its certificate is made by itself, which no client should trust.
    disabledCommands: options.hasTls === true ? [] : ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onConnect(_session, done) {
      if (self.manner === 'cut_at_greeting') cut();
      else done();
    },
    onAuth({ username, password }, _session, done) {
      const isRight = username === login.user && password === login.pass;
      done(isRight ? null : new Refusal(535, 'wrong password'), { user: username });
    },
    onRcptTo(_address, _session, done) {
      if (self.manner === 'refuse_recipient') done(new Refusal(550, 'no such mailbox'));
      else if (self.manner === 'greylist') done(new Refusal(451, 'come back later'));
      else done();
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (self.manner === 'cut_after_text') {
          cut();
          return;
        }
        if (self.manner === 'silent_after_text') return;
        if (self.manner === 'refuse_text') {
          done(new Refusal(554, 'looks like spam'));
          return;
        }
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const self: MailServer = {
    port: (server.server.address() as AddressInfo).port,
    mails,
    manner: 'accept',
    login,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
  return self;
}
