import { Failure, Loading } from './pieces.tsx';
import { Go } from './go.tsx';
import { Shell } from './shell.tsx';
import { useSession } from '../session/session.tsx';
import { PhoneProvider } from '../softphone/use-phone.tsx';

/** Pages that need a log-in: the way back after it is kept. */
export function Private() {
  const { staff, error, retry } = useSession();
  if (staff === undefined) {
    return error === null ? <Loading rows={8} /> : <Failure error={error} onRetry={retry} />;
  }
  if (staff === null) return <Go to="/login" />;
  return (
    <PhoneProvider>
      <Shell />
    </PhoneProvider>
  );
}
