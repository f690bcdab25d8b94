import { StaleError } from '../../core/changes.ts';
import { AppError } from '../../core/errors.ts';
import type { RefusalCode } from '../rules/index.ts';
import type { ScriptFault } from '../rules/index.ts';

export class CampaignNotFoundError extends AppError {
  constructor() {
    super({
      code: 'campaign.not_found',
      status: 404,
      message: 'There is no campaign with this id.',
    });
  }
}

export class CampaignLockedError extends AppError {
  constructor(state: string) {
    super({
      code: 'campaign.locked',
      status: 409,
      message: `A campaign that is ${state} cannot be changed; copy it, or take it back to draft.`,
      details: { state },
    });
  }
}

export class ScriptRefusedError extends AppError {
  constructor(faults: readonly ScriptFault[]) {
    super({
      code: 'campaign.script_refused',
      status: 422,
      message: `The script has ${faults.length} faults; the first is ${faults[0]?.code ?? ''} ("${faults[0]?.words ?? ''}").`,
      details: { faults },
    });
  }
}

export class PlaceholderError extends AppError {
  constructor(field: string, slot: string, why: 'unknown' | 'empty', lines = 0) {
    super({
      code: 'campaign.placeholder',
      status: 422,
      message:
        why === 'unknown'
          ? `{${slot}} in ${field} is filled by nothing: use {name}, {room}, {estate}, {callback} or a column of the list.`
          : `{${slot}} in ${field} is empty in ${lines} lines of the list; fill them, or leave it out.`,
      details: { field, slot, why, lines },
    });
  }
}

export class ApprovalError extends AppError {
  constructor(code: 'campaign.own_approval' | 'campaign.not_heard' | 'campaign.override_misused') {
    const messages = {
      'campaign.own_approval':
        'A campaign is approved by somebody who has not made, changed or submitted it.',
      'campaign.not_heard':
        'Nobody has heard this script yet: make a test call before it is approved.',
      'campaign.override_misused':
        'Only a campaign with the purpose "emergency" may lift the calling rules; clear settings.overrideReason.',
    };
    super({ code, status: 422, message: messages[code] });
  }
}

/** It was written anew since the approver looked at it. */
export class CampaignVersionError extends StaleError {
  constructor(version: number, editedBy: string | null) {
    super({
      code: 'campaign.version_changed',
      status: 409,
      message: `It was changed since; it is version ${version} now. Look at it again, and approve that.`,
      details: { field: 'expectedVersion', version, editedBy },
    });
  }
}

/** What it is about and what it is for do not go together. */
export class PurposeMismatchError extends AppError {
  constructor({ topic, purposes }: { topic: string; purposes: readonly string[] }) {
    super({
      code: 'campaign.purpose_mismatch',
      status: 422,
      message: `Calls about "${topic}" have the purpose ${purposes.map((one) => `"${one}"`).join(' or ')}; leave "purpose" out, or choose another topic.`,
      details: { field: 'purpose', topic, purposes },
    });
  }
}

/** By it nobody can tell whether it is night. */
export class BadTimeZoneError extends AppError {
  constructor(timeZone: string) {
    super({
      code: 'campaign.bad_time_zone',
      status: 422,
      message: `settings.timeZone: "${timeZone}" is no IANA time zone; write one such as Asia/Shanghai.`,
      details: { field: 'settings.timeZone' },
    });
  }
}

export class EmptyAudienceError extends AppError {
  constructor() {
    super({
      code: 'campaign.no_audience',
      status: 422,
      message:
        'settings.audience names nobody: give an estate, a building, a debt, an order, a list or a campaign.',
      details: { field: 'settings.audience' },
    });
  }
}

export class BadListError extends AppError {
  constructor(message: string) {
    super({ code: 'campaign_list.bad', status: 422, message, details: { field: 'text' } });
  }
}

export class NobodyLeftError extends AppError {
  constructor() {
    super({
      code: 'campaign.nobody_left',
      status: 404,
      message: 'Nobody of this campaign may be called now; ask again later.',
      retryable: true,
    });
  }
}

export class NotReservedError extends AppError {
  constructor(why: string) {
    super({
      code: 'campaign.not_reserved',
      status: 409,
      message: `This person cannot be called now (${why}); ask for the next one.`,
      details: { why },
    });
  }
}

export class NotYourQueueError extends AppError {
  constructor() {
    super({
      code: 'campaign.not_your_queue',
      status: 403,
      message: 'You do not serve the queue of this campaign; a supervisor can add you to it.',
    });
  }
}

export class NotPreviewError extends AppError {
  constructor() {
    super({
      code: 'campaign.not_preview',
      status: 409,
      message: 'Calls of this campaign start by themselves; only previews are dialled by agents.',
    });
  }
}

export class NotYourCallError extends AppError {
  constructor() {
    super({
      code: 'campaign.not_your_call',
      status: 403,
      message: 'You took no part in this call; its outcome is written by whoever did.',
    });
  }
}

export class SheetError extends AppError {
  constructor(field: string, message: string) {
    super({ code: 'campaign.bad_sheet', status: 422, message, details: { field } });
  }
}

export class OutcomeError extends AppError {
  constructor(field: string, message: string) {
    super({ code: 'campaign.bad_outcome', status: 422, message, details: { field } });
  }
}

export class NotACampaignCallError extends AppError {
  constructor() {
    super({
      code: 'campaign.no_call',
      status: 404,
      message: 'This call belongs to no campaign.',
    });
  }
}

export class ContactNotFoundError extends AppError {
  constructor() {
    super({
      code: 'campaign.no_contact',
      status: 404,
      message: 'There is no such person in this campaign.',
    });
  }
}

/** Why somebody is not written to again: a rule, or what stands in the way here. */
export type NotAgain = RefusalCode | 'campaign_over' | 'not_done' | 'under_way' | 'no_channel';

export class NotWrittenAgainError extends AppError {
  constructor(why: NotAgain) {
    super({
      code: 'campaign.not_written_again',
      status: 409,
      message: `This person is not written to again (${why}).`,
      details: { why },
    });
  }
}

/** Whom it calls has changed since it was looked at. */
export class AudienceChangedError extends AppError {
  constructor(called: number) {
    super({
      code: 'campaign.audience_changed',
      status: 409,
      message: `It would call ${called} homes now; look at them again, and start it with that number.`,
      details: { called },
    });
  }
}
