import type { SelectHTMLAttributes } from 'react';
import './field.css';

interface ChooseProps<Value extends string> extends Omit<
  SelectHTMLAttributes<HTMLSelectElement>,
  'value' | 'onChange'
> {
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

/** One of a few: the browser's own list, which every keyboard, screen reader and telephone knows. */
export function Choose<Value extends string>({
  value,
  options,
  onChange,
  className = '',
  ...rest
}: ChooseProps<Value>) {
  return (
    <select
      {...rest}
      className={`choose ${className}`}
      value={value}
      onChange={(event) => {
        const chosen = options.find((one) => one.value === event.target.value);
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      {options.map((one) => (
        <option key={one.value} value={one.value}>
          {one.label}
        </option>
      ))}
    </select>
  );
}
