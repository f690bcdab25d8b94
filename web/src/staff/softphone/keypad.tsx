import { useState } from 'react';
import './softphone.css';

const keys = [
  ...[
    ['1', ''],
    ['2', 'ABC'],
    ['3', 'DEF'],
    ['4', 'GHI'],
    ['5', 'JKL'],
    ['6', 'MNO'],
    ['7', 'PQRS'],
    ['8', 'TUV'],
    ['9', 'WXYZ'],
    ['*', ''],
    ['0', '+'],
    ['#', ''],
  ],
] as const;

/** Twelve keys; those of the keyboard work too while it has the focus. */
export function KeypadPanel({
  onKey,
  isLarge = false,
  disabled = false,
}: {
  onKey: (key: string) => void;
  isLarge?: boolean;
  disabled?: boolean;
}) {
  const [pressed, setPressed] = useState('');
  const press = (key: string) => {
    setPressed((before) => (before + key).slice(-16));
    onKey(key);
  };
  return (
    <div
      className={`keypad${isLarge ? ' large' : ''}`}
      onKeyDown={(event) => {
        if (!disabled && /^[\d*#]$/.test(event.key)) press(event.key);
      }}
    >
      <output className="keypad-keys figures">{pressed}</output>
      {keys.map(([key, letters]) => (
        <button key={key} type="button" disabled={disabled} onClick={() => press(key)}>
          <span className="figures">{key}</span>
          <small>{letters}</small>
        </button>
      ))}
    </div>
  );
}
