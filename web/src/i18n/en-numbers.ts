import type { numbersZh } from './zh-cn-numbers.ts';

/** Telephone numbers: who vouches for them, and which may be dialled. */
export const numbersEn: Readonly<Record<keyof typeof numbersZh, string>> = {
  'phone.unverified': 'Number not verified',
  'phone.unverifiedHelp':
    'The caller claims this number; no carrier vouches for it. Make sure who it is before you speak of bills or residents.',
  'problem.dial.bad_number': 'This is not a telephone number; check it and dial again.',
  'problem.dial.international':
    'Numbers abroad are not dialled; ask an administrator if you need one.',
  'problem.dial.premium': 'Charged services and satellite telephones are not dialled.',
  'problem.dial.emergency': 'Only supervisors dial emergency numbers; tell one at once.',
  'problem.dial.not_allowed': 'Numbers of this kind are not dialled.',
  'problem.dial.agent_limit': 'You have used up your outside calls for today.',
  'problem.dial.number_limit': 'This number was dialled too often today; try again tomorrow.',
  'problem.dial.day_limit': 'All outside calls of today are used up; ask a supervisor.',
  'alarm.disk_low': 'Disk nearly full: recordings may be cut',
  'alarm.free': '{megabytes} MB left',
  'alarm.dial_spend': 'Unusually many outside calls',
  'alarm.spend': '{calls} calls, {minutes} minutes in the last hour',
  'alarm.nobody_reached': 'Nobody was reached for an emergency',
  'alarm.tried': 'duty phones rung {count} times',
  'alarm.noDutyPhone': 'there is no duty phone to ring',
  'act.dial.refused': 'Number not dialled',
  'event.duty.missed': 'Duty phone not reached',
  'event.duty.exhausted': 'No duty phone reached',
  'event.callback.ended': 'Call-back',
  'result.talked': 'talked',
  'result.busy': 'busy',
  'result.no_answer': 'no answer',
  'result.not_rung': 'not rung',
  'result.impossible': 'cannot be dialled',
  'cause.not_confirmed': 'picked up, but pressed no key',
  'cause.no_news': 'the switch told nothing',
  'cause.too_late': 'somebody else had the call',
  'cause.over': 'no longer needed',
};
