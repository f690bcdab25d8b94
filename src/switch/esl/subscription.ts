import type { SwitchEvent } from '../channel/index.ts';
import type { EventFormat } from './event-format.ts';
import { compilePattern } from '../../core/pattern.ts';

/** Event names that FreeSWITCH knows; a subscription to nothing but unknown names is refused. */
const known = new Set(
  `CUSTOM CLONE CHANNEL_CREATE CHANNEL_DESTROY CHANNEL_STATE CHANNEL_CALLSTATE CHANNEL_ANSWER
  CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE CHANNEL_HOLD
  CHANNEL_UNHOLD CHANNEL_BRIDGE CHANNEL_UNBRIDGE CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA
  CHANNEL_OUTGOING CHANNEL_PARK CHANNEL_UNPARK CHANNEL_APPLICATION CHANNEL_ORIGINATE CHANNEL_UUID
  API LOG INBOUND_CHAN OUTBOUND_CHAN STARTUP SHUTDOWN PUBLISH UNPUBLISH TALK NOTALK SESSION_CRASH
  MODULE_LOAD MODULE_UNLOAD DTMF MESSAGE PRESENCE_IN NOTIFY_IN PRESENCE_OUT PRESENCE_PROBE
  MESSAGE_WAITING MESSAGE_QUERY ROSTER CODEC BACKGROUND_JOB DETECTED_SPEECH DETECTED_TONE
  PRIVATE_COMMAND HEARTBEAT TRAP ADD_SCHEDULE DEL_SCHEDULE EXE_SCHEDULE RE_SCHEDULE RELOADXML
  NOTIFY PHONE_FEATURE SEND_MESSAGE RECV_MESSAGE REQUEST_PARAMS CHANNEL_DATA GENERAL COMMAND
  SESSION_HEARTBEAT CLIENT_DISCONNECTED SERVER_DISCONNECTED SEND_INFO RECV_INFO RECV_RTCP_MESSAGE
  SEND_RTCP_MESSAGE CALL_SECURE NAT RECORD_START RECORD_STOP PLAYBACK_START PLAYBACK_STOP
  CALL_UPDATE FAILURE SOCKET_DATA MEDIA_BUG_START MEDIA_BUG_STOP CONFERENCE_DATA_QUERY
  CONFERENCE_DATA CALL_SETUP_REQ CALL_SETUP_RESULT CALL_DETAIL DEVICE_STATE TEXT ALL`.split(/\s+/),
);

/** What one client wants to hear. */
export class Subscription {
  format: EventFormat = 'plain';
  readonly #names = new Set<string>();
  readonly #subclasses = new Set<string>();
  readonly #filters: { name: string; value: string }[] = [];

  /** `event [plain|json|xml] <names…> [CUSTOM <subclasses…>]`; false when no name is known. */
  add(words: readonly string[]): boolean {
    const [first = ''] = words;
    const format = first.toLowerCase();
    const isFormat = format === 'plain' || format === 'json' || format === 'xml';
    if (isFormat) this.format = format;
    let isCustom = false;
    let count = 0;
    for (const word of isFormat ? words.slice(1) : words) {
      if (isCustom) {
        this.#subclasses.add(word);
        count += 1;
      } else if (known.has(word.toUpperCase())) {
        this.#names.add(word.toUpperCase());
        isCustom = word.toUpperCase() === 'CUSTOM';
        count += 1;
      }
    }
    return count > 0;
  }

  remove(words: readonly string[]): void {
    let isCustom = false;
    for (const word of words) {
      if (isCustom) this.#subclasses.delete(word);
      else if (word.toUpperCase() === 'CUSTOM') isCustom = true;
      else this.#names.delete(word.toUpperCase());
    }
    if (isCustom && this.#subclasses.size === 0) this.#names.delete('CUSTOM');
  }

  clear(): void {
    this.#names.clear();
    this.#subclasses.clear();
  }

  filter(name: string, value: string): void {
    this.#filters.push({ name: name.toLowerCase(), value });
  }

  unfilter(name: string, value: string): void {
    const kept = this.#filters.filter(
      (one) => one.name !== name.toLowerCase() || (value !== '' && one.value !== value),
    );
    this.#filters.splice(0, this.#filters.length, ...kept);
  }

  wants(event: SwitchEvent): boolean {
    if (!this.#isNamed(event)) return false;
    if (this.#filters.length === 0) return true;
    let isWanted = false;
    for (const { name, value } of this.#filters) {
      const has = event.headers.find(([key]) => key.toLowerCase() === name)?.[1];
      if (has === undefined) continue;
      const { isRefusal, text } = signed(value);
      if (isWanted && !isRefusal) continue;
      if (!isMatch(has, text)) continue;
      if (isRefusal) return false;
      isWanted = true;
    }
    return isWanted;
  }

  #isNamed(event: SwitchEvent): boolean {
    if (this.#names.has('ALL')) return true;
    if (!this.#names.has(event.name)) return false;
    return (
      event.name !== 'CUSTOM' ||
      this.#subclasses.size === 0 ||
      this.#subclasses.has(event.subclass ?? '')
    );
  }
}

/** `-value` refuses what `value` or `+value` would let through. */
function signed(value: string): { isRefusal: boolean; text: string } {
  const signs = /^[+\- ]*/.exec(value)?.[0] ?? '';
  return { isRefusal: signs.trimEnd().endsWith('-'), text: value.slice(signs.length) };
}

/** The whole value, whatever the case, or a regular expression between slashes. */
function isMatch(has: string, wanted: string): boolean {
  const pattern = /^\/(.*)\/(\w*)$/.exec(wanted);
  if (pattern === null) return has.toLowerCase() === wanted.toLowerCase();
  const compiled = compilePattern(pattern[1] ?? '', pattern[2] === 'i' ? 'i' : '');
  return compiled?.test(has) ?? false;
}
