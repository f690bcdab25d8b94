import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ignoreComposingKeys } from './shared/browser/composing.ts';
import { router } from './router.tsx';
import './shared/look/styles.css';

// Before anything else listens.
ignoreComposingKeys(window);

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <RouterProvider router={router} />
    </StrictMode>,
  );
}
