import { pacingModes } from '../../../../../../src/contract/codes.ts';
import { Form, Input, Select } from 'antd';
import { useQueues } from '../../../../api/codes.ts';
import { useLanguage, useText } from '../../../../shared/i18n/language.tsx';
import { hasMessage, hasQuestions, type Draft } from './draft.ts';
import { SheetFields } from './sheet-fields.tsx';

/** The words of the author, or who talks instead of the machine. */
export function ScriptFields({ kind }: { kind: Draft['kind'] }) {
  const t = useText();
  if (hasMessage(kind)) return <Message isNotice={kind === 'notice'} />;
  if (hasQuestions(kind)) return <Questions />;
  if (kind === 'agent_list') {
    return (
      <>
        <Agents />
        <SheetFields />
      </>
    );
  }
  return <p className="quiet">{t('campaign.fixedScript')}</p>;
}

function Message({ isNotice }: { isNotice: boolean }) {
  const t = useText();
  const purpose = Form.useWatch('purpose', Form.useFormInstance<Draft>());
  const required = [{ required: true, whitespace: true, message: t('form.required') }];
  return (
    <>
      <div className="field-row">
        <Form.Item name="messageZh" label={t('campaign.messageZh')} rules={required}>
          <Input.TextArea autoSize={{ minRows: 3 }} maxLength={400} showCount />
        </Form.Item>
        <Form.Item
          name="messageEn"
          label={t('campaign.messageEn')}
          extra={t('campaign.englishOptional')}
        >
          <Input.TextArea autoSize={{ minRows: 3 }} maxLength={600} showCount />
        </Form.Item>
      </div>
      {isNotice && purpose === 'emergency' && (
        <Form.Item
          name="overrideReason"
          label={t('campaign.overrideReason')}
          rules={[{ min: 4, message: t('form.required') }]}
        >
          <Input maxLength={400} />
        </Form.Item>
      )}
    </>
  );
}

function Questions() {
  const t = useText();
  return (
    <Form.List name="questions">
      {(fields, { add, remove }) => (
        <>
          {fields.map(({ key, name }) => (
            <div key={key} className="field-row">
              <Form.Item
                name={[name, 'zh']}
                label={t('campaign.questionZh', { number: name + 1 })}
                rules={[{ required: true, whitespace: true, message: t('form.required') }]}
              >
                <Input maxLength={200} />
              </Form.Item>
              <Form.Item
                name={[name, 'en']}
                label={t('campaign.questionEn', { number: name + 1 })}
                extra={t('campaign.englishOptional')}
              >
                <Input maxLength={300} />
              </Form.Item>
            </div>
          ))}
          {fields.length < 5 && (
            <button type="button" className="link" onClick={() => add({ zh: '', en: '' })}>
              {t('form.add')}
            </button>
          )}{' '}
          {fields.length > 1 && (
            <button type="button" className="link" onClick={() => remove(fields.length - 1)}>
              {t('form.remove')}
            </button>
          )}
        </>
      )}
    </Form.List>
  );
}

function Agents() {
  const t = useText();
  const { language } = useLanguage();
  const { data: queues = [] } = useQueues();
  return (
    <div className="field-row">
      <Form.Item name="mode" label={t('campaign.mode')}>
        <Select
          options={pacingModes.map((value) => ({ value, label: t(`campaignMode.${value}`) }))}
        />
      </Form.Item>
      <Form.Item
        name="queueId"
        label={t('campaign.queue')}
        rules={[{ required: true, message: t('form.required') }]}
      >
        <Select
          options={queues.map((queue) => ({ value: queue.queueId, label: queue.name[language] }))}
        />
      </Form.Item>
    </div>
  );
}
