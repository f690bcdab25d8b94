import './shared/look/base.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ignoreComposingKeys } from './shared/browser/composing.ts';
import { chosenLanguage } from './shared/i18n/language.tsx';
import { need, speak } from './shared/i18n/loaded.ts';
import { sharedTexts } from './shared/i18n/texts.ts';
import { applyTheme } from './shared/look/theme.ts';
import { router } from './router.tsx';

// Before anything else listens.
ignoreComposingKeys(window);
applyTheme('light', document.documentElement);

const root = document.getElementById('root');
if (root !== null) {
  await Promise.all([speak(chosenLanguage()), need([sharedTexts])]);
  createRoot(root).render(
    <StrictMode>
      <RouterProvider router={router} />
    </StrictMode>,
  );
}
