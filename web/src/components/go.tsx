import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';

/** Goes elsewhere once. The router's own `Navigate` goes again whenever it is drawn again. */
export function Go({ to }: { to: '/' | '/login' | '/desk' | '/wall' | '/admin/staff' }) {
  const navigate = useNavigate();
  useEffect(() => {
    void navigate({ to: to as '/', replace: true });
  }, [navigate, to]);
  return null;
}
