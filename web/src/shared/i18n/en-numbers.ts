import type { numbersZh } from './zh-cn-numbers.ts';

/** Telephone numbers: who vouches for them, and which may be dialled. */
export const numbersEn: Readonly<Record<keyof typeof numbersZh, string>> = {
  'phone.unverified': 'Number not verified',
  'phone.unverifiedHelp':
    'The caller claims this number, but no carrier vouches for it. Confirm who it is before you discuss bills or residents.',
  'problem.dial.bad_number': 'This is not a telephone number; check it and dial again.',
  'problem.dial.international':
    'International numbers cannot be dialled; ask an administrator if you need one.',
  'problem.dial.premium': 'Premium-rate numbers and satellite phones cannot be dialled.',
  'problem.dial.emergency': 'Only supervisors can dial emergency numbers; tell one at once.',
  'problem.dial.not_allowed': 'Numbers of this kind cannot be dialled.',
  'problem.dial.agent_limit': 'You have reached your limit of external calls for today.',
  'problem.dial.number_limit': 'This number has been dialled too often today; try again tomorrow.',
  'problem.dial.day_limit':
    'The limit of external calls for today has been reached; ask a supervisor.',
  'problem.dial.uncounted':
    'Today’s external calls cannot be counted right now, so the call was not placed; try again shortly.',
  'alarm.disk_low': 'Disk nearly full: recordings may be cut',
  'alarm.free': '{megabytes} MB left',
  'alarm.pin_guessed': 'Somebody keeps guessing an owner’s phone PIN',
  'alarm.locks': 'locked {count} times in a week',
  'act.pin.locked': 'Phone PIN locked',
  'alarm.dial_spend': 'Unusually many external calls',
  'alarm.spend': '{calls} calls, {minutes} minutes in the last hour',
  'alarm.nobody_reached': 'Nobody was reached for an emergency',
  'alarm.tried': 'duty phones rung {count} times',
  'alarm.noDutyPhone': 'no duty phone is set up',
  'act.dial.refused': 'Number not dialled',
  'event.duty.missed': 'Duty phone not reached',
  'event.duty.exhausted': 'No duty phone reached',
  'event.callback.ended': 'Callback',
  'result.talked': 'talked',
  'result.busy': 'busy',
  'result.no_answer': 'no answer',
  'result.not_rung': 'not rung',
  'result.impossible': 'cannot be dialled',
  'cause.not_confirmed': 'picked up, but pressed no key',
  'cause.no_news': 'no response from the switch',
  'cause.too_late': 'answered by somebody else',
  'cause.over': 'no longer needed',
  'notice.holidays': 'The public holidays of {year} are not known yet',
  'notice.holidaysHelp':
    'Statutory days and weekends count, without moved days: opening hours and campaigns may be off. Update the package chinese-days, then restart the service.',
};
