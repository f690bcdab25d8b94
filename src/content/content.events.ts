export interface ContentEvents {
  'flow.published': { flowId: string; version: number };
  /** Callers hear this version from now on. */
  'article.published': { articleId: string; version: number };
  'article.withdrawn': { articleId: string; version: number };
}
