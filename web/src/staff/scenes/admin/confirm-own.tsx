import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { Problem } from '../../../api/client.ts';
import { CodeInput } from '../../parts/code-input.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useText } from '../../../shared/i18n/language.tsx';

export interface Confirm {
  password: string;
  code?: string;
}

/** Something that may need one's own password; it is told it then. */
export type Guarded = (confirm: { confirm?: Confirm }) => Promise<void>;

/** Runs what the service may want confirmed with one's own password, and asks for that when it does. */
export function useConfirmOwn() {
  const [waiting, setWaiting] = useState<Guarded>();
  const run = async (work: Guarded) => {
    try {
      await work({});
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'staff.confirm_required') throw error;
      setWaiting(() => work);
      return false;
    }
    return true;
  };
  const dialog = <ConfirmDialog waiting={waiting} onClose={() => setWaiting(undefined)} />;
  return { run, dialog };
}

function ConfirmDialog({
  waiting,
  onClose,
}: {
  waiting: Guarded | undefined;
  onClose: () => void;
}) {
  const t = useText();
  const { act, isBusy } = useAct();
  const [form] = Form.useForm<Confirm>();
  const confirm = ({ password, code = '' }: Confirm) =>
    void act(async () => {
      await waiting?.({ confirm: { password, ...(code === '' ? {} : { code }) } });
      onClose();
    }, t('form.saved'));
  return (
    <Modal
      open={waiting !== undefined}
      title={t('staff.confirmOwn')}
      onCancel={onClose}
      onOk={() => form.submit()}
      okText={t('form.confirm')}
      cancelText={t('form.cancel')}
      okButtonProps={{ loading: isBusy }}
      destroyOnHidden
    >
      <p className="quiet">{t('staff.confirmOwnHelp')}</p>
      <Form<Confirm> form={form} layout="vertical" onFinish={confirm} preserve={false}>
        <Form.Item
          name="password"
          label={t('staff.ownPassword')}
          rules={[{ required: true, message: t('login.passwordMissing') }]}
        >
          <Input.Password autoComplete="current-password" autoFocus />
        </Form.Item>
        <Form.Item name="code" label={t('account.oldCode')}>
          <CodeInput />
        </Form.Item>
      </Form>
    </Modal>
  );
}
