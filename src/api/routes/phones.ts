import {
  DemoPhoneAccount,
  DemoPhoneRequest,
  PhoneAccount,
  PhoneRequest,
  PhoneStateRequest,
} from '../../contract/agents.ts';
import { AppError } from '../../core/errors.ts';
import { issuePhonePassword, openTestPhone, phoneRealm } from '../../agents/index.ts';
import { require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { Done, done } from './done.ts';

/** Softphones: how they register, and whether they did. */
export function phoneRoutes(server: Server, { db, clock, agents, phones }: ApiParts): void {
  const tags = ['agents'];
  server.post(
    '/agents/me/phone',
    {
      schema: {
        summary: 'How my softphone registers; the password is new each time',
        response: { 200: PhoneAccount },
        tags,
        body: PhoneRequest,
      },
      config: { isToldOnce: true },
      // To name a browser is optional, and so is the body.
      preValidation: (request, _reply, done) => {
        request.body ??= {};
        done();
      },
    },
    async (request) => {
      const member = require(request, 'calls.handle');
      const { browser, isTaking = true } = request.body;
      if (browser !== undefined) agents.usePhone(member.id, browser, isTaking);
      const { username, id: staffId, sessionId } = member;
      const account = { username, staffId, sessionId, callerNumber: null };
      const password = await issuePhonePassword(db, clock, account);
      return phones.account(member.username, password);
    },
  );
  server.put(
    '/agents/me/phone',
    {
      schema: {
        summary: 'Whether my softphone is registered',
        response: { 200: Done },
        tags,
        body: PhoneStateRequest,
      },
    },
    (request) => {
      const member = require(request, 'calls.handle');
      const { isRegistered, browser } = request.body;
      if (browser !== undefined) agents.usePhone(member.id, browser, false);
      // A report: the same again is told as unchanged, and whoever reports takes that for heard.
      agents.setPhoneReady(member.id, isRegistered);
      return Promise.resolve(done);
    },
  );
}

const whyOff = {
  no_demo: 'the service does not run as a demo (DEMO=true)',
  carrier: 'calls come from carriers (TRUNKS); DEMO_PHONES=true has both',
  setting: 'DEMO_PHONES=false says so',
} as const;

class DemoPhonesOffError extends AppError {
  constructor(reason: keyof typeof whyOff) {
    super({
      code: 'demo.phones_off',
      status: 404,
      message: `There are no telephones of the demo: ${whyOff[reason]}.`,
      details: { reason },
    });
  }
}

/**
 * In demo mode anybody's browser, or `npm run phone`, is an owner's telephone: it calls with its number, and is called,
 * where no carrier is set up, when somebody dials that number, or any.
 */
export function demoPhoneRoutes(
  server: Server,
  { db, clock, phones, outsideCalls, demoPhones }: ApiParts,
): void {
  server.post(
    '/demo/phone',
    {
      schema: {
        summary:
          'A telephone of the demo: it calls with this number, and may answer it or every number',
        response: { 200: DemoPhoneAccount },
        tags: ['demo'],
        body: DemoPhoneRequest,
      },
      config: { rateLimit: { max: 60, timeWindow: '1 minute' }, isOpen: true, isToldOnce: true },
    },
    async (request) => {
      if (demoPhones !== 'open') throw new DemoPhonesOffError(demoPhones);
      const { number, answers = 'own', phone } = request.body;
      const isCalled = outsideCalls === 'test_telephones';
      if (phone === undefined) {
        const account = { username: number, staffId: null, callerNumber: number };
        const password = await issuePhonePassword(db, clock, account);
        return { ...phones.account(number, password), isCalled };
      }
      const { username, password } = await openTestPhone(db, clock, { number, answers, phone });
      return { ...phones.account(username, password), isCalled };
    },
  );
}

/** What a softphone needs to register. */
export function phoneAccounts(wsUrl: string, domain: string): ApiParts['phones'] {
  return {
    account: (username, password) => ({
      uri: `sip:${username}@${domain}`,
      wsUrl,
      username,
      password,
      realm: phoneRealm,
    }),
  };
}
