import { App } from 'antd';
import { useCallback, useState } from 'react';
import { useText } from '../i18n/language.tsx';
import { isAlreadySo } from '../../api/already.ts';
import { alreadyText, problemText } from '../i18n/problem-text.ts';

export type Act = (work: () => Promise<unknown>, done?: string) => Promise<boolean>;

/** Does something that may fail, and says so when it does. True when it worked, or was so already. */
export function useAct(): { act: Act; isBusy: boolean } {
  const { message } = App.useApp();
  const t = useText();
  const [running, setRunning] = useState(0);
  const act = useCallback<Act>(
    async (work, done) => {
      setRunning((n) => n + 1);
      try {
        await work();
        if (done !== undefined) void message.success(done);
        return true;
      } catch (error) {
        if (isAlreadySo(error)) {
          void message.info(alreadyText(t, error));
          return true;
        }
        void message.error(problemText(t, error), 6);
        return false;
      } finally {
        setRunning((n) => n - 1);
      }
    },
    [message, t],
  );
  return { act, isBusy: running > 0 };
}
