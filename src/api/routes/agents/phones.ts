import { AppError } from '../../../core/errors.ts';
import { withoutSites } from '../../../db/index.ts';
import {
  issuePhonePassword,
  openTestPhone,
  phoneRealm,
  type Agents,
} from '../../../agents/index.ts';
import type { PhoneAccount } from '../../../contract/agents/agents.ts';
import type { Health } from '../../../contract/health.ts';
import { memberOf } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { command } from '../../commands.ts';
import { write } from '../../write.ts';
import { done } from '../done.ts';

/** How telephones register with the switch, and which of them may. */
export interface Phones {
  account(username: string, password: string): PhoneAccount;
  /** What switches show when they ask who may register. */
  directorySecret: string;
  /** Whether anybody may open a telephone and call as anybody; if not, why. */
  demoPhones: 'open' | keyof typeof whyOff;
  /** Where calls to numbers outside go. */
  outsideCalls: Health['outsideCalls'];
}

/** Softphones: how they register, and whether they did. */
export function phoneRoutes(
  server: Server,
  parts: RouteParts,
  { agents, phones }: { agents: Pick<Agents, 'sessions'>; phones: Phones },
): void {
  const { clock } = parts;
  write(server, parts, 'POST /agents/me/phone', {
    before({ request, member }) {
      const { browser, isTaking = true } = request.body;
      if (browser !== undefined) agents.sessions.usePhone(member.id, browser, isTaking);
    },
    async work({ member, trx }) {
      const { username, id: staffId, sessionId } = member;
      const account = { username, staffId, sessionId, callerNumber: null };
      return phones.account(username, await issuePhonePassword(trx, clock, account));
    },
  });
  command(server, parts, 'PUT /agents/me/phone', (request) => {
    const member = memberOf(request);
    const { isRegistered, browser } = request.body;
    if (browser !== undefined) agents.sessions.usePhone(member.id, browser, false);
    // A report: the same again is told as unchanged, and whoever reports takes that for heard.
    agents.sessions.setPhoneReady(member.id, isRegistered);
    return Promise.resolve(done);
  });
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
export function demoPhoneRoutes(server: Server, parts: RouteParts, phones: Phones): void {
  const { clock } = parts;
  const { outsideCalls, demoPhones } = phones;
  const db = withoutSites(parts.db, 'telephones of the demo are of no site');
  command(server, parts, 'POST /demo/phone', async (request) => {
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
  });
}

/** What a softphone needs to register. */
export function phoneAccounts(wsUrl: string, domain: string): Phones['account'] {
  return (username, password) => ({
    uri: `sip:${username}@${domain}`,
    wsUrl,
    username,
    password,
    realm: phoneRealm,
  });
}
