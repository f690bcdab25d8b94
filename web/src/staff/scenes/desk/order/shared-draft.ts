import { useCallback, useEffect, useRef, useState } from 'react';
import type { OrderDraft } from '../../../../../../src/contract/agents/agents.ts';
import { deskActions } from '../desk-actions.ts';

const saveAfterMs = 700;
/** Drafts of this page that are not with the service yet, by call. */
const unsaved = new Map<string, () => Promise<void>>();

/** What was typed goes along when the customer does. */
export async function saveDraftNow(callId: string): Promise<void> {
  await unsaved.get(callId)?.();
}

/** Our own typing at once, a colleague's when it comes; saved shortly after the last key, or when it must be. */
export function useSharedDraft(callId: string, shared: OrderDraft) {
  const [own, setOwn] = useState(shared);
  const [isSaved, setSaved] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const sharedText = JSON.stringify(shared);
  const isDirty = useRef(false);
  useEffect(() => {
    if (!isDirty.current) setOwn(JSON.parse(sharedText) as OrderDraft);
  }, [sharedText, callId]);
  // Whoever leaves the page, or hands the customer over, has typed it none the less.
  useEffect(() => {
    const flush = (): void => void saveDraftNow(callId);
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, [callId]);
  const save = useCallback(
    (next: OrderDraft, afterMs = saveAfterMs) => {
      isDirty.current = true;
      setOwn(next);
      setSaved(false);
      clearTimeout(timer.current);
      const write = async (): Promise<void> => {
        clearTimeout(timer.current);
        if (unsaved.get(callId) === write) unsaved.delete(callId);
        try {
          await deskActions.saveDraft(callId, next);
          setSaved(true);
        } catch (error) {
          // It is shown as not saved; the next key tries again.
          console.warn('a draft was not saved', error);
        } finally {
          isDirty.current = unsaved.has(callId);
        }
      };
      unsaved.set(callId, write);
      timer.current = setTimeout(() => void write(), afterMs);
    },
    [callId],
  );
  return {
    own,
    isSaved,
    change: (part: Partial<OrderDraft>) => save({ ...own, ...part }),
    /** At once: a page that is loaded anew must not find what was made already. */
    reset: () => save({}, 0),
  };
}
