import { useState } from 'react';
import { Problem } from '../../../api/client.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { Button } from '../../../shared/parts/button.tsx';
import { onlyDigits } from '../../../shared/i18n/code.ts';
import { Field, PasswordField } from '../../../shared/parts/field.tsx';
import { Go } from '../../../shared/parts/go.tsx';
import { WarningIcon } from '../../../shared/parts/icons.tsx';
import { LanguageSwitch } from '../../../shared/parts/language-switch.tsx';
import { problemText } from '../../../shared/i18n/problem-text.ts';
import { useSession } from '../../../shared/session/session.tsx';
import './login.css';

/** The first page that anybody sees; it does without antd, so that it is here at once. */
export function LoginPage() {
  const t = useText();
  const { logIn, staff } = useSession();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [needsCode, setNeedsCode] = useState(false);
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async () => {
    setTried(true);
    if (username === '' || password === '') return;
    setBusy(true);
    setError(undefined);
    try {
      await logIn({ username, password, ...(code === '' ? {} : { code }) });
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
  const missing = (value: string, words: 'login.usernameMissing' | 'login.passwordMissing') =>
    isTried && value === '' ? t(words) : undefined;
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
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <Field
            id="username"
            label={t('login.username')}
            value={username}
            onChange={setUsername}
            fault={missing(username, 'login.usernameMissing')}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
          />
          <PasswordField
            id="password"
            label={t('login.password')}
            showLabel={t('login.showPassword')}
            value={password}
            onChange={setPassword}
            fault={missing(password, 'login.passwordMissing')}
            autoComplete="current-password"
          />
          {needsCode && (
            <Field
              id="code"
              label={t('login.code')}
              className="code-input figures"
              value={code}
              onChange={(text) => setCode(onlyDigits(text))}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={6}
              autoFocus
            />
          )}
          {error !== undefined && (
            <p className="login-fault tone-alarm" role="alert">
              <WarningIcon /> {problemText(t, error)}
            </p>
          )}
          <Button look="main" type="submit" isLarge isBusy={isBusy} className="full">
            {t('login.submit')}
          </Button>
        </form>
        <p className="quiet small login-hint">{t('login.hint')}</p>
        <div className="login-foot">
          <a href="/phone">{t('login.ownerPhone')}</a>
          <LanguageSwitch />
        </div>
      </section>
    </main>
  );
}
