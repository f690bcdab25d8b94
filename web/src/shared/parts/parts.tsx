import { Link } from '@tanstack/react-router';

interface Part {
  key: string;
  label: string;
}

/** Parts of a page. They scroll sideways where the screen is narrow; the one that is seen is always in view. */
export function PartLinks({
  label,
  to,
  here,
  parts,
}: {
  label: string;
  to: '/admin/$part' | '/reports/$part';
  here: string;
  parts: readonly Part[];
}) {
  return (
    <nav className="parts" aria-label={label}>
      {parts.map((part) => (
        <Link
          key={part.key}
          to={to}
          params={{ part: part.key }}
          ref={part.key === here ? intoView : null}
          className={`part${part.key === here ? ' here' : ''}`}
          {...(part.key === here ? { 'aria-current': 'page' as const } : {})}
        >
          {part.label}
        </Link>
      ))}
    </nav>
  );
}

/** The same for parts without an address of their own. */
export function PartTabs({
  label,
  here,
  parts,
  onPick,
}: {
  label: string;
  here: string;
  parts: readonly Part[];
  onPick: (key: string) => void;
}) {
  return (
    <nav className="parts" aria-label={label}>
      {parts.map((part) => (
        <button
          key={part.key}
          type="button"
          className={`part${part.key === here ? ' here' : ''}`}
          aria-current={part.key === here}
          onClick={() => onPick(part.key)}
        >
          {part.label}
        </button>
      ))}
    </nav>
  );
}

function intoView(element: HTMLElement | null): void {
  const bar = element?.parentElement;
  if (element === null || !bar) return;
  const beyond = element.offsetLeft + element.offsetWidth - bar.offsetLeft - bar.clientWidth;
  if (beyond > bar.scrollLeft) bar.scrollLeft = beyond;
}
