import { EditOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import { orAlready } from '../../../api/already.ts';
import { api } from '../../../api/client.ts';
import type { WorkOrderDetail } from '../../../api/types.ts';
import { textOf } from '../../../shared/i18n/i18n.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { Choose } from '../../../shared/parts/choose.tsx';
import { Either } from '../../../shared/parts/either.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useMay } from '../../../shared/session/session.tsx';
import { categories, orderKinds } from '../desk/order/draft.ts';

type Words = Pick<WorkOrderDetail, 'kind' | 'category' | 'severity' | 'summary'>;

/** Mends what an order says, until it is over: what was filed under the wrong kind, above all. */
export function OrderEdit({ order }: { order: WorkOrderDetail }) {
  const t = useText();
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  if (['closed', 'cancelled'].includes(order.state) || !may('orders.write')) return null;
  return (
    <>
      <Button type="text" size="small" icon={<EditOutlined />} onClick={() => setOpen(true)}>
        {t('form.edit')}
      </Button>
      {isOpen && <EditDialog order={order} onClose={() => setOpen(false)} />}
    </>
  );
}

function EditDialog({ order, onClose }: { order: WorkOrderDetail; onClose: () => void }) {
  const t = useText();
  const cache = useQueryClient();
  const { act, isBusy } = useAct();
  const [words, setWords] = useState<Words>(order);
  const change = (more: Partial<Words>) => setWords((before) => ({ ...before, ...more }));
  const { kind, category, severity, summary } = words;
  const known = categories[kind] ?? ['other'];
  const kinds: readonly Words['kind'][] = orderKinds;
  const save = () =>
    void act(async () => {
      await orAlready(
        api.patch('/work-orders/:number', {
          params: { number: order.number },
          body: {
            ...{ kind, category, severity, summary: summary.trim() },
            expectedUpdatedAt: order.updatedAt,
          },
        }),
      );
      await cache.invalidateQueries({ queryKey: ['work-orders'] });
      onClose();
    }, t('form.saved'));
  return (
    <Modal
      open
      title={t('order.edit', { number: order.number })}
      onCancel={onClose}
      onOk={save}
      okText={t('form.save')}
      cancelText={t('form.cancel')}
      okButtonProps={{ loading: isBusy, disabled: summary.trim() === '' && order.summary !== '' }}
    >
      <div>
        <div className="field">
          <label htmlFor="edit-kind">{t('order.kind')}</label>
          <Choose
            id="edit-kind"
            value={kind}
            // What was a category of one kind is none of another.
            onChange={(to) =>
              change({ kind: to, category: to === order.kind ? order.category : 'other' })
            }
            options={withOwn(kinds, order.kind).map((value) => ({
              value,
              label: textOf(t, 'kind', value),
            }))}
          />
        </div>
        <div className="field">
          <label htmlFor="edit-category">{t('order.category')}</label>
          <Choose
            id="edit-category"
            value={category}
            onChange={(to) => change({ category: to })}
            options={withOwn(known, category).map((value) => ({
              value,
              label: textOf(t, 'category', value),
            }))}
          />
        </div>
        <div className="field">
          <div className="label">{t('order.severity')}</div>
          <Either<Words['severity']>
            label={t('order.severity')}
            value={severity}
            onChange={(to) => change({ severity: to })}
            options={[
              { value: 'minor', label: t('severity.minor') },
              { value: 'serious', label: t('severity.serious') },
            ]}
          />
        </div>
        <div className="field">
          <label htmlFor="edit-summary">{t('order.summary')}</label>
          <Input.TextArea
            id="edit-summary"
            value={summary}
            onChange={(event) => change({ summary: event.target.value })}
            autoSize={{ minRows: 3, maxRows: 8 }}
            maxLength={2000}
          />
        </div>
      </div>
    </Modal>
  );
}

/** A kind that only calls bring, or a category that is not offered any more, stays where it is. */
function withOwn<Value extends string>(known: readonly Value[], own: Value): readonly Value[] {
  return known.includes(own) ? known : [own, ...known];
}
