import { AppError } from '../../core/errors.ts';

export class FlowNotFoundError extends AppError {
  constructor() {
    super({ code: 'flow.not_found', status: 404, message: 'There is no such flow.' });
  }
}

export class FlowVersionNotFoundError extends AppError {
  constructor() {
    super({
      code: 'flow_version.not_found',
      status: 404,
      message: 'This flow has no such version.',
    });
  }
}

/** Somebody else published in between. */
export class FlowChangedError extends AppError {
  constructor(liveVersion: number | null) {
    super({
      code: 'flow.changed',
      status: 409,
      message: 'Another version went live since you looked; look again.',
      details: { field: 'expectedLiveVersion', liveVersion },
    });
  }
}

export class FlowLiveError extends AppError {
  constructor(version: number) {
    super({
      code: 'flow.live_already',
      status: 409,
      message: `Version ${version} is live already.`,
      details: { version },
    });
  }
}

/** The same definition again. */
export class FlowVersionKnownError extends AppError {
  constructor(version: number) {
    super({
      code: 'flow_version.exists',
      status: 409,
      message: `Version ${version} of this flow has this very definition; nothing was added.`,
      details: { version },
    });
  }
}
