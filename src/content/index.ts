/**
 * What staff write for callers: articles, and telephone menus (flows) as data with the machine that says what comes
 * next. Words and decisions; it speaks to nobody itself: ivr reads articles aloud and runs flows.
 */
export {
  addArticle,
  changeArticle,
  moveArticle,
  type ArticleChange,
  type ArticleWords,
  type By,
} from './articles/change.ts';
export {
  articleOf,
  articlesPage,
  articlesToHear,
  publishedArticle,
  publishedArticles,
} from './articles/read.ts';
export { articleTransitions, isTopic, topics, topicNames } from './articles/topics.ts';
export { articleText, spokenPieces, textMessage, type Piece } from './articles/words.ts';
export * from './content.errors.ts';
export { seedDemoArticles } from './demo/seed.ts';
export type { Flow, FlowNode, Text } from './flows/definition.schema.ts';
export { advance, start, type Move } from './flows/machine.ts';
export { flowOf, moveOf, readOrigin } from './flows/origin.ts';
export { FlowLibrary, liveVersion, publishFlows, type PublishedFlow } from './flows/published.ts';
export { spokenTexts, type SpokenTexts } from './flows/spoken.ts';
export type {
  Action,
  CampaignAction,
  FlowState,
  HomeVar,
  Json,
  KeysWanted,
  LookUp,
  OrderAction,
  Outcome,
  Vars,
} from './flows/state.types.ts';
export { fixedSentences } from './flows/text.ts';
export { flowList, flowVersion, flowVersions } from './flows/lists.ts';
export { FlowError, validateFlow } from './flows/validate.ts';
export { addFlowVersion, publishFlowVersion } from './flows/versions.ts';
