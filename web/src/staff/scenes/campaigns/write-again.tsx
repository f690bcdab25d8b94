import { SendOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { api, Problem } from '../../../api/client.ts';
import { problemText } from '../../../shared/i18n/problem-text.ts';
import { textAt } from '../../../shared/i18n/i18n.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { exact } from '../../../shared/i18n/times.ts';
import type { Contact } from './campaign.types.ts';

/** Writing to somebody once more; the service says why not, where a rule is against it. */
export function WriteAgain({ campaignId, contact }: { campaignId: string; contact: Contact }) {
  const t = useText();
  const cache = useQueryClient();
  const { message } = App.useApp();
  const [isBusy, setBusy] = useState(false);
  const write = async () => {
    setBusy(true);
    try {
      const params = { id: campaignId, contactId: contact.id };
      const made = await api.post('/campaigns/:id/contacts/:contactId/write-again', { params });
      const from = new Date(made.from);
      const isSoon = from.getTime() - Date.now() < 60_000;
      void message.success(
        isSoon ? t('messages.againDone') : t('messages.againFrom', { time: exact(from) }),
      );
      await cache.invalidateQueries({ queryKey: ['campaign-contacts'] });
    } catch (error) {
      void message.error(refusalText(t, error), 6);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Popconfirm
      title={t('messages.againAsk', { name: contact.name })}
      description={<div className="narrow">{t('messages.againWhy')}</div>}
      okText={t('messages.again')}
      cancelText={t('form.cancel')}
      onConfirm={() => void write()}
    >
      <Button size="small" icon={<SendOutlined />} loading={isBusy}>
        {t('messages.again')}
      </Button>
    </Popconfirm>
  );
}

function refusalText(t: ReturnType<typeof useText>, error: unknown): string {
  const why = error instanceof Problem ? error.details['why'] : undefined;
  const code = String(why);
  return textAt(t, `refusal.${code}`) ?? textAt(t, `notAgain.${code}`) ?? problemText(t, error);
}

/** Whether the button is of use: calls are over, and nothing is under way or has arrived. */
export function mayWriteAgain({ state, fallback, messages }: Contact): boolean {
  const isOpen = messages.some((one) => ['queued', 'sending', 'delivered'].includes(one.state));
  return (state === 'unreached' || messages.length > 0) && fallback !== 'queued' && !isOpen;
}
