import { useId, useState, type InputHTMLAttributes, type ReactNode } from 'react';
import { EyeIcon } from './icons.tsx';
import './field.css';

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** What is wrong with it; read out with the field. */
  fault?: string | undefined;
  end?: ReactNode;
}

/** One line to write in: its label above, its fault below. */
export function Field({ label, value, onChange, fault, end, id, ...rest }: FieldProps) {
  const own = useId();
  const at = id ?? own;
  return (
    <div className="field">
      <label htmlFor={at}>{label}</label>
      <div className={`field-line${fault === undefined ? '' : ' is-faulty'}`}>
        <input
          {...rest}
          id={at}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-invalid={fault !== undefined}
          {...(fault === undefined ? {} : { 'aria-describedby': `${at}-fault` })}
        />
        {end}
      </div>
      {fault !== undefined && (
        <div className="field-fault" id={`${at}-fault`}>
          {fault}
        </div>
      )}
    </div>
  );
}

/** A password, hidden until one wants to see it. */
export function PasswordField({ showLabel, ...rest }: FieldProps & { showLabel: string }) {
  const [isShown, setShown] = useState(false);
  return (
    <Field
      {...rest}
      type={isShown ? 'text' : 'password'}
      end={
        <button
          type="button"
          className="icon-button"
          aria-label={showLabel}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
        >
          <EyeIcon isOpen={isShown} />
        </button>
      }
    />
  );
}
