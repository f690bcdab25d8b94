import { Input } from 'antd';
import { onlyDigits } from '../../shared/i18n/code.ts';

/** The six digits of an authenticator app, typed, pasted or filled in by the telephone. */
export function CodeInput({
  value = '',
  onChange,
  ...rest
}: {
  value?: string;
  onChange?: (code: string) => void;
  id?: string;
  'aria-label'?: string;
  autoFocus?: boolean;
  placeholder?: string;
}) {
  return (
    <Input
      {...rest}
      className="code-input figures"
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={6}
      value={value}
      onChange={(event) => onChange?.(onlyDigits(event.target.value))}
    />
  );
}
