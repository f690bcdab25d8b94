import { Failure, Loading } from '../../shared/parts/pieces.tsx';
import { Go } from '../../shared/parts/go.tsx';
import { Frame } from './frame.tsx';
import { Shell } from './shell.tsx';
import { useSession } from '../../shared/session/session.tsx';
import { PhoneProvider } from '../softphone/use-phone.tsx';

/** Pages that need a log-in: the way back after it is kept. */
export function Private() {
  const { staff, error, retry } = useSession();
  if (staff === undefined) {
    return error === null ? <Loading rows={8} /> : <Failure error={error} onRetry={retry} />;
  }
  if (staff === null) return <Go to="/login" />;
  return (
    <Frame>
      <PhoneProvider>
        <Shell />
      </PhoneProvider>
    </Frame>
  );
}
