import { dial, type Caller } from '../../scripts/phone/caller.ts';
import { until } from './until.ts';
import type { TestSwitch } from './switch.ts';

/** The parked leg of the caller with that number. */
export async function parked(sw: TestSwitch, from: string): Promise<string> {
  const event = await until(`the call of ${from}`, () =>
    sw.events.find(
      (one) => one['Event-Name'] === 'CHANNEL_PARK' && one['Caller-Caller-ID-Number'] === from,
    ),
  );
  return event['Unique-ID'] ?? '';
}

/** A caller who was answered and waits in the park. */
export async function incoming(
  sw: TestSwitch,
  from: string,
): Promise<{ uuid: string; caller: Caller }> {
  const dialling = dial({ number: '4000', from, host: '127.0.0.1', port: sw.sipPort });
  const uuid = await parked(sw, from);
  // Nobody drives these legs but the test, which may take its time.
  await sw.esl.api(`sched_del ${uuid}`);
  return { uuid, caller: await dialling };
}
