import { EditOutlined } from '@ant-design/icons';
import { Button, Select, Space, Switch } from 'antd';
import { useState } from 'react';
import type { OwnerChoice, OwnerDetail } from '../../../../src/api/contract/property.ts';
import { api } from '../../api/client.ts';
import { useAct } from '../../components/use-act.ts';
import { textOf } from '../../i18n/i18n.ts';
import { useText } from '../../i18n/language.tsx';
import { minuteText } from '../../i18n/times.ts';
import { useSavePerson } from './addresses.tsx';

const topics = ['outage', 'notice', 'arrears', 'return_visit', 'survey', 'morning_call', 'offers'];
const channels = ['call', 'sms', 'email', 'fax'] as const;
type Channel = OwnerChoice['channels'][number];

/** What the person wants to hear of, in which ways (the preferred one first) and hours. */
export function Choices({ person }: { person: OwnerDetail }) {
  const others = person.choices.map((one) => one.topic).filter((one) => !topics.includes(one));
  return (
    <ul className="plain rows">
      {[...topics, ...others].map((topic) => (
        <li key={topic}>
          <Choice
            personId={person.id}
            topic={topic}
            choice={person.choices.find((one) => one.topic === topic)}
          />
        </li>
      ))}
    </ul>
  );
}

interface ChoiceProps {
  personId: string;
  topic: string;
  choice: OwnerChoice | undefined;
}

function Choice(props: ChoiceProps) {
  const t = useText();
  const [isEditing, setEditing] = useState(false);
  const { topic, choice } = props;
  const name = textOf(t, 'topic', topic);
  if (isEditing) return <ChoiceEditor {...props} onDone={() => setEditing(false)} />;
  const ways = choice?.channels.map((one) => t(`channel.${one}`)).join(' › ') ?? '';
  const hours = choice?.hours;
  return (
    <>
      <span className="grow">{name}</span>
      <span className={choice === undefined ? 'quiet' : ''}>
        {choice === undefined
          ? t('choice.usual')
          : !choice.isWanted
            ? t('choice.unwanted')
            : ways === ''
              ? t('choice.noWay')
              : ways}
        {choice?.isWanted === true && hours != null && (
          <span className="quiet figures">
            {' '}
            {minuteText(hours.fromMinute)}–{minuteText(hours.toMinute)}
          </span>
        )}
      </span>
      <Button
        size="small"
        type="text"
        icon={<EditOutlined />}
        aria-label={t('choice.edit', { topic: name })}
        onClick={() => setEditing(true)}
      />
    </>
  );
}

const hourOptions = Array.from({ length: 25 }, (_, hour) => ({
  value: hour * 60,
  label: minuteText(hour * 60),
}));

function ChoiceEditor({ personId, topic, choice, onDone }: ChoiceProps & { onDone: () => void }) {
  const t = useText();
  const { act, isBusy } = useAct();
  const { reload } = useSavePerson(personId);
  const [isWanted, setWanted] = useState(choice?.isWanted ?? true);
  const [ways, setWays] = useState<Channel[]>(choice?.channels ?? ['call', 'sms']);
  const [from, setFrom] = useState(choice?.hours?.fromMinute);
  const [to, setTo] = useState(choice?.hours?.toMinute);
  const path = `/owners/${personId}/choices/${topic}`;
  const hours = from === undefined || to === undefined ? null : { fromMinute: from, toMinute: to };
  const run = async (work: () => Promise<unknown>) => {
    const isDone = await act(async () => {
      await work();
      await reload();
    }, t('form.saved'));
    if (isDone) onDone();
  };
  const name = textOf(t, 'topic', topic);
  return (
    <div className="stack grow">
      <label className="row">
        <span className="grow strong">{name}</span>
        <Switch checked={isWanted} onChange={setWanted} aria-label={t('choice.wanted')} />
      </label>
      {isWanted && (
        <>
          <Select<Channel[]>
            mode="multiple"
            className="full"
            value={ways}
            onChange={setWays}
            aria-label={t('choice.ways')}
            placeholder={t('choice.ways')}
            options={channels.map((value) => ({ value, label: t(`channel.${value}`) }))}
          />
          <span className="quiet">{t('choice.order')}</span>
          <Space>
            <Select
              allowClear
              className="hour"
              value={from}
              onChange={setFrom}
              aria-label={t('choice.from')}
              placeholder={t('choice.from')}
              options={hourOptions}
            />
            <Select
              allowClear
              className="hour"
              value={to}
              onChange={setTo}
              aria-label={t('choice.to')}
              placeholder={t('choice.to')}
              options={hourOptions}
            />
          </Space>
        </>
      )}
      <Space wrap>
        <Button
          type="primary"
          size="small"
          loading={isBusy}
          onClick={() => void run(() => api.put(path, { isWanted, channels: ways, hours }))}
        >
          {t('form.save')}
        </Button>
        <Button size="small" onClick={onDone}>
          {t('form.cancel')}
        </Button>
        {choice !== undefined && (
          <Button size="small" type="text" onClick={() => void run(() => api.delete(path))}>
            {t('choice.reset')}
          </Button>
        )}
      </Space>
    </div>
  );
}
