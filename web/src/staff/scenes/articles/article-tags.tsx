import { CheckCircleOutlined, EditOutlined, StopOutlined } from '@ant-design/icons';
import type { ArticleTopicCode, ArticleView } from '../../../../../src/contract/articles.ts';
import { Tag } from '../../../shared/parts/pieces.tsx';
import { useText } from '../../../shared/i18n/language.tsx';

/** In the order in which callers hear them. */
export const topics: readonly ArticleTopicCode[] = [
  'estate_profile',
  'company',
  'decoration',
  'policy',
  'buying_guide',
  'daily_life',
  'how_to',
  'street',
  'service_centre',
  'rules',
];
export const states = ['draft', 'published', 'withdrawn'] as const;

const looks = {
  draft: { tone: 'pause', icon: <EditOutlined /> },
  published: { tone: 'ok', icon: <CheckCircleOutlined /> },
  withdrawn: { tone: 'off', icon: <StopOutlined /> },
} as const;

export function ArticleTag({ state }: { state: ArticleView['state'] }) {
  const t = useText();
  return <Tag {...looks[state]}>{t(`articleState.${state}`)}</Tag>;
}
