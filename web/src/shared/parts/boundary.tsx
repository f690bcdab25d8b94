import { Component, type ReactNode } from 'react';
import { useText } from '../i18n/language.tsx';
import { Button } from './button.tsx';

interface BoundaryProps {
  children: ReactNode;
  /** In the place of what failed; a small word with a button when left out. */
  fallback?: ReactNode;
  /** Another value tries anew: the page, the call. */
  about?: string;
}

interface BoundaryState {
  about: string | undefined;
  hasFailed: boolean;
}

/** A part of the screen that may fail alone: the telephone's bar and an offer stay, whatever it is. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { about: undefined, hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  static getDerivedStateFromProps({ about }: BoundaryProps, state: BoundaryState): BoundaryState {
    return { about, hasFailed: state.about === about && state.hasFailed };
  }

  override componentDidCatch(error: unknown): void {
    console.error('a part of the page has failed', error);
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      this.props.fallback ?? <PartFailed onRetry={() => this.setState({ hasFailed: false })} />
    );
  }
}

function PartFailed({ onRetry }: { onRetry: () => void }) {
  const t = useText();
  return (
    <div className="empty" role="alert">
      <div className="quiet">{t('state.partFailed')}</div>
      <Button onClick={onRetry}>{t('state.retry')}</Button>
    </div>
  );
}
