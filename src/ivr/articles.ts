import {
  articlesToHear,
  type FlowState,
  isTopic,
  type Outcome,
  publishedArticle,
  publishedArticles,
  spokenPieces,
  type Vars,
} from '../content/index.ts';
import { isUuid } from '../core/ids.ts';
import { languages, type Language } from '../core/language.ts';
import type { ArticleRow, Db } from '../db/index.ts';
import { readProse, type Utterance } from '../tts/index.ts';
import { knownNumber } from '../property/index.ts';
import type { CallFacts, Records } from './records.ts';

/** What a caller hears of an article; undefined once it is withdrawn. */
export async function utterancesOfArticle(
  db: Db,
  articleId: string,
  language: Language,
): Promise<Utterance[] | undefined> {
  const article = isUuid(articleId) ? await publishedArticle(db, articleId) : undefined;
  return article === undefined ? undefined : utterances(article, language);
}

/** What all published articles say, or one of them, to be rendered ahead. */
export async function articleUtterances(db: Db, articleId?: string): Promise<Utterance[]> {
  const one = articleId === undefined ? undefined : await publishedArticle(db, articleId);
  const articles = articleId === undefined ? await publishedArticles(db) : [one];
  return articles.flatMap((article) =>
    article === undefined ? [] : languages.flatMap((language) => utterances(article, language)),
  );
}

function utterances(article: ArticleRow, wanted: Language): Utterance[] {
  return spokenPieces(article, wanted).map(({ text, language }) => ({
    text: readProse(text, language),
    language,
  }));
}

/** The articles of the topic for the caller's estate, by id: the words are read when they are spoken. */
export async function findArticles(
  { db }: Pick<Records, 'db'>,
  { hotline }: CallFacts,
  { vars }: FlowState,
): Promise<Outcome> {
  const topic = vars['topic'];
  if (typeof topic !== 'string' || !isTopic(topic)) throw new Error('the flow names no topic');
  const articles = await articlesToHear(db, { topic, estateId: hotline.estateId });
  const [first] = articles;
  if (first === undefined) return { kind: 'result', result: 'none' };
  return {
    kind: 'result',
    result: articles.length === 1 ? 'one' : 'many',
    vars: { articles, article: first, articleCount: articles.length },
  };
}

/** The article behind the one that was read, of those that were found. Pure. */
export function nextArticle(vars: Vars): Outcome {
  const { articles, article } = vars;
  const next = Array.isArray(articles) ? articles[articles.indexOf(article ?? null) + 1] : null;
  return typeof next === 'string'
    ? { kind: 'result', result: 'some', vars: { article: next } }
    : { kind: 'result', result: 'none' };
}

/** Whether faxes can be sent, and the number the caller may want them at. */
export async function canFax({ faxes }: Records, call: CallFacts): Promise<Outcome> {
  const isPossible = (await faxes?.isPossible()) === true;
  const number = knownNumber(call);
  return {
    kind: 'result',
    result: isPossible ? 'yes' : 'no',
    vars: { callerNumber: number, isCallerKnown: number.length >= 3 },
  };
}

/** A fax of the article to the number that the caller has chosen; once, however often this runs. */
export async function faxArticle(
  { db, faxes }: Records,
  call: CallFacts,
  state: FlowState,
): Promise<Outcome> {
  const sender = faxes;
  const { faxNumber: number } = state.vars;
  const articleId = await publicId(db, state);
  if (sender === undefined || typeof number !== 'string' || number === '') return no;
  if (articleId === undefined) return no;
  await sender.requestArticle({
    ...{ articleId, number, language: state.language, staffId: null },
    ...{ did: call.hotline.did, callId: call.id, key: `${call.id}:${state.step}` },
  });
  return ok;
}

/** Texts reach mainland mobile numbers only. */
export function canText({ texts }: Records, call: CallFacts): Outcome {
  const isMobile = /^1[3-9]\d{9}$/.test(knownNumber(call));
  const isPossible = isMobile && texts?.isPossible() === true;
  return { kind: 'result', result: isPossible ? 'yes' : 'no' };
}

export async function textArticle(
  { db, texts }: Records,
  call: CallFacts,
  state: FlowState,
): Promise<Outcome> {
  const articleId = await publicId(db, state);
  if (texts === undefined || articleId === undefined) return no;
  const isSent = await texts.sendArticle({
    ...{ articleId, language: state.language, hotline: call.hotline.did },
    ...{ number: knownNumber(call), key: `${call.id}:${state.step}` },
  });
  return isSent ? ok : no;
}

const ok: Outcome = { kind: 'result', result: 'ok' };
const no: Outcome = { kind: 'result', result: 'no' };

/** The id of the article that was read, if it still may be told. */
async function publicId(db: Db, { vars }: FlowState): Promise<string | undefined> {
  const { article } = vars;
  if (typeof article !== 'string' || !isUuid(article)) return undefined;
  return (await publishedArticle(db, article))?.id;
}
