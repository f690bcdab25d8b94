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
} from './change.ts';
export { seedDemoArticles } from './demo/seed.ts';
export {
  articleOf,
  articlesPage,
  articlesToHear,
  publishedArticle,
  publishedArticles,
} from './read.ts';
export { articleTransitions, isTopic, topics, topicNames } from './topics.ts';
export * from './articles.errors.ts';
export { articleText, spokenPieces, textMessage, type Piece } from './words.ts';
