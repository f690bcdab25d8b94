import t from 'tap';
import { silentLog } from '../../src/core/log.ts';
import { DeadMan } from '../../src/cti/nodes/dead-man.ts';
import { Lease } from '../../src/cti/nodes/lease.ts';
import { SwitchDownError } from '../../src/cti/esl/esl.errors.ts';
import { endRegistrations } from '../../src/cti/nodes/registrations.ts';
import { listenedPorts } from '../../src/local/switch.ts';
import type { HeldLock } from '../../src/db/index.ts';
import { until } from '../support/until.ts';

function deadMan() {
  const state = { now: 0, sent: [] as string[] };
  const timers = new DeadMan({
    patienceSec: 30,
    now: () => state.now,
    send: (commands) => void state.sent.push(...commands),
  });
  const at = (seconds: number) => {
    state.now = seconds * 1000;
    state.sent = [];
    const late = timers.beat();
    return { late, sent: state.sent };
  };
  return { timers, state, at };
}

void t.test('given a new caller, then the short timer is renewed before it runs out', (t) => {
  const { timers, at } = deadMan();
  timers.watch('a');
  t.same(at(1.9), { late: [], sent: [] });
  t.same(at(2).sent, ['sched_del a', 'sched_transfer +30 a lt_unattended XML lingting']);
  t.same(at(11.9).sent, [], 'a whole one lasts longer');
  t.same(at(12).sent.length, 2);
  t.end();
});

void t.test('given a service that slept, then nothing is renewed that may have run out', (t) => {
  const { timers, at } = deadMan();
  timers.watch('new');
  timers.arm('old', 'hang up');
  t.same(at(7.5).late, ['new']);
  t.same(at(29).late.sort(), ['new', 'old']);
  t.end();
});

void t.test('given a leg that talks or is gone, then it has no timer', (t) => {
  const { timers, state, at } = deadMan();
  timers.arm('a', 'apologise');
  timers.arm('b', 'hang up');
  state.sent = [];
  timers.release('a');
  timers.forget('b');
  t.same(state.sent, ['sched_del a']);
  t.same(at(20), { late: [], sent: [] });
  t.end();
});

void t.test('given an orderly end, then every timer is whole', (t) => {
  const { timers, state } = deadMan();
  timers.arm('a', 'hang up');
  state.sent = [];
  timers.armAll();
  t.same(state.sent, ['sched_del a', 'sched_hangup +30 a NORMAL_TEMPORARY_FAILURE']);
  t.end();
});

/** Variables of a switch, as `global_setvar` and `global_getvar` treat them. */
function switchOf(coreUuid: string) {
  const variables = new Map<string, string>([['core_uuid', coreUuid]]);
  const api = (command: string): Promise<string> => {
    const [verb, text = ''] = command.split(' ');
    if (verb === 'global_getvar') return Promise.resolve(variables.get(text) ?? '');
    const [name = '', value = '', expected] = text.split('=');
    if (expected === undefined || variables.get(name) === expected) variables.set(name, value);
    return Promise.resolve('+OK');
  };
  return { variables, api };
}

function nobodyElse(): void {
  throw new Error('nobody else wants this switch');
}

function leaseOf(installation: string, takeLock?: () => Promise<HeldLock>): Lease {
  const free = () =>
    Promise.resolve({ lost: new AbortController().signal, release: () => Promise.resolve() });
  return new Lease({ node: 'one', installation, takeLock: takeLock ?? free, log: silentLog() });
}

void t.test('given a free switch, then it is taken, held, and let go', async (t) => {
  const { variables, api } = switchOf('core');
  const lease = leaseOf('ours');
  await lease.claim(api, AbortSignal.timeout(5000), nobodyElse);
  t.match(variables.get('lt_driver'), /^ours\.\d+\.1$/);
  t.ok(await lease.renew(api));
  t.match(variables.get('lt_driver'), /^ours\.\d+\.2$/);
  await lease.release(api);
  t.equal(variables.get('lt_driver'), 'none');
});

void t.test('given a mark of a former process of ours, then nobody waits for it', async (t) => {
  const { variables, api } = switchOf('core');
  variables.set('lt_driver', 'ours.1.77');
  await leaseOf('ours').claim(api, AbortSignal.timeout(5000), nobodyElse);
  t.match(variables.get('lt_driver'), /^ours\.\d+\.78$/);
});

