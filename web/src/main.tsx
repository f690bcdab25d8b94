import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ignoreComposingKeys } from './browser/composing.ts';
import { router } from './router.tsx';
import './styles.css';

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
