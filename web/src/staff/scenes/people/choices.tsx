import { EditOutlined } from '@ant-design/icons';
import { Button, Select, Space, Switch } from 'antd';
import { useState } from 'react';
import type { OwnerChoice, OwnerDetail } from '../../../../../src/contract/property.ts';
import { isKnownTopic, rulesFor, topicRules } from '../../../../../src/contract/call-rules.ts';
import { orAlready } from '../../../api/already.ts';
import { api } from '../../../api/client.ts';
import { Ago } from '../../../shared/parts/times.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useStaffName } from '../../parts/use-staff-name.ts';
import { textOf } from '../../../shared/i18n/i18n.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { minuteText } from '../../../shared/i18n/times.ts';
import { useSavePerson } from './addresses.tsx';

/** All that calls and texts are about, whatever was chosen of it. */
const topics = Object.keys(topicRules);
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
      <div className="grow">
        {name}
        {choice !== undefined && <ChosenBy choice={choice} />}
      </div>
      <span className={choice === undefined ? 'quiet' : ''}>
        {choice === undefined
          ? t(asksFirst(topic) ? 'choice.asksFirst' : 'choice.usual')
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

/** Who wrote it down, from whom, and when. */
function ChosenBy({ choice: { evidence, changedAt } }: { choice: OwnerChoice }) {
  const t = useText();
  const staffName = useStaffName();
  const [kind = ''] = evidence.split(':');
  const known: Readonly<Record<string, string>> = {
    ...{ sms: t('choice.bySms'), call: t('choice.byCall'), campaign: t('choice.byCall') },
    staff: staffName(evidence) ?? t('choice.byStaff'),
  };
  const who = Object.hasOwn(known, kind) ? known[kind] : undefined;
  return (
    <div className="quiet small">
      {who !== undefined && <>{who} · </>}
      <Ago at={changedAt} />
    </div>
  );
}

/** Silence is a refusal. */
function asksFirst(topic: string): boolean {
  if (!isKnownTopic(topic)) return false;
  const [purpose] = topicRules[topic].purposes;
  return rulesFor({ purpose, topic }).consent === 'opt_in';
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
  const params = { id: personId, topic };
  const hours = from === undefined || to === undefined ? null : { fromMinute: from, toMinute: to };
  const run = async (work: () => Promise<unknown>) => {
    const isDone = await act(async () => {
      await orAlready(work());
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
          onClick={() =>
            void run(() =>
              api.put('/owners/:id/choices/:topic', {
                params,
                body: { isWanted, channels: ways, hours },
              }),
            )
          }
        >
          {t('form.save')}
        </Button>
        <Button size="small" onClick={onDone}>
          {t('form.cancel')}
        </Button>
        {choice !== undefined && (
          <Button
            size="small"
            type="text"
            onClick={() => void run(() => api.delete('/owners/:id/choices/:topic', { params }))}
          >
            {t('choice.reset')}
          </Button>
        )}
      </Space>
    </div>
  );
}
