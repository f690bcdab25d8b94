import { Drawer as Base } from 'antd';
import type { ReactNode } from 'react';
import './drawer.css';

/** Opens beside a list: what one row is, or a form for it. What can be done stands below, the main thing last. */
export function Drawer({
  title,
  onClose,
  actions,
  children,
}: {
  title: ReactNode;
  onClose: () => void;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Base
      open
      onClose={onClose}
      size={640}
      title={title}
      footer={actions === undefined ? null : <div className="drawer-actions">{actions}</div>}
    >
      {children}
    </Base>
  );
}