void t.test('given another installation that lives, then this one stands by', async (t) => {
  const { variables, api } = switchOf('core');
  variables.set('lt_driver', 'theirs.1.5');
  const stopping = new AbortController();
  // As soon as it knows, so that nothing here acts as if it drove.
  const claiming = leaseOf('ours').claim(api, stopping.signal, () => stopping.abort());
  await t.rejects(claiming);
  t.equal(variables.get('lt_driver'), 'theirs.1.5');
});

void t.test('given a driver that was overtaken, then it is told so', async (t) => {
  const { variables, api } = switchOf('core');
  const lease = leaseOf('ours');
  await lease.claim(api, AbortSignal.timeout(5000), nobodyElse);
  variables.set('lt_driver', 'theirs.1.1');
  t.notOk(await lease.renew(api));
  t.equal(variables.get('lt_driver'), 'theirs.1.1', 'and takes nothing back');
});

void t.test('given a database that is away, then the mark alone decides', async (t) => {
  const { variables, api } = switchOf('core');
  const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const stopping = new AbortController();
  await leaseOf('ours', () => Promise.reject(away)).claim(api, stopping.signal, nobodyElse);
  stopping.abort();
  t.match(variables.get('lt_driver'), /^ours\./);
});

void t.test(
  'given a lock asked for again in vain, then one taken meanwhile is kept and let go',
  async (t) => {
    const { api } = switchOf('core');
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    let giveUp: (error: Error) => void = () => undefined;
    const again = new Promise<HeldLock>((_resolve, reject) => (giveUp = reject));
    let released = 0;
    const held = {
      lost: new AbortController().signal,
      release: () => {
        released++;
        return Promise.resolve();
      },
    };
    const takes = [() => Promise.reject(away), () => again, () => Promise.resolve(held)];
    const lease = leaseOf('ours', () => takes.shift()!());
    await lease.claim(api, new AbortController().signal, nobodyElse);
    await lease.claim(api, new AbortController().signal, nobodyElse);
    t.same(takes, [], 'the first claim still asks while the second has it');
    giveUp(away);
    await again.catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    await lease.release(api);
    t.equal(released, 1);
  },
);

void t.test('given a switch that goes away, then the next one is told all the same', async (t) => {
  const told: string[] = [];
  const node = (name: string, fault?: Error, isConnected = true) => ({
    name,
    isConnected,
    apiNow: (command: string) => {
      if (fault !== undefined) return Promise.reject(fault);
      told.push(`${name}: ${command.split(' ')[0]}`);
      return Promise.resolve('host');
    },
  });
  const log = silentLog();
  const away = node('a', new SwitchDownError());
  await endRegistrations([away, node('b'), node('c', undefined, false)], 'agent1', log);
  t.ok(told.includes('b: sofia'));
  t.notOk(told.some((one) => one.startsWith('c')));
  told.length = 0;
  const silent = node('a', new Error('no answer'));
  await t.rejects(endRegistrations([silent, node('b')], 'agent1', log), { message: 'no answer' });
  t.ok(told.includes('b: sofia'), 'and the account is not taken for ended');
});

void t.test('a port is tried where the switch listens', (t) => {
  const at = (host: string, port: number) => ({ host, port });
  const ports = listenedPorts({
    ...{ sip: at('192.0.2.1', 5060), ws: at('192.0.2.2', 5066), esl: at('127.0.0.1', 8021) },
  });
  t.same(ports, [
    { host: '192.0.2.1', port: 5060, setting: 'SIP_PORT' },
    { host: '192.0.2.2', port: 5066, setting: 'SIP_WS_PORT' },
    { host: '127.0.0.1', port: 8021, setting: 'ESL_PORT' },
  ]);
  t.end();
});

void t.test('given a lock that is lost after a reconnect, then it is taken again', async (t) => {
  const { variables, api } = switchOf('core');
  variables.set('lt_driver', '');
  const taken: AbortController[] = [];
  const lease = leaseOf('ours', () => {
    const lost = new AbortController();
    taken.push(lost);
    return Promise.resolve({ lost: lost.signal, release: () => Promise.resolve() });
  });
  const connection = new AbortController();
  await lease.claim(api, connection.signal, nobodyElse);
  connection.abort();
  await lease.claim(api, new AbortController().signal, nobodyElse);
  t.equal(taken.length, 1, 'it outlives the connection');
  taken[0]?.abort();
  await until('the next lock', () => taken.length === 2);
});
