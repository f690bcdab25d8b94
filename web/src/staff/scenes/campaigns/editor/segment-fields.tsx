import { occupancyRoles, workOrderStates } from '../../../../../../src/contract/codes.ts';
import { Checkbox, Form, Select } from 'antd';
import { textOf } from '../../../../shared/i18n/i18n.ts';
import { useText } from '../../../../shared/i18n/language.tsx';
import { orderKinds } from '../../desk/order/draft.ts';
import type { Draft } from './draft.ts';

const languages = ['zh-CN', 'en'] as const;
const flags = ['lives_alone', 'elderly', 'disabled'] as const;
/** Kinds that are often about an order. */
const asksForOrders: readonly Draft['kind'][] = ['survey', 'return_visit', 'agent_list', 'notice'];

/** Which people of those homes. */
export function SegmentFields({ kind }: { kind: Draft['kind'] }) {
  const t = useText();
  return (
    <>
      <div className="field-row">
        <Form.Item name="roles" label={t('campaign.roles')}>
          <Select
            mode="multiple"
            placeholder={t('campaign.allRoles')}
            options={occupancyRoles.map((value) => ({ value, label: t(`role.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="flags" label={t('campaign.flags')}>
          <Select
            mode="multiple"
            placeholder={t('campaign.everybody')}
            options={flags.map((value) => ({ value, label: t(`flag.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="language" label={t('campaign.language')}>
          <Select
            allowClear
            placeholder={t('campaign.everyLanguage')}
            options={languages.map((value) => ({ value, label: t(`language.${value}`) }))}
          />
        </Form.Item>
      </div>
      {asksForOrders.includes(kind) && (
        <div className="field-row">
          <Form.Item name="orderKinds" label={t('campaign.orderKinds')}>
            <Select
              mode="multiple"
              placeholder={t(
                kind === 'return_visit' ? 'campaign.repairsDone' : 'campaign.noMatter',
              )}
              options={orderKinds.map((value) => ({ value, label: textOf(t, 'kind', value) }))}
            />
          </Form.Item>
          <Form.Item name="orderStates" label={t('campaign.orderStates')}>
            <Select
              mode="multiple"
              placeholder={t('campaign.noMatter')}
              options={workOrderStates.map((value) => ({
                value,
                label: textOf(t, 'orderState', value),
              }))}
            />
          </Form.Item>
        </div>
      )}
      <div className="field-row">
        <Form.Item name="isVipOnly" valuePropName="checked">
          <Checkbox>{t('campaign.vipOnly')}</Checkbox>
        </Form.Item>
        {kind !== 'morning_call' && (
          <Form.Item name="isSubscribersOnly" valuePropName="checked">
            <Checkbox>{t('campaign.subscribersOnly')}</Checkbox>
          </Form.Item>
        )}
      </div>
    </>
  );
}
