import {
  cloneElement,
  useId,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from 'react';
import './menu.css';

export interface MenuItem {
  key: string;
  label: ReactNode;
  icon?: ReactNode;
  isDisabled?: boolean;
  isDanger?: boolean;
  /** A line above it. */
  isApart?: boolean;
  /** Of something that is on or off; the list stays open when it is changed. */
  isChecked?: boolean;
  /** Words only when there is nothing to do. */
  onPick?: () => void;
}

interface TriggerProps {
  popoverTarget: string;
  'aria-haspopup': 'menu';
  'aria-expanded': boolean;
}

/** A list of things to do below a button: opened by it, walked by the arrow keys, closed by Escape. */
export function Menu({
  items,
  trigger,
}: {
  items: readonly MenuItem[];
  /** A `button`. */
  trigger: ReactElement<Partial<TriggerProps>>;
}) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [place, setPlace] = useState<CSSProperties>({});
  const opener = () => document.querySelector(`[popovertarget="${id}"]`);
  return (
    <>
      {cloneElement(trigger, {
        popoverTarget: id,
        'aria-haspopup': 'menu',
        'aria-expanded': isOpen,
      })}
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        className="menu"
        style={place}
        onBeforeToggle={({ newState }) => {
          const at = opener()?.getBoundingClientRect();
          if (newState === 'open' && at !== undefined) setPlace(beside(at));
        }}
        onToggle={({ newState }) => {
          setOpen(newState === 'open');
          if (newState === 'open') itemsOf(list.current)[0]?.focus();
        }}
        onKeyDown={walk}
      >
        {isOpen &&
          items.map((item) => (
            <button
              key={item.key}
              type="button"
              {...(item.isChecked === undefined
                ? { role: 'menuitem' }
                : { role: 'menuitemcheckbox', 'aria-checked': item.isChecked })}
              tabIndex={-1}
              className={`menu-item${item.isDanger === true ? ' is-danger' : ''}${item.isApart === true ? ' is-apart' : ''}`}
              disabled={item.isDisabled === true || item.onPick === undefined}
              onClick={() => {
                if (item.isChecked === undefined) list.current?.hidePopover();
                item.onPick?.();
              }}
            >
              {item.isChecked !== undefined && <span className="menu-check" aria-hidden="true" />}
              {item.icon}
              {item.label}
            </button>
          ))}
      </div>
    </>
  );
}

/** Below its button, or above it where the screen ends; from the side that has more room. */
function beside(at: DOMRect): CSSProperties {
  const isRight = at.left + at.right > window.innerWidth;
  const isBelow = at.bottom < window.innerHeight * 0.6;
  return {
    ...(isRight ? { right: window.innerWidth - at.right } : { left: at.left }),
    ...(isBelow ? { top: at.bottom + 4 } : { bottom: window.innerHeight - at.top + 4 }),
  };
}

function itemsOf(list: HTMLElement | null): HTMLButtonElement[] {
  return [...(list?.querySelectorAll<HTMLButtonElement>('button:enabled') ?? [])];
}

function walk(event: KeyboardEvent<HTMLDivElement>): void {
  const all = itemsOf(event.currentTarget);
  const at = all.findIndex((one) => one === document.activeElement);
  const to =
    event.key === 'ArrowDown'
      ? at + 1
      : event.key === 'ArrowUp'
        ? at - 1
        : event.key === 'Home'
          ? 0
          : event.key === 'End'
            ? -1
            : undefined;
  if (to === undefined || all.length === 0) return;
  event.preventDefault();
  all.at(to % all.length)?.focus();
}
