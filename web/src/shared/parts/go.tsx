import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';

type Place = '/' | '/login' | '/desk' | '/wall' | '/orders' | '/admin/staff' | '/admin/queues';

/** Goes elsewhere once. The router's own `Navigate` goes again whenever it is drawn again. */
export function Go({ to }: { to: Place }) {
  const navigate = useNavigate();
  useEffect(() => {
    void navigate({ to: to as '/', replace: true });
  }, [navigate, to]);
  return null;
}
