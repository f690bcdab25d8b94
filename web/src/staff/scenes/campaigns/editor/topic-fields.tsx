import { Form, Select } from 'antd';
import { useText } from '../../../../shared/i18n/language.tsx';
import type { Draft } from './draft.ts';
import { purposesOf, rulesShown, topicsOf } from './topics.ts';

/** What it is about; consent, hours and caps follow from it and are told. */
export function TopicFields({ kind }: { kind: Draft['kind'] }) {
  const t = useText();
  const form = Form.useFormInstance<Draft>();
  const topic = Form.useWatch('topic', form);
  const purpose = Form.useWatch('purpose', form);
  const purposes = purposesOf(topic);
  const rules = topic === undefined ? undefined : rulesShown(topic, purpose);
  return (
    <>
      <div className="field-row">
        <Form.Item
          name="topic"
          label={t('campaign.topic')}
          rules={[{ required: true, message: t('form.required') }]}
        >
          <Select
            placeholder={t('campaign.chooseTopic')}
            options={topicsOf[kind].map((value) => ({ value, label: t(`topic.${value}`) }))}
          />
        </Form.Item>
        <Form.Item
          name="purpose"
          label={t('campaign.purpose')}
          rules={[{ required: true, message: t('form.required') }]}
        >
          <Select
            disabled={purposes.length < 2}
            options={purposes.map((value) => ({ value, label: t(`purpose.${value}`) }))}
          />
        </Form.Item>
      </div>
      {rules !== undefined && (
        <p className="quiet">
          {[
            rules.needsConsent ? t('rules.optIn') : t('rules.optOut'),
            t('rules.night'),
            ...(rules.restsOnHolidays ? [t('rules.holidays')] : []),
            t('rules.caps', { day: rules.perDay, week: rules.perWeek }),
            ...(rules.canBeOverridden ? [t('rules.override')] : []),
          ].join('')}
        </p>
      )}
    </>
  );
}
