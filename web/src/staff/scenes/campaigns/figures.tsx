import type { ReactNode } from 'react';

/** A row of figures with their names. */
export function Figures({ items }: { items: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="campaign-figures">
      {items.map(([name, value]) => (
        <div key={name}>
          <dt className="quiet">{name}</dt>
          <dd className="figures strong">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Shares of one whole, told by length and number. */
export function Bars({ items }: { items: readonly { name: string; count: number }[] }) {
  const most = Math.max(1, ...items.map((one) => one.count));
  return (
    <ul className="campaign-bars">
      {items.map(({ name, count }) => (
        <li key={name}>
          <span className="campaign-bar-name">{name}</span>
          <span className="campaign-bar">
            <i style={{ width: `${(100 * count) / most}%` }} />
          </span>
          <span className="figures">{count}</span>
        </li>
      ))}
    </ul>
  );
}
