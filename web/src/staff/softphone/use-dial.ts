import { useCallback } from 'react';
import { useAct } from '../../shared/parts/use-act.ts';
import { deskActions } from '../scenes/desk/desk-actions.ts';
import { usePhone } from './use-phone.tsx';

type Request = Parameters<typeof deskActions.dial>[0];

/** Rings a number: our own telephone is called first and picks up by itself. */
export function useDial(): (request: Request) => void {
  const { expectCall, expectNothing } = usePhone();
  const { act } = useAct();
  return useCallback(
    (request: Request) => {
      expectCall();
      void act(() => deskActions.dial(request)).then((worked) => {
        if (!worked) expectNothing();
      });
    },
    [expectCall, expectNothing, act],
  );
}
