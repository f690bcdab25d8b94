import { Button, Form, Input, Modal, QRCode } from 'antd';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { useText } from '../../shared/i18n/language.tsx';
import { CodeInput } from '../parts/code-input.tsx';
import { useAct } from '../../shared/parts/use-act.ts';

/** One's own password and second factor. */
export function AccountDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useText();
  return (
    <Modal
      open={isOpen}
      onCancel={onClose}
      footer={null}
      title={t('account.title')}
      destroyOnHidden
    >
      <h3>{t('account.password')}</h3>
      <PasswordForm onDone={onClose} />
      <h3>{t('account.secondFactor')}</h3>
      <p className="quiet">{t('account.secondFactorHelp')}</p>
      <SecondFactorForm onDone={onClose} />
    </Modal>
  );
}

function PasswordForm({ onDone }: { onDone: () => void }) {
  const t = useText();
  const { act, isBusy } = useAct();
  const save = (fields: { current: string; next: string }) =>
    void act(() => api.put('/me/password', { body: fields }), t('form.saved')).then(
      (worked) => worked && onDone(),
    );
  return (
    <Form layout="vertical" onFinish={save} requiredMark={false}>
      <Form.Item
        name="current"
        label={t('account.current')}
        rules={[{ required: true, message: t('form.required') }]}
      >
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Form.Item
        name="next"
        label={t('account.next')}
        rules={[{ required: true, min: 10, message: t('staff.passwordRule') }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Button htmlType="submit" loading={isBusy}>
        {t('account.change')}
      </Button>
    </Form>
  );
}

interface Secret {
  secret: string;
  uri: string;
}

/** Shows a secret for the authenticator app, and switches it on once a code of it is right. */
function SecondFactorForm({ onDone }: { onDone: () => void }) {
  const t = useText();
  const { act, isBusy } = useAct();
  const [made, setMade] = useState<Secret>();
  const [password, setPassword] = useState('');
  const [oldCode, setOldCode] = useState('');
  const [newCode, setNewCode] = useState('');
  // Whoever has an app already shows a code of it.
  const shown = { password, ...(oldCode === '' ? {} : { code: oldCode }) };
  const begin = () =>
    void act(async () => setMade(await api.post('/me/second-factor', { body: shown })));
  const confirm = (code: string) => {
    setNewCode(code);
    if (code.length < 6) return;
    void act(
      () => api.put('/me/second-factor', { body: { code } }),
      t('account.secondFactorOn'),
    ).then((worked) => (worked ? onDone() : setNewCode('')));
  };
  if (made === undefined) {
    return (
      <div className="row">
        <Input.Password
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          placeholder={t('account.current')}
          aria-label={t('account.current')}
          autoComplete="current-password"
        />
        <CodeInput
          value={oldCode}
          onChange={setOldCode}
          placeholder={t('account.oldCode')}
          aria-label={t('account.oldCode')}
        />
        <Button onClick={begin} disabled={password === ''} loading={isBusy}>
          {t('account.secondFactorBegin')}
        </Button>
      </div>
    );
  }
  return (
    <div className="stack">
      <QRCode value={made.uri} type="svg" aria-label={t('account.qrCode')} />
      <code>{made.secret}</code>
      <label htmlFor="new-code">{t('account.enterCode')}</label>
      <CodeInput id="new-code" value={newCode} onChange={confirm} />
    </div>
  );
}
