/** One order of one form: sent until somebody has answered, made once whatever happens on the way. */
import { api, Problem } from '../../../../api/client.ts';
import type { BodyOf } from '../../../../api/routes.ts';
import type { WorkOrder } from '../../../../api/types.ts';
import { randomId } from '../../../../shared/browser/random-id.ts';
import { store, stored } from '../../../../shared/browser/storage.ts';

type Body = BodyOf<'POST /work-orders'>;

/** What was sent and not answered: the answer may have been lost, and the order made. */
interface Attempt {
  key: string;
  body: Body;
}

export interface Made {
  order: WorkOrder;
  /** It was made by what was sent before; what was typed since is not in it. */
  isEarlier: boolean;
}

type Send = (body: Body, key: string) => Promise<WorkOrder>;

const send: Send = (body, key) => api.post('/work-orders', { body, key });

/** The first still runs: it is asked again until it has an answer. */
const waitMs = 500;
const tries = 20;

/**
 * Makes the order. The key is random and kept, also across a reload, until an answer has come: the same request
 * gets the same order. When what was sent before has been made after all, that order is what there is.
 */
export async function makeOrder(callId: string, body: Body, ask: Send = send): Promise<Made> {
  const before = attemptOf(callId);
  const key = before?.key ?? randomId();
  remember(callId, { key, body });
  try {
    const order = await patiently(ask, body, key);
    remember(callId, undefined);
    return { order, isEarlier: false };
  } catch (error) {
    if (before !== undefined && codeOf(error) === 'idempotency.key_reused') {
      return { order: await earlier(callId, before, ask), isEarlier: true };
    }
    if (isAnswer(error)) remember(callId, undefined);
    // What came first is what the key stands for.
    else if (before !== undefined) remember(callId, before);
    throw error;
  }
}

/** What was sent before was made, or refused: its answer is asked for once more. */
async function earlier(callId: string, before: Attempt, ask: Send): Promise<WorkOrder> {
  try {
    const order = await patiently(ask, before.body, before.key);
    remember(callId, undefined);
    return order;
  } catch (error) {
    remember(callId, isAnswer(error) ? undefined : before);
    throw error;
  }
}

async function patiently(ask: Send, body: Attempt['body'], key: string): Promise<WorkOrder> {
  for (let run = 1; ; run += 1) {
    try {
      return await ask(body, key);
    } catch (error) {
      if (codeOf(error) !== 'idempotency.in_progress' || run === tries) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** The service has said no: whatever is sent next is another request. */
function isAnswer(error: unknown): boolean {
  return (
    error instanceof Problem &&
    error.status >= 400 &&
    error.status < 500 &&
    ![401, 403, 408, 429].includes(error.status) &&
    error.code !== 'idempotency.in_progress'
  );
}

function codeOf(error: unknown): string {
  return error instanceof Problem ? error.code : '';
}

const nameOf = (callId: string) => `lingting.order.${callId}`;

function attemptOf(callId: string): Attempt | undefined {
  const text = stored(nameOf(callId), 'session');
  return text === null ? undefined : (JSON.parse(text) as Attempt);
}

function remember(callId: string, attempt: Attempt | undefined): void {
  store(nameOf(callId), attempt === undefined ? null : JSON.stringify(attempt), 'session');
}
