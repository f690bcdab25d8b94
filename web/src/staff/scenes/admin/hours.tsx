import { PlusOutlined } from '@ant-design/icons';
import { Button, Input, Select, Space } from 'antd';
import { useState } from 'react';
import { orAlready } from '../../../api/already.ts';
import { api } from '../../../api/client.ts';
import { Empty, QueryView } from '../../../shared/parts/pieces.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useEstateName } from '../../parts/use-estate-name.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { minuteOf, minuteText } from '../../../shared/i18n/times.ts';
import { useList } from './use-list.ts';

interface Range {
  fromMinute: number;
  toMinute: number;
}

interface Hotline {
  did: string;
  estateId: string;
  queueId: string | null;
  hours: { workday: Range[]; restday: Range[] };
}

/** When each hotline has people; holidays and make-up days are known by themselves. */
export function HoursPage() {
  const t = useText();
  const { query, reload } = useList('/hotlines', 'hotlines');
  return (
    <QueryView query={query}>
      {(hotlines) =>
        hotlines.length === 0 ? (
          <Empty title={t('hours.none')} />
        ) : (
          <div className="two-columns even">
            {hotlines.map((one) => (
              <HotlineHours key={one.did} hotline={one} onSaved={reload} />
            ))}
          </div>
        )
      }
    </QueryView>
  );
}

function HotlineHours({ hotline, onSaved }: { hotline: Hotline; onSaved: () => Promise<void> }) {
  const t = useText();
  const estateName = useEstateName();
  const { act, isBusy } = useAct();
  const name = useName();
  const queues = useList('/queues', 'queues');
  const [hours, setHours] = useState(hotline.hours);
  const [queueId, setQueueId] = useState(hotline.queueId);
  const isChanged =
    JSON.stringify(hours) !== JSON.stringify(hotline.hours) || queueId !== hotline.queueId;
  const isWrong = [...hours.workday, ...hours.restday].some(
    (one) => one.fromMinute >= one.toMinute,
  );
  const save = () =>
    void act(async () => {
      await orAlready(
        api.patch('/hotlines/:did', { params: { did: hotline.did }, body: { hours, queueId } }),
      );
      await onSaved();
    }, t('form.saved'));
  return (
    <section className="card pad">
      <h3>
        <span className="figures">{hotline.did}</span> {estateName(hotline.estateId)}
      </h3>
      <h4 id={`queue-of-${hotline.did}`}>{t('hours.queue')}</h4>
      <Select
        className="hotline-queue"
        aria-labelledby={`queue-of-${hotline.did}`}
        value={queueId ?? ''}
        onChange={(value) => setQueueId(value === '' ? null : value)}
        options={[
          { value: '', label: t('hours.usualQueue') },
          ...(queues.query.data ?? [])
            .filter((one) => one.isActive && one.code !== 'emergency')
            .map((one) => ({ value: one.queueId, label: name(one.name) })),
        ]}
      />
      {(['workday', 'restday'] as const).map((day) => (
        <div key={day}>
          <h4>{t(`hours.${day}`)}</h4>
          {hours[day].length === 0 && <p className="quiet">{t('hours.closed')}</p>}
          {hours[day].map((range, at) => (
            <RangeRow
              key={at}
              range={range}
              onChange={(next) =>
                setHours({
                  ...hours,
                  [day]: hours[day].flatMap((one, index) =>
                    index !== at ? [one] : next === undefined ? [] : [next],
                  ),
                })
              }
            />
          ))}
          <Button
            size="small"
            icon={<PlusOutlined />}
            onClick={() =>
              setHours({ ...hours, [day]: [...hours[day], { fromMinute: 540, toMinute: 1080 }] })
            }
          >
            {t('hours.add')}
          </Button>
        </div>
      ))}
      <p className="quiet small gap-below">{t('hours.help')}</p>
      <Button type="primary" onClick={save} disabled={!isChanged || isWrong} loading={isBusy}>
        {t('form.save')}
      </Button>
      {isWrong && <span className="owed"> {t('hours.wrong')}</span>}
    </section>
  );
}

function RangeRow({
  range,
  onChange,
}: {
  range: Range;
  onChange: (range: Range | undefined) => void;
}) {
  const t = useText();
  return (
    <Space className="gap-below">
      <MinuteInput
        label={t('hours.from')}
        value={range.fromMinute}
        onChange={(fromMinute) => onChange({ ...range, fromMinute })}
      />
      –
      <MinuteInput
        label={t('hours.to')}
        value={range.toMinute}
        onChange={(toMinute) => onChange({ ...range, toMinute })}
      />
      <Button type="text" size="small" onClick={() => onChange(undefined)}>
        {t('form.remove')}
      </Button>
    </Space>
  );
}

function MinuteInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (value: number) => void;
}) {
  const [text, setText] = useState(minuteText(value));
  const minute = minuteOf(text);
  return (
    <Input
      className="minute figures"
      aria-label={label}
      value={text}
      {...(minute === undefined ? { status: 'error' as const } : {})}
      onChange={(event) => {
        setText(event.target.value);
        const next = minuteOf(event.target.value);
        if (next !== undefined) onChange(next);
      }}
      onBlur={() => setText(minuteText(value))}
    />
  );
}
