import { StaleError } from '../core/changes.ts';
import { AppError } from '../core/errors.ts';

export class ArticleNotFoundError extends AppError {
  constructor() {
    super({ code: 'article.not_found', status: 404, message: 'There is no such article.' });
  }
}

/** Somebody else changed it in between. */
export class ArticleChangedError extends StaleError {
  constructor(version: number) {
    super({
      code: 'article.changed',
      status: 409,
      message: 'Somebody changed the article since you read it; read it again.',
      details: { field: 'expectedVersion', version },
    });
  }
}

export class ArticleWordsError extends AppError {
  constructor() {
    super({
      code: 'article.bad_text',
      status: 422,
      message: 'Title and text need words in Chinese; English has both of them or neither.',
      details: { field: 'body' },
    });
  }
}

export class ArticleEstateError extends AppError {
  constructor() {
    super({
      code: 'article.bad_estate',
      status: 422,
      message: 'estateId: there is no such estate; null means all of them.',
      details: { field: 'estateId' },
    });
  }
}

export class ArticleNotPublicError extends AppError {
  constructor() {
    super({
      code: 'article.not_public',
      status: 409,
      message: 'Only a published article can be sent; publish it first.',
    });
  }
}

export class FlowNotFoundError extends AppError {
  constructor() {
    super({ code: 'flow.not_found', status: 404, message: 'There is no such flow.' });
  }
}

/** Nothing of it can be said: no version of it is live, or there is no such flow. */
export class FlowNotPublishedError extends AppError {
  constructor(flowId: string) {
    super({
      code: 'flow.not_published',
      status: 422,
      message: `No version of the flow "${flowId}" is published; publish one, or choose another flow.`,
      details: { flowId },
    });
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
export class FlowChangedError extends StaleError {
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
