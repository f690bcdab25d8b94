import { useQuery } from '@tanstack/react-query';
import { Collapse } from 'antd';
import type { ItemOf } from '../../../api/routes.ts';
import { api } from '../../../api/client.ts';
import { Empty, PageHead, QueryView, Tag, Key } from '../../../shared/parts/pieces.tsx';
import { CheckCircleOutlined, EditOutlined } from '@ant-design/icons';
import { inReadingOrder, type FlowNode } from './reading-order.ts';
import { textOf, type Translate } from '../../../shared/i18n/i18n.ts';
import { useLanguage, useText } from '../../../shared/i18n/language.tsx';
import './flows.css';

/** As the service checked it before it was published. */
function definitionOf({ definition }: ItemOf<'/flows'>) {
  return (definition ?? {}) as { start?: string; nodes?: Record<string, FlowNode> };
}

/** The menus that callers hear, step by step as they are live. */
export function FlowsPage() {
  const t = useText();
  const flows = useQuery({
    queryKey: ['flows'],
    queryFn: () => api.get('/flows'),
  });
  return (
    <main>
      <PageHead title={t('nav.flows')} note={t('flows.note')} />
      <QueryView query={flows}>
        {({ items }) =>
          items.length === 0 ? (
            <div className="card">
              <Empty title={t('flows.none')} />
            </div>
          ) : (
            <Collapse
              defaultActiveKey={items[0]?.id ?? ''}
              items={items.map((flow) => ({
                key: flow.id,
                label: (
                  <strong>
                    {textOf(t, 'flow', flow.id) === flow.id
                      ? flow.name
                      : textOf(t, 'flow', flow.id)}
                  </strong>
                ),
                extra:
                  flow.liveVersion === null ? (
                    <Tag tone="off" icon={<EditOutlined />}>
                      {t('flows.draft')}
                    </Tag>
                  ) : (
                    <Tag tone="ok" icon={<CheckCircleOutlined />}>
                      {t('flows.live', { version: flow.liveVersion })}
                    </Tag>
                  ),
                children: (
                  <Nodes
                    start={definitionOf(flow).start ?? ''}
                    nodes={definitionOf(flow).nodes ?? {}}
                  />
                ),
              }))}
            />
          )
        }
      </QueryView>
    </main>
  );
}

/** As a caller hears it; what is filled in for each of them stands in brackets. */
function spoken(t: Translate, text: string): string {
  return text
    .replaceAll(/\[\/?(?:en|zh-CN)\]/g, '')
    .replaceAll(/\{(\w+)(?::\w+)?\}/g, (_, name: string) => `〔${textOf(t, 'variable', name)}〕`);
}

function Nodes({ start, nodes }: { start: string; nodes: Record<string, FlowNode> }) {
  const t = useText();
  const { language } = useLanguage();
  return (
    <ol className="nodes">
      {inReadingOrder(start, nodes).map(([id, node]) => (
        <li key={id} id={`node-${id}`}>
          <div className="node-head">
            <strong>{textOf(t, 'node', id)}</strong>{' '}
            <span className="quiet">{textOf(t, 'nodeType', node.type)}</span>
          </div>
          {node.text !== undefined && <p className="node-text">{spoken(t, node.text[language])}</p>}
          {node.keys !== undefined && (
            <div className="node-keys">
              {Object.entries(node.keys).map(([key, to]) => (
                <span key={key}>
                  <Key>{key}</Key> {textOf(t, 'node', typeof to === 'string' ? to : to.to)}
                </span>
              ))}
            </div>
          )}
          {node.next !== undefined && (
            <small className="quiet">
              {t('flows.next')} {textOf(t, 'node', node.next)}
            </small>
          )}
        </li>
      ))}
    </ol>
  );
}
