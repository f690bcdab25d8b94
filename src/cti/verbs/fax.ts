import { ignore } from '../../core/ignore.ts';
import type { Call } from '../call/call.types.ts';
import { commandsOf } from '../call/link.ts';
import { CallGoneError } from '../call/call.errors.ts';
import { quotedPath } from '../call/variables.ts';
import { faxNote } from '../nodes/switch-names.ts';

/** What came of a fax. */
export interface FaxSeen {
  isSent: boolean;
  pagesSent: number;
  /** The modem's own word. */
  reason: string;
}

/** Some twenty pages at the slowest speed. */
const longestMs = 20 * 60_000;

/**
 * Sends a TIFF to whoever has answered, and waits for the modem's end (`txfax`, with T.38). Undefined when the leg went
 * before the modem was done: `told` may know more.
 */
export async function sendFax(
  call: Call,
  { file, pages }: { file: string; pages: number },
): Promise<FaxSeen | undefined> {
  quotedPath(file);
  // The switch takes no `${…}` in a variable that is set from outside: how it will end is written beforehand.
  const note = (text: string) => `global_setvar ${faxNote(call.id)}=${text}`;
  try {
    const { variables } = await commandsOf(call).execute({
      application: 'txfax',
      argument: file,
      step: 'fax',
      timeoutMs: longestMs,
      variables: {
        fax_enable_t38: 'true',
        api_on_fax_success: note(`1|${pages}|OK`),
        api_on_fax_failure: note('0|0|failed while nobody watched'),
      },
    });
    return faxSeen(
      variables['fax_success'],
      variables['fax_document_transferred_pages'],
      variables['fax_result_text'],
    );
  } catch (error) {
    if (!(error instanceof CallGoneError) && !call.gone.aborted) throw error;
    return undefined;
  }
}

/** What `told` reads: `success|pages|reason`. */
export function readFaxNote(text: string): FaxSeen {
  const [success, pages, ...reason] = text.trim().split('|');
  return faxSeen(success, pages, reason.join('|'));
}

function faxSeen(success = '', pages = '', reason = ''): FaxSeen {
  const pagesSent = Number(pages) || 0;
  return {
    isSent: success === '1' && pagesSent > 0,
    pagesSent,
    reason: reason === '' ? 'the modem said nothing' : reason,
  };
}

/** What of a switch is asked about faxes. */
export interface FaxSwitch {
  readonly name: string;
  readonly isConnected: boolean;
  api(command: string): Promise<string>;
}

/** The modems of the switches, and what they left behind for a service that did not see a fax end. */
export interface Modems {
  /** Whether a connected switch has a modem (`module_exists mod_spandsp`). */
  isThere(): Promise<boolean>;
  /** What the modem wrote on the switch itself when it was done (`global_getvar`). Throws `switch.down`. */
  told(callId: string): Promise<FaxSeen | undefined>;
  /** It has been read (`global_setvar`). Never throws. */
  forget(callId: string): Promise<void>;
}

export function modemsOf(switches: readonly FaxSwitch[]): Modems {
  const connected = () => switches.filter(({ isConnected }) => isConnected);
  return {
    async isThere() {
      for (const one of connected()) if (await hasModem(one)) return true;
      return false;
    },
    async told(callId) {
      for (const one of connected()) {
        const text = await one.api(`global_getvar ${faxNote(callId)}`);
        if (text.includes('|')) return readFaxNote(text);
      }
      return undefined;
    },
    async forget(callId) {
      for (const one of connected()) {
        await ignore(
          one.api(`global_setvar ${faxNote(callId)}=`),
          'a note that stays is overwritten or forgotten with the switch',
        );
      }
    },
  };
}

/** False also for a switch that does not answer. */
export async function hasModem(one: Pick<FaxSwitch, 'api'>): Promise<boolean> {
  const asked = one.api('module_exists mod_spandsp');
  const reply = await ignore(asked, 'a switch out of reach sends no fax');
  return reply?.trim() === 'true';
}
