import { CheckCircleOutlined, EditOutlined, StopOutlined } from '@ant-design/icons';
import type { ArticleView } from '../../../../../src/contract/articles.ts';
import { Tag } from '../../../shared/parts/pieces.tsx';
import { useText } from '../../../shared/i18n/language.tsx';

const looks = {
  draft: { tone: 'pause', icon: <EditOutlined /> },
  published: { tone: 'ok', icon: <CheckCircleOutlined /> },
  withdrawn: { tone: 'off', icon: <StopOutlined /> },
} as const;

export function ArticleTag({ state }: { state: ArticleView['state'] }) {
  const t = useText();
  return <Tag {...looks[state]}>{t(`articleState.${state}`)}</Tag>;
}
