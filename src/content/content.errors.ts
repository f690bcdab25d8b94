import { AppError } from '../core/errors.ts';

export class ArticleNotFoundError extends AppError {
  constructor() {
    super({ code: 'article.not_found', status: 404, message: 'There is no such article.' });
  }
}

/** Somebody else changed it in between. */
export class ArticleChangedError extends AppError {
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
