import type { Language } from '../../core/language.ts';
import type { Transitions } from '../../core/states.ts';
import type { ArticleState, ArticleTopic } from '../../db/index.ts';

/** In the order in which callers hear them. */
export const topicNames: Readonly<Record<ArticleTopic, Record<Language, string>>> = {
  estate_profile: { 'zh-CN': '楼盘简介', en: 'About the estate' },
  company: { 'zh-CN': '企业资料', en: 'About the company' },
  decoration: { 'zh-CN': '家居装饰', en: 'Renovation and decorating' },
  policy: { 'zh-CN': '政策法规', en: 'Laws and policies' },
  buying_guide: { 'zh-CN': '购房指南', en: 'Buying a home' },
  daily_life: { 'zh-CN': '生活服务', en: 'Everyday services' },
  how_to: { 'zh-CN': '办事指南', en: 'How to get things done' },
  street: { 'zh-CN': '街道介绍', en: 'The neighbourhood' },
  service_centre: { 'zh-CN': '社区服务中心', en: 'Community service centre' },
  rules: { 'zh-CN': '社区规章制度', en: 'Estate rules' },
};

export const topics = Object.keys(topicNames) as readonly ArticleTopic[];

export function isTopic(text: string): text is ArticleTopic {
  return Object.hasOwn(topicNames, text);
}

/** What was withdrawn may come back; nothing that was public becomes a draft again. */
export const articleTransitions = {
  draft: ['published'],
  published: ['withdrawn'],
  withdrawn: ['published'],
} as const satisfies Transitions<ArticleState>;
