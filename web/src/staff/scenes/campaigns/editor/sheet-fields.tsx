import { Checkbox, Form, Input, Select } from 'antd';
import { useText } from '../../../../shared/i18n/language.tsx';
import { newQuestion } from './sheet-draft.ts';

const questionKinds = ['text', 'choice'] as const;

/** What agents say, what they ask and fill in, and how such a talk can end. */
export function SheetFields() {
  const t = useText();
  const required = [{ required: true, whitespace: true, message: t('form.required') }];
  return (
    <>
      <h3>{t('sheet.script')}</h3>
      <div className="field-row">
        <Form.Item name={['sheet', 'scriptZh']} label={t('sheet.scriptZh')} rules={required}>
          <Input.TextArea autoSize={{ minRows: 3 }} maxLength={1000} showCount />
        </Form.Item>
        <Form.Item name={['sheet', 'scriptEn']} label={t('sheet.scriptEn')} rules={required}>
          <Input.TextArea autoSize={{ minRows: 3 }} maxLength={1000} showCount />
        </Form.Item>
      </div>
      <h3>{t('sheet.form')}</h3>
      <Form.List name={['sheet', 'questions']}>
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <Question key={key} at={name} onRemove={() => remove(name)} />
            ))}
            {fields.length < 30 && (
              <button type="button" className="link" onClick={() => add(newQuestion)}>
                {t('sheet.addQuestion')}
              </button>
            )}
          </>
        )}
      </Form.List>
      <h3>{t('sheet.results')}</h3>
      <Form.List name={['sheet', 'results']}>
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className="field-row">
                <Form.Item name={[name, 'code']} hidden>
                  <input />
                </Form.Item>
                <Form.Item
                  name={[name, 'zh']}
                  label={t('sheet.resultZh', { number: name + 1 })}
                  rules={required}
                >
                  <Input maxLength={40} />
                </Form.Item>
                <Form.Item
                  name={[name, 'en']}
                  label={t('sheet.resultEn', { number: name + 1 })}
                  rules={required}
                >
                  <Input maxLength={60} />
                </Form.Item>
                {fields.length > 1 && (
                  <button type="button" className="link" onClick={() => remove(name)}>
                    {t('form.remove')}
                  </button>
                )}
              </div>
            ))}
            {fields.length < 30 && (
              <button type="button" className="link" onClick={() => add({ zh: '', en: '' })}>
                {t('sheet.addResult')}
              </button>
            )}
          </>
        )}
      </Form.List>
    </>
  );
}

function Question({ at, onRemove }: { at: number; onRemove: () => void }) {
  const t = useText();
  const form = Form.useFormInstance();
  const kind: unknown = Form.useWatch(['sheet', 'questions', at, 'kind'], form);
  const required = [{ required: true, whitespace: true, message: t('form.required') }];
  return (
    <>
      <div className="field-row">
        <Form.Item name={[at, 'key']} hidden>
          <input />
        </Form.Item>
        <Form.Item
          name={[at, 'zh']}
          label={t('sheet.questionZh', { number: at + 1 })}
          rules={required}
        >
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item
          name={[at, 'en']}
          label={t('sheet.questionEn', { number: at + 1 })}
          rules={required}
        >
          <Input maxLength={150} />
        </Form.Item>
        <Form.Item name={[at, 'kind']} label={t('sheet.kind')}>
          <Select
            options={questionKinds.map((value) => ({ value, label: t(`sheetKind.${value}`) }))}
          />
        </Form.Item>
      </div>
      <div className="field-row">
        {kind === 'choice' && (
          <Form.Item
            name={[at, 'options']}
            label={t('sheet.options')}
            extra={t('sheet.optionsHelp')}
            rules={[{ required: true, type: 'array', min: 1, message: t('form.required') }]}
          >
            <Select mode="tags" open={false} suffix={null} maxCount={20} />
          </Form.Item>
        )}
        <Form.Item name={[at, 'isRequired']} valuePropName="checked">
          <Checkbox>{t('sheet.required')}</Checkbox>
        </Form.Item>
        <button type="button" className="link" onClick={onRemove}>
          {t('sheet.removeQuestion')}
        </button>
      </div>
    </>
  );
}
