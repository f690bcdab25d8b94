import { LockOutlined, UserOutlined } from '@ant-design/icons';
import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { CodeInput } from '../../../shared/parts/code-input.tsx';
import { Go } from '../../../shared/parts/go.tsx';
import { problemText } from '../../../shared/parts/problem-text.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { LanguageSwitch } from '../../../shared/parts/language-switch.tsx';
import { Problem } from '../../../api/client.ts';
import { useSession } from '../../../shared/session/session.tsx';

interface Fields {
  username: string;
  password: string;
  code?: string;
}

export function LoginPage() {
  const t = useText();
  const { logIn, staff } = useSession();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const [needsCode, setNeedsCode] = useState(false);
  const submit = async (fields: Fields) => {
    setBusy(true);
    setError(undefined);
    try {
      await logIn(fields);
    } catch (problem) {
      if (problem instanceof Problem && problem.code === 'session.code_required') {
        setNeedsCode(true);
      }
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  if (staff) return <Go to="/" />;
  return (
    <main className="login">
      <section className="login-card">
        <div className="login-head">
          <img src="/favicon.svg" alt="" width={40} height={40} />
          <div>
            <h1>{t('app.name')}</h1>
            <p className="quiet">{t('app.tagline')}</p>
          </div>
        </div>
        <Form layout="vertical" onFinish={submit} requiredMark={false} size="large">
          <Form.Item
            name="username"
            label={t('login.username')}
            rules={[{ required: true, message: t('login.usernameMissing') }]}
          >
            <Input prefix={<UserOutlined />} autoComplete="username" autoFocus />
          </Form.Item>
          <Form.Item
            name="password"
            label={t('login.password')}
            rules={[{ required: true, message: t('login.passwordMissing') }]}
          >
            <Input.Password prefix={<LockOutlined />} autoComplete="current-password" />
          </Form.Item>
          {needsCode && (
            <Form.Item name="code" label={t('login.code')}>
              <CodeInput autoFocus />
            </Form.Item>
          )}
          {error !== undefined && (
            <Alert type="error" showIcon title={problemText(t, error)} className="gap-below" />
          )}
          <Button type="primary" htmlType="submit" block loading={isBusy}>
            {t('login.submit')}
          </Button>
        </Form>
        <p className="quiet small login-hint">{t('login.hint')}</p>
        <div className="login-foot">
          <a href="/phone">{t('login.ownerPhone')}</a>
          <LanguageSwitch />
        </div>
      </section>
    </main>
  );
}
