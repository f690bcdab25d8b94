import { repetitions } from '../../../../../../src/contract/codes.ts';
import { DatePicker, Form, Select, TimePicker } from 'antd';
import type { Dayjs } from 'dayjs';
import { useText } from '../../../../shared/i18n/language.tsx';
import type { Draft } from './draft.ts';

const time = { showTime: { format: 'HH:mm', minuteStep: 5 }, format: 'YYYY-MM-DD HH:mm' } as const;
/** Campaigns call between eight and ten at night. */
const quietHours = [0, 1, 2, 3, 4, 5, 6, 7, 22, 23];

/** When it begins by itself, when it must be over, and whether it runs again. */
export function ScheduleFields() {
  const t = useText();
  const every = Form.useWatch('repeatEvery', Form.useFormInstance<Draft>()) ?? null;
  return (
    <>
      <div className="field-row">
        <Form.Item name="startsAt" label={t('campaign.startsAt')} extra={t('campaign.byHand')}>
          <DatePicker {...time} className="full" />
        </Form.Item>
        <Form.Item
          name="endsAt"
          label={t('campaign.endsAt')}
          dependencies={['startsAt']}
          rules={[
            ({ getFieldValue }) => ({
              validator(_, end: Dayjs | null) {
                const start = getFieldValue('startsAt') as Dayjs | null;
                return end !== null && start !== null && !end.isAfter(start)
                  ? Promise.reject(new Error(t('campaign.endsBeforeStart')))
                  : Promise.resolve();
              },
            }),
          ]}
        >
          <DatePicker {...time} className="full" />
        </Form.Item>
      </div>
      <div className="field-row">
        <Form.Item name="repeatEvery" label={t('campaign.repeat')}>
          <Select
            allowClear
            placeholder={t('campaign.once')}
            options={repetitions.map((value) => ({ value, label: t(`campaignRepeat.${value}`) }))}
          />
        </Form.Item>
        {every !== null && (
          <>
            <Form.Item
              name="repeatAt"
              label={t('campaign.repeatAt')}
              rules={[{ required: true, message: t('form.required') }]}
            >
              <TimePicker
                format="HH:mm"
                minuteStep={5}
                needConfirm={false}
                disabledTime={() => ({ disabledHours: () => quietHours })}
                className="full"
              />
            </Form.Item>
            <Form.Item name="repeatUntil" label={t('campaign.repeatUntil')}>
              <DatePicker className="full" />
            </Form.Item>
          </>
        )}
      </div>
    </>
  );
}
