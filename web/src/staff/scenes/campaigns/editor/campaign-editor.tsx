import { campaignKinds, messageChannels } from '../../../../../../src/contract/codes.ts';
import { Button, Form, Input, InputNumber, Select } from 'antd';
import { orAlready } from '../../../../api/already.ts';
import { api } from '../../../../api/client.ts';
import { useAct } from '../../../../shared/parts/use-act.ts';
import { useText } from '../../../../shared/i18n/language.tsx';
import { AudienceFields } from './audience-fields.tsx';
import { emptyDraft, fromCampaign, toRequest, type Draft } from './draft.ts';
import type { Campaign } from '../campaign.types.ts';
import { ScheduleFields } from './schedule-fields.tsx';
import { ScriptFields } from './script-fields.tsx';
import { TopicFields } from './topic-fields.tsx';
import { purposesOf, usualTopic } from './topics.ts';

/** Writes a draft: whom to call, what to say, how to call. */
export function CampaignEditor({
  campaign,
  onSaved,
}: {
  campaign?: Campaign;
  onSaved: (saved: Campaign) => void;
}) {
  const t = useText();
  const { act, isBusy } = useAct();
  const [form] = Form.useForm<Draft>();
  const initial = campaign === undefined ? emptyDraft : fromCampaign(campaign);
  const kind = Form.useWatch('kind', form) ?? initial.kind;
  /** The topics are the kind's, the purpose is the topic's. */
  const follow = (change: Partial<Draft>) => {
    if (change.kind === undefined && !('topic' in change)) return;
    const topic = change.kind === undefined ? change.topic : usualTopic(change.kind);
    form.setFieldsValue({ topic, purpose: purposesOf(topic)[0] });
  };
  const save = (draft: Draft) =>
    void act(async () => {
      const request = toRequest({ ...initial, ...draft });
      const saved =
        campaign === undefined
          ? await api.post('/campaigns', { body: request })
          : ((await orAlready(
              api.put('/campaigns/:id', { params: { id: campaign.id }, body: request }),
            )) ?? campaign);
      onSaved(saved);
    }, t('campaign.saved'));
  return (
    <Form<Draft>
      form={form}
      layout="vertical"
      initialValues={initial}
      onFinish={save}
      onValuesChange={(change) => follow(change)}
      className="campaign-editor"
      scrollToFirstError
    >
      <section className="card pad">
        <div className="field-row">
          <Form.Item
            name="name"
            label={t('campaign.name')}
            rules={[{ required: true, whitespace: true, message: t('form.required') }]}
          >
            <Input maxLength={80} />
          </Form.Item>
          <Form.Item name="kind" label={t('campaign.kind')}>
            <Select
              options={campaignKinds.map((value) => ({ value, label: t(`campaignKind.${value}`) }))}
            />
          </Form.Item>
        </div>
        <TopicFields kind={kind} />
      </section>
      <section className="card pad">
        <h2>{t('campaign.audience')}</h2>
        <AudienceFields kind={kind} />
      </section>
      <section className="card pad">
        <h2>{t('campaign.script')}</h2>
        <ScriptFields kind={kind} />
      </section>
      <section className="card pad">
        <h2>{t('campaign.schedule')}</h2>
        <ScheduleFields />
      </section>
      <section className="card pad">
        <h2>{t('campaign.rules')}</h2>
        <div className="field-row">
          <NumberField name="maxLines" label={t('campaign.maxLines')} min={1} max={10_000} />
          <NumberField
            name="callsPerSecond"
            label={t('campaign.callsPerSecond')}
            min={0.1}
            max={500}
          />
          <NumberField name="ringSec" label={t('campaign.ringSec')} min={15} max={120} />
          <NumberField name="attemptsPerContact" label={t('campaign.attempts')} min={1} max={20} />
        </div>
        <Form.Item name="fallback" label={t('campaign.fallback')}>
          <Select
            mode="multiple"
            options={messageChannels.map((value) => ({ value, label: t(`channel.${value}`) }))}
          />
        </Form.Item>
      </section>
      <Button type="primary" htmlType="submit" loading={isBusy}>
        {t('form.save')}
      </Button>
    </Form>
  );
}

function NumberField(props: { name: keyof Draft; label: string; min: number; max: number }) {
  const { name, label, min, max } = props;
  return (
    <Form.Item name={name} label={label} rules={[{ required: true }]}>
      <InputNumber min={min} max={max} className="full" />
    </Form.Item>
  );
}
