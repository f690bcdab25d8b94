/**
 * Information for callers: written by staff, published, read aloud on the telephone, faxed and texted.
 * Words and decisions are pure; it speaks to nobody itself.
 */
export {
  addArticle,
  changeArticle,
  moveArticle,
  type ArticleChange,
  type ArticleWords,
  type By,
} from './articles/change.ts';
export { seedDemoArticles } from './demo/seed.ts';
export {
  articleOf,
  articlesPage,
  articlesToHear,
  publishedArticle,
  publishedArticles,
} from './articles/read.ts';
export { articleTransitions, isTopic, topics, topicNames } from './articles/topics.ts';
export * from './content.errors.ts';
export { articleText, spokenPieces, textMessage, type Piece } from './articles/words.ts';
