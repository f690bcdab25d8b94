import { useCallback } from 'react';
import { useEstates } from '../../api/codes.ts';
import { useLanguage } from '../../shared/i18n/language.tsx';

export function useEstateName(): (id: string | null | undefined) => string {
  const { language } = useLanguage();
  const { data } = useEstates();
  return useCallback(
    (id) => {
      const estate = data?.find((one) => one.id === id);
      return estate === undefined ? '' : language === 'en' ? estate.nameEn : estate.name;
    },
    [data, language],
  );
}
