import type { ButtonHTMLAttributes, ReactNode } from 'react';
import './button.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `main`: the next step, one a page. `bare`: without a border. */
  look?: 'main' | 'plain' | 'bare';
  icon?: ReactNode;
  isLarge?: boolean;
  /** Something that it began is not done yet; pressing it again does nothing. */
  isBusy?: boolean;
}

/** A button of the browser in our look, where antd's would be its weight. */
export function Button({
  look = 'plain',
  icon,
  isLarge = false,
  isBusy = false,
  className = '',
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`button button-${look}${isLarge ? ' button-large' : ''} ${className}`}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy || undefined}
    >
      {isBusy ? <span className="button-wheel" /> : icon}
      {children}
    </button>
  );
}
